-- oldest server: 0.1.0
-- Dead letters that can be worked on: what they are grouped by, dry runs, replays, and groups that are counted without a word.

CREATE FUNCTION taylordash.topic_pattern(topic text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
  SELECT string_agg(CASE WHEN level ~ '^[0-9.:-]*[0-9][0-9.:-]*$' OR level ~ '[0-9a-fA-F-]{8,}' AND level ~ '[0-9]' THEN '+' ELSE level END, '/' ORDER BY place)
  FROM string_to_table(topic, '/') WITH ORDINALITY AS levels (level, place)
);
COMMENT ON FUNCTION taylordash.topic_pattern(text) IS 'A topic with + for each level that looks like a number, an id or a UUID';

CREATE FUNCTION taylordash.letter_sender(client_identity text, client_id text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN client_identity <> '' THEN client_identity
  ELSE coalesce(regexp_replace(client_id, '^(mqttjs_|mosq-|mosq/|auto-|paho|mqtt-explorer-|nodered_).+$', '\1+'), '') END;
COMMENT ON FUNCTION taylordash.letter_sender(text, text) IS 'Who sent it: its account, else the name it gave itself, of programs that make one up each time without the made-up part';

CREATE FUNCTION taylordash.letter_group(reason_code text, topic text, client_identity text, client_id text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN substr(encode(sha256(convert_to(concat(reason_code, chr(31), taylordash.topic_pattern(topic), chr(31),
  taylordash.letter_sender(client_identity, client_id)), 'UTF8')), 'hex'), 1, 32);
COMMENT ON FUNCTION taylordash.letter_group(text, text, text, text) IS 'Names the group of dead letters with one cause: reason, topic pattern and sender';

CREATE TABLE taylordash.dead_letter_dry_runs (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  selection JSONB NOT NULL,
  edit JSONB NOT NULL,
  asked_hash BYTEA NOT NULL,
  last_letter_id BIGINT NOT NULL,
  counts JSONB NOT NULL,
  created_by UUID CONSTRAINT dead_letter_dry_runs_created_by_fkey REFERENCES public.users (id) ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE INDEX idx_dead_letter_dry_runs_asked ON taylordash.dead_letter_dry_runs (asked_hash, created_at);
CREATE INDEX idx_dead_letter_dry_runs_created_at ON taylordash.dead_letter_dry_runs (created_at);
CREATE INDEX idx_dead_letter_dry_runs_created_by ON taylordash.dead_letter_dry_runs (created_by) WHERE created_by IS NOT NULL;
COMMENT ON TABLE taylordash.dead_letter_dry_runs IS 'What replays would do, kept an hour; good for a replay for five minutes';
COMMENT ON COLUMN taylordash.dead_letter_dry_runs.id IS 'Names it, and seeds what {{uuid}} stands for in its replay';
COMMENT ON COLUMN taylordash.dead_letter_dry_runs.selection IS 'Which letters';
COMMENT ON COLUMN taylordash.dead_letter_dry_runs.edit IS 'Steps of the edit';
COMMENT ON COLUMN taylordash.dead_letter_dry_runs.asked_hash IS 'SHA-256 of selection and edit: a replay asks for the same';
COMMENT ON COLUMN taylordash.dead_letter_dry_runs.last_letter_id IS 'Letters that came later are not part of it';
COMMENT ON COLUMN taylordash.dead_letter_dry_runs.counts IS 'How many would pass, are duplicates, fail';
COMMENT ON COLUMN taylordash.dead_letter_dry_runs.created_by IS 'Who asked';
COMMENT ON COLUMN taylordash.dead_letter_dry_runs.created_at IS 'When';

CREATE TABLE taylordash.dead_letter_replays (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  seed UUID NOT NULL,
  selection JSONB NOT NULL,
  edit JSONB NOT NULL,
  rate INTEGER NOT NULL CONSTRAINT dead_letter_replays_rate_check CHECK (rate BETWEEN 1 AND 500),
  status TEXT NOT NULL DEFAULT 'running'
    CONSTRAINT dead_letter_replays_status_check CHECK (status IN ('running', 'stopped', 'finished')),
  stop_reason TEXT,
  total INTEGER NOT NULL,
  counts JSONB,
  watched_from BIGINT NOT NULL DEFAULT 0,
  created_by UUID CONSTRAINT dead_letter_replays_created_by_fkey REFERENCES public.users (id) ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  ended_at TIMESTAMPTZ
);
CREATE INDEX idx_dead_letter_replays_created_at ON taylordash.dead_letter_replays (created_at, id);
CREATE INDEX idx_dead_letter_replays_running ON taylordash.dead_letter_replays (created_at, id) WHERE status = 'running';
CREATE INDEX idx_dead_letter_replays_created_by ON taylordash.dead_letter_replays (created_by) WHERE created_by IS NOT NULL;
COMMENT ON TABLE taylordash.dead_letter_replays IS 'Runs that sent dead letters through the ingest again: which, edited how, by whom';
COMMENT ON COLUMN taylordash.dead_letter_replays.id IS 'Names it; dlq_events.replay_id refers to it';
COMMENT ON COLUMN taylordash.dead_letter_replays.seed IS 'The dry run it follows: with it and the letter, {{uuid}} is always the same';
COMMENT ON COLUMN taylordash.dead_letter_replays.selection IS 'Which letters';
COMMENT ON COLUMN taylordash.dead_letter_replays.edit IS 'Steps of the edit';
COMMENT ON COLUMN taylordash.dead_letter_replays.rate IS 'Letters a second at the most';
COMMENT ON COLUMN taylordash.dead_letter_replays.status IS 'running, stopped (can be resumed) or finished';
COMMENT ON COLUMN taylordash.dead_letter_replays.stop_reason IS 'Why it stopped: by_hand or failures';
COMMENT ON COLUMN taylordash.dead_letter_replays.total IS 'Letters it took';
COMMENT ON COLUMN taylordash.dead_letter_replays.counts IS 'What became of them, written when it ends; until then the letters say so';
COMMENT ON COLUMN taylordash.dead_letter_replays.watched_from IS 'Failures of letters up to here do not count towards stopping: it was resumed after them';
COMMENT ON COLUMN taylordash.dead_letter_replays.created_by IS 'Who started it';
COMMENT ON COLUMN taylordash.dead_letter_replays.created_at IS 'When';
COMMENT ON COLUMN taylordash.dead_letter_replays.ended_at IS 'When it stopped or finished';

CREATE TABLE taylordash.dead_letter_mutes (
  group_id TEXT PRIMARY KEY,
  muted_by UUID CONSTRAINT dead_letter_mutes_muted_by_fkey REFERENCES public.users (id) ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE INDEX idx_dead_letter_mutes_muted_by ON taylordash.dead_letter_mutes (muted_by) WHERE muted_by IS NOT NULL;
COMMENT ON TABLE taylordash.dead_letter_mutes IS 'Groups of dead letters that are counted, but make no badge and no notice';
COMMENT ON COLUMN taylordash.dead_letter_mutes.group_id IS 'As in dlq_events';
COMMENT ON COLUMN taylordash.dead_letter_mutes.muted_by IS 'Who muted it';
COMMENT ON COLUMN taylordash.dead_letter_mutes.created_at IS 'When';

ALTER TABLE public.dlq_events
  ADD COLUMN topic_pattern TEXT GENERATED ALWAYS AS (taylordash.topic_pattern(original_topic)) STORED,
  ADD COLUMN sender TEXT GENERATED ALWAYS AS (taylordash.letter_sender(client_identity, client_id)) STORED,
  ADD COLUMN group_id TEXT GENERATED ALWAYS AS (taylordash.letter_group(reason_code, original_topic, client_identity, client_id)) STORED,
  ADD COLUMN replay_outcome TEXT
    CONSTRAINT dlq_events_replay_outcome_check CHECK (replay_outcome IN ('stored', 'duplicate', 'redone', 'failed')),
  ADD COLUMN replay_reason_code TEXT,
  ADD COLUMN replay_failure TEXT;
CREATE INDEX idx_dlq_events_group_id ON public.dlq_events (group_id, id);
COMMENT ON COLUMN public.dlq_events.topic_pattern IS 'The topic with + for each level that looks like an id';
COMMENT ON COLUMN public.dlq_events.sender IS 'Its account, else the name it gave itself';
COMMENT ON COLUMN public.dlq_events.group_id IS 'Letters with one cause: reason, topic pattern and sender';
COMMENT ON COLUMN public.dlq_events.replay_outcome IS 'What became of it in the replay replay_id: stored, duplicate, redone or failed';
COMMENT ON COLUMN public.dlq_events.replay_reason_code IS 'Why that replay failed, as a stable name';
COMMENT ON COLUMN public.dlq_events.replay_failure IS 'Why that replay failed, in words';

DROP FUNCTION taylordash.dead_letter_json(public.dlq_events);
ALTER TYPE taylordash.dead_letter_shape ADD ATTRIBUTE topic_pattern text, ADD ATTRIBUTE sender text, ADD ATTRIBUTE group_id text,
  ADD ATTRIBUTE replay_outcome text, ADD ATTRIBUTE replay_reason_code text, ADD ATTRIBUTE replay_failure text;
CREATE FUNCTION taylordash.dead_letter_json(d public.dlq_events) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (d).id::text, (d).original_topic, (d).failure_reason, (d).payload, taylordash.iso((d).created_at),
  coalesce(translate(encode(substring((d).raw FROM 1 FOR 65536), 'base64'), E'\n', ''), ''), coalesce(octet_length((d).raw), 0), (d).reason_code,
  (d).error_class, (d).stage, (d).client_id, (d).qos, (d).retain, (d).sqlstate, coalesce(encode((d).fingerprint, 'hex'), ''),
  (d).event_key, (d).event_id::text, (d).attempts, (d).hops, taylordash.iso((d).first_failed_at),
  taylordash.iso((d).last_failed_at), (d).status, (d).replay_id, (d).resolved_by, taylordash.iso((d).resolved_at),
  (d).note, (d).client_identity, (d).topic_pattern, (d).sender, (d).group_id, (d).replay_outcome, (d).replay_reason_code,
  (d).replay_failure
)::taylordash.dead_letter_shape);
COMMENT ON FUNCTION taylordash.dead_letter_json(public.dlq_events) IS 'A dead letter as the API shows it; the first 64 KB of its bytes in base64';

CREATE TYPE taylordash.dead_letter_replay_shape AS (
  id uuid, selection jsonb, edit jsonb, rate integer, status text, stop_reason text, total integer, counts jsonb, created_by uuid,
  created_at text, ended_at text
);
COMMENT ON TYPE taylordash.dead_letter_replay_shape IS 'Columns of dead_letter_replay_json, in order';
CREATE FUNCTION taylordash.dead_letter_replay_counts(replay uuid) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (
  SELECT jsonb_build_object(
    'stored', coalesce(sum(n) FILTER (WHERE outcome = 'stored'), 0),
    'duplicates', coalesce(sum(n) FILTER (WHERE outcome = 'duplicate'), 0),
    'redone', coalesce(sum(n) FILTER (WHERE outcome = 'redone'), 0),
    'failed', coalesce(sum(n) FILTER (WHERE outcome = 'failed'), 0),
    'reasons', coalesce(jsonb_object_agg(coalesce(reason, ''), n) FILTER (WHERE outcome = 'failed'), '{}'::jsonb))
  FROM (SELECT d.replay_outcome AS outcome, d.replay_reason_code AS reason, count(*) AS n FROM public.dlq_events d
    WHERE d.replay_id = replay AND d.replay_outcome IS NOT NULL GROUP BY 1, 2) AS outcomes
);
COMMENT ON FUNCTION taylordash.dead_letter_replay_counts(uuid) IS 'What became of the letters of a replay so far';
CREATE FUNCTION taylordash.dead_letter_replay_json(r taylordash.dead_letter_replays) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (r).id, (r).selection, (r).edit, (r).rate, (r).status, (r).stop_reason, (r).total,
  coalesce((r).counts, taylordash.dead_letter_replay_counts((r).id)), (r).created_by, taylordash.iso((r).created_at),
  taylordash.iso((r).ended_at)
)::taylordash.dead_letter_replay_shape);
COMMENT ON FUNCTION taylordash.dead_letter_replay_json(taylordash.dead_letter_replays) IS 'A replay of dead letters as the API shows it';

CREATE INDEX idx_dlq_events_discarded ON public.dlq_events (resolved_at, id) WHERE status = 'discarded';
COMMENT ON INDEX public.idx_dlq_events_discarded IS 'Which discarded letters are old enough to be forgotten';

INSERT INTO taylordash.role_access (role_name, object_name, privileges)
SELECT 'td_app', object_name, 'SELECT, INSERT, UPDATE, DELETE' FROM unnest(ARRAY[
  'taylordash.dead_letter_dry_runs', 'taylordash.dead_letter_replays', 'taylordash.dead_letter_mutes'
]) AS object_name;
