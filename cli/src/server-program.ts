// Runs the server program of this checkout for commands that need its settings and its database.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Refused } from './refused.ts';

const root = join(import.meta.dirname, '..', '..');

export async function runServerProgram(command: 'setup' | 'migrate'): Promise<void> {
  const program = join(root, 'server', 'src', 'main.ts');
  if (!existsSync(program)) {
    throw new Refused(
      'The server is not beside this command line.',
      'Run it in the folder that TaylorDash is started from.',
    );
  }
  // npm start runs in the root, so an unset DATA_DIR means the folder there; one that is set is meant from here.
  const cwd = process.env.DATA_DIR ? process.cwd() : root;
  const child = spawn(process.execPath, [program, command], { cwd, stdio: 'inherit' });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code));
  });
  if (status !== 0) throw new Refused('The server program could not do it.');
}
