// Live streams: how long from a publisher to a browser, how fast one that was away catches up, and many at once with some that stall.
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import pg from 'pg';
import { alone, type BenchDatabase, type Figure, rounded } from './figure.ts';
import { type ServerProcess, startServer } from './server-process.ts';

const perSecond = 1000;
const behind = 1_000_000;
const streams = 200;
/** Events a second for those, which is what two processes on two cores can also read. */
const perSecondMany = 100;
/** One in so many reads nothing. */
const stalledEach = 10;
const topic = 'tracker/events/garden/bench';

export async function run({ url }: BenchDatabase): Promise<Figure[]> {
  const server = await startServer({ database_url: url });
  const client = await connectAsync(server.mqtt_url, { reconnectPeriod: 0 });
  try {
    const latency = await latencies(server, client);
    const many = await manyStreams(server, client);
    const caughtUp = await resume(server, url);
    return [...latency, ...many, ...caughtUp];
  } finally {
    await client.endAsync(true);
    await server.stop();
  }
}

interface Reading {
  stop(): void;
}

/** Reads a stream as a browser does; `onData` gets each event's JSON text. */
function read(server: ServerProcess, query: string, last: string | null, onData: (json: string) => void): Reading {
  const headers = {
    authorization: `Bearer ${server.token}`,
    ...(last === null ? {} : { 'last-event-id': last }),
  };
  const asked = request(`${server.url}/api/v1/events/stream${query}`, { headers }, (answer) => {
    let rest = '';
    answer.setEncoding('utf8');
    answer.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data: {')) onData(line.slice(6));
    });
    answer.on('error', () => undefined);
  });
  asked.on('error', () => undefined);
  asked.end();
  return { stop: () => asked.destroy() };
}

let serial = 0;

/** Publishes evenly, without waiting for acknowledgements; each message holds when it was sent. */
async function publishEvenly(client: MqttClient, seconds: number, rate = perSecond): Promise<number> {
  const begun = performance.now();
  const total = rate * seconds;
  let sent = 0;
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) / 1000) * rate));
    for (; sent < due; sent++) {
      const key = `bench ${process.pid} ${++serial}`;
      client.publish(
        topic,
        `{"trace_id":"5f0c8e1a-7d3b-4c53-9a52-0f2d3c1b7e90","ts":"2026-01-15T10:30:00Z","kind":"measured","idempotency_key":"${key}","payload":{"sent":${performance.now()}}}`,
        { qos: 1 },
        () => undefined,
      );
    }
    await pause(2);
  }
  return sent;
}

async function latencies(server: ServerProcess, client: MqttClient): Promise<Figure[]> {
  const measured: number[] = [];
  const reading = read(server, `?topics=${encodeURIComponent(topic)}`, null, (json) => {
    const sent = Number(/"sent" ?: ?([\d.]+)/.exec(json)?.[1]);
    measured.push(performance.now() - sent);
  });
  await pause(1000);
  await publishEvenly(client, 2);
  measured.length = 0;
  const sent = await publishEvenly(client, 10);
  for (let left = 100; left > 0 && measured.length < sent; left--) await pause(50);
  reading.stop();
  if (measured.length < sent) throw new Error(`the stream missed ${sent - measured.length} of ${sent} events`);
  const sorted = [...measured].sort((a, b) => a - b);
  const at = (share: number) => rounded(sorted[Math.floor(sorted.length * share)] ?? Number.NaN, 1);
  return [
    alone(`publish_to_browser_p50_at_${perSecond}_a_second`, at(0.5), 'ms', null),
    alone(`publish_to_browser_p99_at_${perSecond}_a_second`, at(0.99), 'ms', 30),
  ];
}

async function manyStreams(server: ServerProcess, client: MqttClient): Promise<Figure[]> {
  const counts: number[] = [];
  const readings: Reading[] = [];
  const stalled = streams / stalledEach;
  for (let n = 0; n < streams - stalled; n++) {
    counts.push(0);
    readings.push(
      read(server, `?topics=${encodeURIComponent(topic)}`, null, () => {
        counts[n] = (counts[n] ?? 0) + 1;
      }),
    );
  }
  for (let n = 0; n < stalled; n++) readings.push(stall(server));
  await pause(1000);
  const before = await residentMegabytes(server.pid);
  let most = before;
  const watching = setInterval(() => {
    residentMegabytes(server.pid).then((size) => {
      most = Math.max(most, size);
    });
  }, 250);
  const begun = performance.now();
  const sent = await publishEvenly(client, 10, perSecondMany);
  for (let left = 600; left > 0 && counts.some((count) => count < sent); left--) await pause(50);
  const seconds = (performance.now() - begun) / 1000;
  clearInterval(watching);
  for (const reading of readings) reading.stop();
  const missed = counts.filter((count) => count < sent).length;
  if (missed > 0) throw new Error(`${missed} of ${counts.length} live streams missed events`);
  return [
    alone(`live_streams_${streams}_at_${perSecondMany}_a_second_10_s_took`, rounded(seconds, 1), 's', null),
    alone(`live_streams_${streams}_a_tenth_stalled_memory`, rounded(most - before, 1), 'MB', 150),
  ];
}

/** A client that asks and then reads nothing. */
function stall(server: ServerProcess): Reading {
  const headers = { authorization: `Bearer ${server.token}` };
  const asked = request(`${server.url}/api/v1/events/stream`, { headers }, (answer) => answer.pause());
  asked.on('error', () => undefined);
  asked.end();
  return { stop: () => asked.destroy() };
}

async function residentMegabytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024;
}

/** Catches up on what was stored while it was away. */
async function resume(server: ServerProcess, url: string): Promise<Figure[]> {
  const from = await fill(url);
  const before = await residentMegabytes(server.pid);
  let most = before;
  const begun = performance.now();
  let got = 0;
  await new Promise<void>((resolve) => {
    const reading = read(server, `?topics=${encodeURIComponent('tracker/events/garden/away')}`, from, () => {
      got++;
      if (got % 50_000 === 0) {
        residentMegabytes(server.pid).then((size) => {
          most = Math.max(most, size);
        });
      }
      if (got < behind) return;
      reading.stop();
      resolve();
    });
  });
  const rate = behind / ((performance.now() - begun) / 1000);
  return [
    {
      ...{ name: 'resume_1_million_behind', value: Math.round(rate), unit: 'events/s' },
      ...{ floor: null, ratio: null, target: 20_000, lower_is_better: false },
    },
    alone('resume_1_million_memory_growth', rounded(most - before, 1), 'MB', null),
  ];
}

/** A million events past the appender. Returns the id before them. */
async function fill(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      'select coalesce(max(id), 0)::text as id from public.events_mirror',
    );
    for (let done = 0; done < behind; done += 100_000) {
      await client.query('select taylordash.ensure_partitions()');
      await client.query(
        `insert into public.events_mirror (topic, payload, source)
         select 'tracker/events/garden/away', jsonb_build_object('trace_id', gen_random_uuid(), 'ts', '2026-01-15T10:30:00Z',
           'kind', 'measured', 'idempotency_key', n, 'payload', jsonb_build_object('n', n)), 'mqtt'
         from generate_series(1, 100000) n`,
      );
    }
    return rows[0]?.id ?? '0';
  } finally {
    await client.end();
  }
}
