// Texts of the Signals pages: events, rates, gaps, publishing, traces.
import { many } from './words.ts';

const count = (value: number) => value.toLocaleString('en');

export const signalStrings = {
  events: 'Events',
  text: 'Everything that happened, in order, kept.',
  time: 'Time',
  spans: { hour: 'Last hour', day: 'Last day', week: 'Last week', all: 'All' },
  custom: 'From … to …',
  from: 'From',
  to: 'To',
  apply: 'Show',
  to_early: 'This must be later than the beginning.',
  filter_hint: 'Filter, like kind:task_* actor:sam -topic:tracker/metrics/#',
  pause: 'Pause',
  resume: 'Go on',
  paused: 'Paused',
  live: 'Live',
  publish: 'Publish',
  outside: 'Outside',
  outside_long: 'Somebody else said this. TaylorDash did not check it.',
  fresh: (value: number) => `${value} new`,
  none: 'Nothing yet. Change something, and it appears here.',
  none_found: 'No event fits this filter.',
  none_in_time: 'Nothing happened in this time.',
  show_all_times: 'Show all times',
  clear: 'Show everything',
  detail: (id: string) => `Event ${id}`,
  fields: 'Fields',
  json: 'JSON',
  list: 'Events, newest first',
  by: 'by',
  sources: { server: 'TaylorDash', mqtt: 'MQTT, outside', http: 'HTTP, outside' },
  labels: {
    topic: 'Topic',
    kind: 'Kind',
    ts: 'When',
    created_at: 'Stored',
    trace_id: 'Trace',
    change_id: 'Change',
    idempotency_key: 'Key',
    client_id: 'Client',
    source: 'Where from',
    actor: 'By',
    about: 'About',
  },
  open_trace: 'Everything that this request or message caused',
  open_change: 'All events of this change',
  open_sender: 'Everything from this sender',
  open_about: 'Open it in its project',
  types: {
    string: 'text',
    number: 'number',
    boolean: 'yes or no',
    null: 'empty',
    object: 'object',
    array: 'list',
  },

  // Rates
  rate: (value: number) => `${value >= 10 ? Math.round(value) : Number(value.toFixed(value >= 1 ? 1 : 2))}/s`,
  rate_now: 'Events a second over the last minute',
  rate_average: 'Events a second over this time',
  total: (value: number, estimated: boolean) => `${estimated ? 'about ' : ''}${many(value, 'event')}`,
  spark: (total: string, from: string, to: string, most: number) =>
    `${total} from ${from} to ${to}; at most ${many(most, 'event')} in one bar`,
  top: 'Most frequent',
  only_kind: (kind: string) => `Show only ${kind}`,

  // Gaps
  no_gaps: 'No gaps',
  no_producers: 'Gaps: nobody numbers events',
  lost: (who: string, missing: number, at: string) => `${who} lost ${many(missing, 'event')}, the last at ${at}`,
  lost_more: (more: number) => `and ${many(more, 'more producer')}`,
  gaps_title: 'Gaps',
  gaps_text: 'Producers that number their events, and which numbers never came.',
  gaps_how:
    'Give events a producer_id and a producer_seq that counts up by one, beside trace_id and ts. What is lost on the way is then seen.',
  gaps_counts: (received: number, missing: number) => `${count(received)} came, ${count(missing)} missing`,
  restarts: (value: number) => `began again ${many(value, 'time')}`,
  missing: 'Missing',
  last_seen: 'last',

  // Publishing
  publish_title: 'Publish an event',
  publish_text: 'It is stored and passed on as said by you, not by TaylorDash.',
  publish_topic: 'Topic',
  publish_topic_hint: 'Below tracker/events, tracker/commands or tracker/metrics',
  publish_topic_wrong: 'A topic below tracker/events, tracker/commands or tracker/metrics, without + and #.',
  publish_kind: 'Kind',
  publish_kind_hint: 'a–z, 0–9, _ and ., such as plant_watered',
  publish_kind_wrong: 'Only a–z, 0–9, _ and . can stand here.',
  publish_payload: 'Payload',
  publish_payload_hint: 'A JSON object; it may be empty: {}',
  publish_metric_hint: 'A JSON object with a number in value; unit and tags if you like',
  publish_not_object: 'The payload is a JSON object: {"litres": 2}',
  publish_not_json: (detail: string) => `This is not JSON: ${detail}.`,
  publish_send: 'Publish',
  published: 'Published.',
  published_again: 'Stored already: nothing was done.',

  // Traces
  traces: 'Traces',
  trace: 'Trace',
  trace_text: 'Everything that one request or message caused.',
  traces_text: 'Requests and messages that caused more than one thing, or something that failed.',
  traces_list: 'Traces worth a look',
  no_traces: 'No request or message of this time caused more than one event.',
  trace_events: (value: number) => many(value, 'event'),
  trace_letters: (value: number) => many(value, 'dead letter'),
  trace_entries: 'In the order of time',
  trace_sum: (parts: string, took: string | null) =>
    took === null ? `${parts}, all at once` : `${parts} within ${took}`,
  trace_more: 'The first 500 are shown.',
  trace_as_events: 'Show as events',
  trace_copy: 'Copy the trace id',
  entry_types: { event: 'Event', dead_letter: 'Dead letter', sign_in: 'Sign-in' },
  sign_ins: (value: number) => many(value, 'sign-in'),
  took: (ms: number) =>
    ms < 1000
      ? `${Math.round(ms)} ms`
      : ms < 120_000
        ? `${(ms / 1000).toFixed(1)} s`
        : many(Math.round(ms / 60_000), 'minute'),
  after_start: (text: string) => `+${text}`,
};
