-- oldest server: 0.1.0
-- Events: the mirror, the dead letters, the outbox that feeds the mirror, the keys that keep an event from being stored
-- twice, and the cursors of readers.

CREATE TABLE public.events_mirror (
  id BIGSERIAL PRIMARY KEY,
  topic VARCHAR(255) NOT NULL,
  payload JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  trace_id UUID GENERATED ALWAYS AS ((payload->>'trace_id')::UUID) STORED,
  source TEXT NOT NULL DEFAULT 'server' CONSTRAINT events_mirror_source_check CHECK (source IN ('server', 'mqtt', 'http')),
  client_id TEXT,
  change_id UUID,
  project_id UUID,
  entity_id UUID,
  actor_id UUID
) PARTITION BY RANGE (id);
CREATE INDEX idx_events_mirror_topic ON public.events_mirror (topic);
CREATE INDEX idx_events_mirror_trace_id ON public.events_mirror (trace_id);
CREATE INDEX idx_events_mirror_created_at ON public.events_mirror (created_at);
CREATE INDEX idx_events_mirror_kind ON public.events_mirror ((payload->>'kind'));
CREATE INDEX idx_events_mirror_project ON public.events_mirror (project_id, id) WHERE project_id IS NOT NULL;
CREATE INDEX idx_events_mirror_change ON public.events_mirror (change_id) WHERE change_id IS NOT NULL;
CREATE INDEX idx_events_mirror_entity ON public.events_mirror (entity_id, id) WHERE entity_id IS NOT NULL;

COMMENT ON TABLE public.events_mirror IS 'Every event, in commit order of id, whole envelope in payload. Partitioned by 1,000,000 ids; appended by one writer';
COMMENT ON COLUMN public.events_mirror.source IS 'server: a fact of ours; mqtt or http: hearsay from outside';
COMMENT ON COLUMN public.events_mirror.client_id IS 'The publisher, where the broker or the account tells it';
COMMENT ON COLUMN public.events_mirror.change_id IS 'The gesture that caused it; one undo takes all its events back';
COMMENT ON COLUMN public.events_mirror.project_id IS 'The project it is about; no foreign key, so that history outlives it';
COMMENT ON COLUMN public.events_mirror.entity_id IS 'The row it is about; no foreign key, likewise';
COMMENT ON COLUMN public.events_mirror.actor_id IS 'The account that caused it; no foreign key, likewise';

CREATE TABLE public.dlq_events (
  id BIGSERIAL PRIMARY KEY,
  original_topic VARCHAR(255) NOT NULL,
  failure_reason TEXT NOT NULL,
  payload JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  raw BYTEA,
  reason_code TEXT NOT NULL DEFAULT 'unknown',
  error_class TEXT,
  stage TEXT NOT NULL DEFAULT 'validate',
  client_id TEXT,
  qos SMALLINT CONSTRAINT dlq_events_qos_check CHECK (qos BETWEEN 0 AND 2),
  retain BOOLEAN,
  sqlstate TEXT,
  fingerprint BYTEA,
  event_key TEXT,
  event_id BIGINT,
  attempts INTEGER NOT NULL DEFAULT 1 CONSTRAINT dlq_events_attempts_check CHECK (attempts >= 1),
  hops SMALLINT NOT NULL DEFAULT 0 CONSTRAINT dlq_events_hops_check CHECK (hops >= 0),
  first_failed_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  last_failed_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  status TEXT NOT NULL DEFAULT 'open'
    CONSTRAINT dlq_events_status_check CHECK (status IN ('open', 'replaying', 'replayed', 'discarded', 'quarantined')),
  replay_id UUID,
  resolved_by UUID CONSTRAINT dlq_events_resolved_by_fkey REFERENCES public.users (id) ON DELETE SET NULL,
  resolved_at TIMESTAMPTZ,
  note TEXT
);
CREATE UNIQUE INDEX dlq_events_fingerprint_key ON public.dlq_events (fingerprint)
  WHERE status IN ('open', 'replaying', 'quarantined');
CREATE INDEX idx_dlq_events_status ON public.dlq_events (status, id);
CREATE INDEX idx_dlq_events_reason_code ON public.dlq_events (reason_code, id);
CREATE INDEX idx_dlq_events_original_topic ON public.dlq_events (original_topic, id);
CREATE INDEX idx_dlq_events_created_at ON public.dlq_events (created_at, id);
CREATE INDEX idx_dlq_events_last_failed_at ON public.dlq_events (last_failed_at, id);
CREATE INDEX idx_dlq_events_client_id ON public.dlq_events (client_id, id) WHERE client_id IS NOT NULL;
CREATE INDEX idx_dlq_events_event_id ON public.dlq_events (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX idx_dlq_events_replay_id ON public.dlq_events (replay_id, id) WHERE replay_id IS NOT NULL;
CREATE INDEX idx_dlq_events_resolved_by ON public.dlq_events (resolved_by) WHERE resolved_by IS NOT NULL;

COMMENT ON TABLE public.dlq_events IS 'Messages that could not be understood or carried out, kept with their bytes';
COMMENT ON COLUMN public.dlq_events.raw IS 'The bytes as received';
COMMENT ON COLUMN public.dlq_events.reason_code IS 'The reason as a stable name; groups go by it';
COMMENT ON COLUMN public.dlq_events.error_class IS 'Kind of the error behind the reason';
COMMENT ON COLUMN public.dlq_events.stage IS 'Where it failed, for example validate, store, deliver';
COMMENT ON COLUMN public.dlq_events.client_id IS 'The publisher, where the broker tells it';
COMMENT ON COLUMN public.dlq_events.qos IS 'Quality of service it was published with';
COMMENT ON COLUMN public.dlq_events.retain IS 'Whether it was published as retained';
COMMENT ON COLUMN public.dlq_events.sqlstate IS 'What the database answered, where it refused the row';
COMMENT ON COLUMN public.dlq_events.fingerprint IS 'SHA-256 of the topic, a zero byte and the raw bytes';
COMMENT ON COLUMN public.dlq_events.event_key IS 'Its idempotency key, where one could be read';
COMMENT ON COLUMN public.dlq_events.event_id IS 'The mirrored event that failed in a subscriber';
COMMENT ON COLUMN public.dlq_events.attempts IS 'How often the same message failed';
COMMENT ON COLUMN public.dlq_events.hops IS 'How often it was replayed and came back';
COMMENT ON COLUMN public.dlq_events.first_failed_at IS 'First failure';
COMMENT ON COLUMN public.dlq_events.last_failed_at IS 'Latest failure';
COMMENT ON COLUMN public.dlq_events.status IS 'open, replaying, replayed, discarded or quarantined';
COMMENT ON COLUMN public.dlq_events.replay_id IS 'The replay run that took it';
COMMENT ON COLUMN public.dlq_events.resolved_by IS 'Who replayed or discarded it';
COMMENT ON COLUMN public.dlq_events.resolved_at IS 'When that was';
COMMENT ON COLUMN public.dlq_events.note IS 'What that person wrote';
COMMENT ON INDEX public.dlq_events_fingerprint_key IS 'The same poison again raises attempts; replayed and discarded are final and make room for a new row';

CREATE TABLE taylordash.outbox (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic VARCHAR(255) NOT NULL,
  payload JSONB NOT NULL,
  source TEXT NOT NULL DEFAULT 'server' CONSTRAINT outbox_source_check CHECK (source IN ('server', 'mqtt', 'http')),
  client_id TEXT,
  change_id UUID,
  project_id UUID,
  entity_id UUID,
  actor_id UUID,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
COMMENT ON TABLE taylordash.outbox IS 'Events written in the transaction of their change; the leader moves them to events_mirror';
COMMENT ON COLUMN taylordash.outbox.id IS 'Order of writing, not of commit';
COMMENT ON COLUMN taylordash.outbox.topic IS 'As in events_mirror';
COMMENT ON COLUMN taylordash.outbox.payload IS 'The whole envelope';
COMMENT ON COLUMN taylordash.outbox.source IS 'As in events_mirror';
COMMENT ON COLUMN taylordash.outbox.client_id IS 'As in events_mirror';
COMMENT ON COLUMN taylordash.outbox.change_id IS 'As in events_mirror';
COMMENT ON COLUMN taylordash.outbox.project_id IS 'As in events_mirror';
COMMENT ON COLUMN taylordash.outbox.entity_id IS 'As in events_mirror';
COMMENT ON COLUMN taylordash.outbox.actor_id IS 'As in events_mirror';
COMMENT ON COLUMN taylordash.outbox.created_at IS 'Time of the change';

CREATE TABLE taylordash.event_keys (
  source TEXT NOT NULL CONSTRAINT event_keys_source_check CHECK (source IN ('server', 'mqtt', 'http')),
  client_identity TEXT NOT NULL DEFAULT '',
  key TEXT NOT NULL CONSTRAINT event_keys_key_check CHECK (char_length(key) <= 200),
  content_hash BYTEA NOT NULL,
  event_id BIGINT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (source, client_identity, key)
);
CREATE INDEX idx_event_keys_created_at ON taylordash.event_keys (created_at);
COMMENT ON TABLE taylordash.event_keys IS 'Idempotency keys of events, kept 90 days; apart from events_mirror, which is partitioned by another column';
COMMENT ON COLUMN taylordash.event_keys.source IS 'As in events_mirror';
COMMENT ON COLUMN taylordash.event_keys.client_identity IS 'The publisher, or empty where the broker tells none';
COMMENT ON COLUMN taylordash.event_keys.key IS 'The idempotency key';
COMMENT ON COLUMN taylordash.event_keys.content_hash IS 'SHA-256 of kind and payload: tells a duplicate from a reused key';
COMMENT ON COLUMN taylordash.event_keys.event_id IS 'The event that was stored under it';
COMMENT ON COLUMN taylordash.event_keys.created_at IS 'When it was first seen';

CREATE TABLE taylordash.cursors (
  name TEXT PRIMARY KEY,
  position BIGINT NOT NULL DEFAULT 0,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
) WITH (fillfactor = 50);
CREATE TRIGGER cursors_updated_at BEFORE UPDATE ON taylordash.cursors
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();
COMMENT ON TABLE taylordash.cursors IS 'How far each reader of events_mirror has come';
COMMENT ON COLUMN taylordash.cursors.name IS 'The reader';
COMMENT ON COLUMN taylordash.cursors.position IS 'Highest events_mirror id it is done with';
COMMENT ON COLUMN taylordash.cursors.updated_at IS 'Last move';
