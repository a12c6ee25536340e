// `taylordash db migrate`: brings the database to the schema of this release without starting the server.
import { type Command, readArguments } from '../command.ts';
import { runServerProgram } from '../server-program.ts';

export const dbMigrate: Command = {
  words: ['db', 'migrate'],
  takes: '',
  summary: 'Bring the database to this release (a start does so by itself)',
  help: 'Reads the same settings as npm start: DATA_DIR or DATABASE_URL.',
  async run(args) {
    readArguments(args, {});
    await runServerProgram('migrate');
  },
};
