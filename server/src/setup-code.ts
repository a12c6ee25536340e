// Makes a new set-up code beside a running server.
import { openDatabase } from './db/database.ts';
import { newSetupCode } from './features/identity/setup-service.ts';
import type { Log } from './kernel/log.ts';

export async function printSetupCode(url: string, port: number, log: Log): Promise<void> {
  const database = await openDatabase({ url, log, pool_size: 2, wait_seconds: 5 });
  try {
    const code = await newSetupCode(database.auth);
    process.stdout.write(
      code
        ? `Open http://localhost:${port}/setup and enter ${code.code} (once, for 30 minutes).\n`
        : 'TaylorDash is set up already: sign in.\n',
    );
  } finally {
    await database.close();
  }
}
