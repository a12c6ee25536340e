// A file that lets one process at a time start a cluster: before PostgreSQL runs there is no other lock to hold.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { pause } from './cluster.ts';

const PATIENCE = 15_000;

/**
 * Takes the lock, waiting while another process starts; undefined where that takes too long. Returns how to let it go. A
 * file whose process is gone is set aside.
 */
export async function claimStart(file: string): Promise<(() => void) | undefined> {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, holderText(process.pid));
  try {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      try {
        // Linking is the one step that either makes the file whole or fails.
        linkSync(mine, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      removeStale(file);
      if (performance.now() > deadline) return undefined;
      await pause(50);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

function removeStale(file: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    const text = readFileSync(file, 'utf8');
    if (text === holderText(Number(text.split(' ')[0]))) return;
    renameSync(file, aside);
    // Renaming takes whatever is there by now: put a living one back.
    if (readFileSync(aside, 'utf8') !== text) linkSync(aside, file);
  } catch {
    // gone already, or another took it first
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Process id and start time, so that a number given out again is not taken for the one that wrote it; empty where dead. */
function holderText(pid: number): string {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return '';
  }
  if (process.platform !== 'linux') return `${pid} -`;
  try {
    return `${pid} ${readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19]}`;
  } catch {
    return '';
  }
}
