// Generates the pages that follow from core's tables: docs/problems.md and docs/topics.md.
import { commands } from '@taylordash/core/commands';
import { endpoints } from '@taylordash/core/endpoints/all';
import type { EndpointSpec } from '@taylordash/core/endpoints/endpoint';
import { keyLength, kindLength, messageBytes } from '@taylordash/core/envelope';
import { eventKinds, serverTopicFilters, viewerTopicFilters } from '@taylordash/core/events';
import { gapReach } from '@taylordash/core/gaps';
import { problems } from '@taylordash/core/problems';
import { ingestedTopicFilters } from '@taylordash/core/topics';

export async function generateCorePages(): Promise<Map<string, string>> {
  return new Map([
    ['docs/problems.md', problemsPage()],
    ['docs/topics.md', topicsPage()],
  ]);
}

function problemsPage(): string {
  const users = new Map<string, string[]>();
  for (const [name, spec] of Object.entries<EndpointSpec>(endpoints)) {
    for (const code of spec.problems ?? []) users.set(code, [...(users.get(code) ?? []), `\`${name}\``]);
  }
  const rows = Object.entries(problems).map(
    ([code, [status, title]]) => `| \`${code}\` | ${status} | ${title} | ${users.get(code)?.join(' ') ?? ''} |`,
  );
  return `# Problems

Every refusal is \`application/problem+json\` (RFC 9457): \`type\`, \`title\`, \`status\`, \`detail\`, \`instance\`, \`code\`, \`trace_id\`, and
\`errors\` with a JSON pointer each for bad input. Programs go by \`code\`; \`trace_id\` finds the same request in logs and events.
A code without an endpoint beside it may come from any of them.

| code | status | meaning | named by |
|---|---|---|---|
${rows.join('\n')}

Generated from \`core/src/problems.ts\` and the endpoint table by \`npm run gen\`.
`;
}

function topicsPage(): string {
  const rows = Object.entries(eventKinds).map(([kind, { topic }]) => `| \`${topic}\` | \`${kind}\` |`);
  const commandRows = Object.entries(commands).map(([topic, schema]) => {
    const required = new Set<string>(schema.required);
    const fields = Object.keys(schema.properties).map((field) => `\`${field}\`${required.has(field) ? '' : '?'}`);
    return `| \`${topic}\` | ${fields.join(' ')} |`;
  });
  const list = (filters: readonly string[]) => filters.map((filter) => `\`${filter}\``).join(', ');
  return `# Topics and kinds

## What others may publish

Taken in: ${list(ingestedTopicFilters)}. The server's alone: ${list(serverTopicFilters)}. Anything else is passed on between the
clients of the embedded broker and not kept.

A message on a topic that is taken in holds an envelope of five fields:

\`\`\`json
{ "trace_id": "5f0c8e1a-7d3b-4c53-9a52-0f2d3c1b7e90", "ts": "2026-01-15T10:30:00Z", "kind": "plant_watered",
  "idempotency_key": "valve-7/2026-01-15/1", "payload": { "litres": 2 } }
\`\`\`

At most ${messageBytes / 1024} KB; \`kind\` 1 to ${kindLength} characters of a–z, 0–9, _ and .; \`idempotency_key\` up to ${keyLength} characters; \`ts\` with a zone;
\`payload\` an object. The same key with the same content is stored once. What breaks a rule is a dead letter with its reason,
and is acknowledged: it blocks nothing behind it.

On \`tracker/metrics/{service}/{metric}\` a bare number counts too; it has no key, so that a number which is sent twice is measured
twice.

Without an account, clients of this machine may publish events and metrics; once the home network was chosen, and from other
machines, every client needs the account of a device. Other topics (\`zigbee2mqtt/…\`) are signals: the last value of each is kept,
and bindings make metrics, progress and status of them.

## Numbered events

A producer may number its events, so that losses on the way to TaylorDash are seen: \`producer_id\`, up to 200 characters, and
\`producer_seq\`, a whole number that is one higher for each event, beside the five fields. The events page, \`GET /events/gaps\` and
\`npx taylordash events gaps\` tell which numbers never came, for each publisher and \`producer_id\`. One that comes late, by up to ${gapReach}
numbers, fills its gap. Begin again from 0 or 1 after a restart: that is a new numbering and no gap. What was lost before the first
number heard, or after the last one, cannot be known.

## Replays

An administrator can have stored events sent to one client again: the Events page, \`POST /events/replays\`, or
\`npx taylordash events replay\`. They come with QoS 1, in the order of their numbers, on
\`tracker/replies/{client id}/replay/{original topic}\`, as they were stored: \`idempotency_key\` tells those that were seen before.
Any client may subscribe to \`tracker/replies/{its own id}/#\`, whatever its account reads, and to nobody else's. The administrator
decides what goes: it is not narrowed to what the client's account may read. A client that is neither connected nor has a kept session
hears nothing. A replay goes on after a restart of the server; up to 50 events, a tenth of a second's, may then come twice. With a broker of
your own, its rights decide who reads tracker/replies.

## Commands

Carried out in the order in which they are stored, each once, by the rights of the user that the device acts as (with an external
broker: the account that an administrator sets; there a response topic of MQTT 5 gets the answer). The answer comes on
\`tracker/replies/{client id}\`: \`ok\`, the \`event_id\` and \`idempotency_key\` of the command, and the \`result\` or the problem's \`code\`,
\`detail\` and \`errors\`. One that fails is a dead letter; so is one that cannot be stored, whose answer has no \`event_id\`. The same
message again, because the answer was lost, is answered again for a day and not carried out again.

| topic | fields of the payload |
|---|---|
${commandRows.join('\n')}

## Status

Retained, anew after every change and empty once it is gone: \`tracker/status/projects/{id}\` (name, status, progress, components and
tasks in numbers), \`tracker/status/components/{id}\` (name, project_id, status, progress), \`tracker/status/server\` (online or offline).

## What TaylorDash tells

Viewers see ${list(viewerTopicFilters)}; the rest is for administrators. An event on one of these topics whose \`source\` is not
\`server\` was published by somebody else.

| topic | kind |
|---|---|
${rows.join('\n')}

Generated from \`core/src/events.ts\` by \`npm run gen\`.
`;
}
