// `taylordash setup`: a new set-up code from the server program, on the machine that it runs on.
import { type Command, readArguments } from '../command.ts';
import { runServerProgram } from '../server-program.ts';

export const setup: Command = {
  words: ['setup'],
  takes: '',
  summary: 'Print a new set-up code (on the machine that TaylorDash runs on)',
  help: 'Reads the same settings as npm start: DATA_DIR or DATABASE_URL, PORT.',
  async run(args) {
    readArguments(args, {});
    await runServerProgram('setup');
  },
};
