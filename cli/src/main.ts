// The command line as a program: the arguments, streams and exit code of this process.
import { runCommandLine } from './run.ts';

// Whoever reads us has enough (`… | head`).
process.stdout.on('error', () => process.exit(0));
process.exitCode = await runCommandLine(process.argv.slice(2), process);
