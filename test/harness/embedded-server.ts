// A process that holds an embedded database, for tests that kill it. Says one JSON line when it is ready or refused.
import { startEmbedded } from '../../server/src/db/embedded.ts';

const [dataDir = ''] = process.argv.slice(2);
const log = { info: () => undefined, warn: () => undefined };
// Nobody reads any more where the test was killed: stopping matters then, not the line.
process.stdout.on('error', () => undefined);
try {
  const embedded = await startEmbedded({ data_dir: dataDir, log });
  const stop = async () => {
    await embedded.stop();
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  // The pipe ends with the test that holds it, however that dies.
  process.stdin.once('end', stop).resume();
  // Last: whoever reads it may signal at once.
  console.log(JSON.stringify({ url: embedded.url, adopted: embedded.adopted, pids: await embedded.pids() }));
} catch (error) {
  console.log(JSON.stringify({ refused: error instanceof Error ? error.message : String(error) }));
}
