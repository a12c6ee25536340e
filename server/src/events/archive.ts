// Archives of events: one partition as compressed NDJSON with a manifest, written so that a kill leaves a whole one or none, and read back.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { version } from '../version.ts';

export interface Manifest {
  format: 'taylordash.events/1';
  name: string;
  from_id: string;
  /** First id beyond its range. */
  to_id: string;
  events: number;
  oldest_at: string | null;
  newest_at: string | null;
  bytes: number;
  /** SHA-256 of the file, and of the lines in it. */
  sha256: string;
  content_sha256: string;
  release: string;
  written_at: string;
}

/** What the manifest takes from the partition. */
export type ArchivedRange = Pick<Manifest, 'name' | 'from_id' | 'to_id' | 'oldest_at' | 'newest_at'>;

export interface ArchiveStore {
  /** Names of complete archives, ascending: those that have a manifest. */
  names(): Promise<string[]>;
  /** Null: there is none. Throws DamagedArchive where it cannot be read. */
  manifest(name: string): Promise<Manifest | null>;
  /** Writes the lines (each an event, as JSON without line breaks) and reads the whole back. Throws where anything fails. */
  write(range: ArchivedRange, pages: AsyncIterable<readonly string[]>): Promise<Manifest>;
  /** What is wrong with it, or null. */
  fault(name: string): Promise<string | null>;
  /** Its lines, in bounded pages. */
  read(name: string): AsyncIterable<string[]>;
}

export class DamagedArchive extends Error {
  override readonly name = 'DamagedArchive';
}

const linesAtOnce = 250;

/** `step` is told before each step that touches the disk; tests fail there. */
export function archiveStore(folder: string, step: (name: string) => void = () => undefined): ArchiveStore {
  const fileOf = (name: string) => join(folder, `${name}.ndjson.gz`);
  const manifestOf = (name: string) => join(folder, `${name}.manifest.json`);

  /** Makes names in the folder last. */
  async function syncFolder(): Promise<void> {
    step('fsync folder');
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  async function writeWhole(path: string, source: Readable): Promise<void> {
    const temporary = `${path}.tmp`;
    try {
      step('open');
      const handle = await open(temporary, 'w', 0o600);
      try {
        await pipeline(source, async (chunks: AsyncIterable<Buffer>) => {
          for await (const chunk of chunks) {
            step('write');
            await handle.writeFile(chunk);
          }
        });
        step('fsync');
        await handle.sync();
      } finally {
        await handle.close();
      }
      step('rename');
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
    await syncFolder();
  }

  async function manifest(name: string): Promise<Manifest | null> {
    const text = await readFile(manifestOf(name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) return null;
    const read = readManifest(text);
    if (read === null || read.name !== name) throw new DamagedArchive('Its manifest is not one of ours.');
    return read;
  }

  async function fault(name: string): Promise<string | null> {
    try {
      const expected = await manifest(name);
      if (expected === null) return 'It has no manifest.';
      step('read back');
      return await faultOf(fileOf(name), expected);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  return {
    manifest,
    fault,

    async names() {
      const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      const ending = '.manifest.json';
      return entries
        .filter((entry) => entry.endsWith(ending))
        .map((entry) => entry.slice(0, -ending.length))
        .sort();
    },

    async write(range, pages) {
      step('mkdir');
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // A manifest says that its file is whole: it goes before the file is replaced.
      step('forget');
      await rm(manifestOf(range.name), { force: true });
      const content = createHash('sha256');
      const file = createHash('sha256');
      let events = 0;
      let bytes = 0;
      async function* text(): AsyncGenerator<Buffer> {
        for await (const lines of pages) {
          if (lines.length === 0) continue;
          const chunk = Buffer.from(`${lines.join('\n')}\n`);
          content.update(chunk);
          events += lines.length;
          yield chunk;
        }
      }
      // Counted on the way and not by listening: a stream that is listened to runs, and its beginning would be gone by the
      // time the file is open.
      const hashed = hashing(file, (size) => {
        bytes += size;
      });
      const zipping = pipeline(Readable.from(text()), createGzip(), hashed);
      zipping.catch(() => undefined);
      await writeWhole(fileOf(range.name), hashed);
      await zipping;
      const made: Manifest = {
        ...{ format: 'taylordash.events/1', ...range, events, bytes },
        ...{ sha256: file.digest('hex'), content_sha256: content.digest('hex') },
        ...{ release: version, written_at: new Date().toISOString() },
      };
      await writeWhole(manifestOf(range.name), Readable.from([Buffer.from(`${JSON.stringify(made, null, 2)}\n`)]));
      const wrong = await fault(range.name);
      if (wrong !== null) throw new DamagedArchive(`The archive that was just written cannot be read back: ${wrong}`);
      return made;
    },

    async *read(name) {
      let page: string[] = [];
      let rest = Buffer.alloc(0);
      const source = createReadStream(fileOf(name));
      const unzipped = createGunzip();
      source.on('error', (error) => unzipped.destroy(error));
      try {
        // Split by the byte: node:readline would also end a line at U+2028, which JSON may hold as it is.
        for await (const chunk of source.pipe(unzipped)) {
          rest = Buffer.concat([rest, chunk]);
          for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
            page.push(rest.toString('utf8', 0, end));
            rest = rest.subarray(end + 1);
          }
          if (page.length < linesAtOnce) continue;
          yield page;
          page = [];
        }
      } finally {
        // A pipe that is broken off leaves its source open.
        source.destroy();
      }
      if (page.length > 0) yield page;
    },
  };
}

function hashing(hash: Hash, onBytes: (count: number) => void = () => undefined): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
}

/** Reads the file once: both checksums and the count. */
async function faultOf(path: string, expected: Manifest): Promise<string | null> {
  const file = createHash('sha256');
  const content = createHash('sha256');
  const unzipped = createGunzip();
  const reading = pipeline(createReadStream(path), hashing(file), unzipped, hashing(content), async (chunks) => {
    let events = 0;
    for await (const chunk of chunks as AsyncIterable<Buffer>) for (const byte of chunk) if (byte === 0x0a) events++;
    return events;
  });
  let events: number;
  try {
    events = await reading;
  } catch (error) {
    return `It cannot be read to its end: ${error instanceof Error ? error.message : String(error)}.`;
  }
  if (file.digest('hex') !== expected.sha256) return 'The file is not the one that was written: its checksum differs.';
  if (content.digest('hex') !== expected.content_sha256)
    return 'Its content is not what was written: the checksum differs.';
  if (events !== expected.events) return `It has ${events} events and not ${expected.events}.`;
  return null;
}

function readManifest(text: string): Manifest | null {
  try {
    const value: Partial<Manifest> = JSON.parse(text);
    const texts = [value.name, value.from_id, value.to_id, value.sha256, value.content_sha256, value.written_at];
    const whole = texts.every((one) => typeof one === 'string') && typeof value.events === 'number';
    // Just looked at; what else is in it is only shown.
    return value.format === 'taylordash.events/1' && whole ? (value as Manifest) : null;
  } catch {
    return null;
  }
}
