-- oldest server: 0.1.0
-- What producers' own numbers say about losses, and the ways into traces and names that filters need.

CREATE TABLE taylordash.producers (
  source TEXT NOT NULL CONSTRAINT producers_source_check CHECK (source IN ('server', 'mqtt', 'http')),
  publisher TEXT NOT NULL,
  producer_id TEXT NOT NULL,
  client_id TEXT,
  topic TEXT NOT NULL,
  first_seq BIGINT NOT NULL,
  next_seq BIGINT NOT NULL,
  received BIGINT NOT NULL,
  missing BIGINT NOT NULL,
  repeated BIGINT NOT NULL,
  restarts BIGINT NOT NULL,
  open_ranges JSONB NOT NULL,
  closed_ranges JSONB NOT NULL,
  last_seen_at TIMESTAMPTZ NOT NULL,
  last_lost_at TIMESTAMPTZ,
  PRIMARY KEY (source, publisher, producer_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX idx_producers_last_lost_at ON taylordash.producers (last_lost_at DESC NULLS LAST, last_seen_at DESC);
CREATE INDEX idx_producers_last_seen_at ON taylordash.producers (last_seen_at);
COMMENT ON TABLE taylordash.producers IS 'Producers that number their events, and what has not come; written by the reader of gaps together with its cursor';
COMMENT ON COLUMN taylordash.producers.source IS 'As in events_mirror';
COMMENT ON COLUMN taylordash.producers.publisher IS 'Its account, or the client where it has none; empty where the broker tells neither';
COMMENT ON COLUMN taylordash.producers.producer_id IS 'As in the envelope';
COMMENT ON COLUMN taylordash.producers.client_id IS 'The client it last came by';
COMMENT ON COLUMN taylordash.producers.topic IS 'Of its last event';
COMMENT ON COLUMN taylordash.producers.first_seq IS 'First number of the present numbering';
COMMENT ON COLUMN taylordash.producers.next_seq IS 'The number awaited next';
COMMENT ON COLUMN taylordash.producers.received IS 'Numbers that came';
COMMENT ON COLUMN taylordash.producers.missing IS 'Numbers that never came, over all numberings';
COMMENT ON COLUMN taylordash.producers.repeated IS 'Numbers that came again under another key';
COMMENT ON COLUMN taylordash.producers.restarts IS 'How often the numbering began again';
COMMENT ON COLUMN taylordash.producers.open_ranges IS 'What is missing of the present numbering, ascending: late ones fill it';
COMMENT ON COLUMN taylordash.producers.closed_ranges IS 'What was missing of earlier numberings, newest first';
COMMENT ON COLUMN taylordash.producers.last_seen_at IS 'When its last event was stored';
COMMENT ON COLUMN taylordash.producers.last_lost_at IS 'When the last loss that still stands was noticed';

INSERT INTO taylordash.role_access (role_name, object_name, privileges) VALUES
  ('td_app', 'taylordash.producers', 'SELECT, INSERT, UPDATE, DELETE');

CREATE INDEX idx_projects_name_lower ON public.projects (lower(name));
COMMENT ON INDEX public.idx_projects_name_lower IS 'A project that a filter names';

-- Of that length alone: what a dead letter has there may be anything, and too long for an index.
CREATE INDEX idx_dlq_events_trace_id ON public.dlq_events (lower(payload->>'trace_id'))
  WHERE char_length(payload->>'trace_id') = 36;
COMMENT ON INDEX public.idx_dlq_events_trace_id IS 'Dead letters of a trace';

CREATE INDEX idx_auth_audit_log_trace_id ON public.auth_audit_log ((details->>'trace_id'), seq)
  WHERE details->>'trace_id' IS NOT NULL;
COMMENT ON INDEX public.idx_auth_audit_log_trace_id IS 'Sign-ins of a trace';
