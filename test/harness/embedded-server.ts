// A process that holds an embedded database, for tests that kill it. Says one JSON line when it is ready or refused.
import { startEmbedded } from '../../server/src/db/embedded.ts';

const [dataDir = ''] = process.argv.slice(2);
const log = { info: () => undefined, warn: () => undefined };
try {
  const embedded = await startEmbedded({ data_dir: dataDir, log });
  console.log(JSON.stringify({ url: embedded.url, adopted: embedded.adopted, pids: await embedded.pids() }));
  process.once('SIGTERM', async () => {
    await embedded.stop();
    process.exit(0);
  });
  setInterval(() => undefined, 60_000);
} catch (error) {
  console.log(JSON.stringify({ refused: error instanceof Error ? error.message : String(error) }));
}
