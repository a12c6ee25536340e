-- oldest server: 0.1.0
-- Replays of stored events to one MQTT client: which, how far, so that another server goes on where one was killed.

CREATE TABLE taylordash.event_replays (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  client_id TEXT NOT NULL,
  device_id UUID,
  asked JSONB NOT NULL,
  conditions JSONB NOT NULL,
  from_id BIGINT NOT NULL,
  to_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  sent BIGINT NOT NULL DEFAULT 0,
  rate INTEGER NOT NULL CONSTRAINT event_replays_rate_check CHECK (rate BETWEEN 1 AND 500),
  status TEXT NOT NULL DEFAULT 'running'
    CONSTRAINT event_replays_status_check CHECK (status IN ('running', 'cancelled', 'finished')),
  created_by UUID CONSTRAINT event_replays_created_by_fkey REFERENCES public.users (id) ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  ended_at TIMESTAMPTZ
);
CREATE INDEX idx_event_replays_created_at ON taylordash.event_replays (created_at, id);
CREATE INDEX idx_event_replays_running ON taylordash.event_replays (created_at, id) WHERE status = 'running';
CREATE INDEX idx_event_replays_created_by ON taylordash.event_replays (created_by) WHERE created_by IS NOT NULL;
COMMENT ON TABLE taylordash.event_replays IS 'Stored events published again, to one client alone: which, how far, by whom';
COMMENT ON COLUMN taylordash.event_replays.id IS 'Names it';
COMMENT ON COLUMN taylordash.event_replays.client_id IS 'The MQTT client, on tracker/replies/{client_id}/replay/#';
COMMENT ON COLUMN taylordash.event_replays.device_id IS 'The device that was asked for, whose client this is; it may be gone';
COMMENT ON COLUMN taylordash.event_replays.asked IS 'Filter, topics, kinds and times as they were asked for';
COMMENT ON COLUMN taylordash.event_replays.conditions IS 'What that asks of an event: names are ids and times moments, as they were when it began';
COMMENT ON COLUMN taylordash.event_replays.from_id IS 'First event of the range';
COMMENT ON COLUMN taylordash.event_replays.to_id IS 'Last event of the range: what comes later is not part of it';
COMMENT ON COLUMN taylordash.event_replays.position IS 'Everything up to here was sent; from_id - 1 at first';
COMMENT ON COLUMN taylordash.event_replays.sent IS 'Events sent';
COMMENT ON COLUMN taylordash.event_replays.rate IS 'Events a second at the most';
COMMENT ON COLUMN taylordash.event_replays.status IS 'running, cancelled or finished';
COMMENT ON COLUMN taylordash.event_replays.created_by IS 'Who started it';
COMMENT ON COLUMN taylordash.event_replays.created_at IS 'When';
COMMENT ON COLUMN taylordash.event_replays.ended_at IS 'When it was cancelled or finished';

CREATE FUNCTION taylordash.event_replay_json(r taylordash.event_replays) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN json_build_object(
  'id', (r).id, 'client_id', (r).client_id, 'device_id', (r).device_id, 'asked', (r).asked,
  'from_id', (r).from_id::text, 'to_id', (r).to_id::text, 'position', (r).position::text, 'sent', (r).sent,
  'rate', (r).rate, 'status', (r).status, 'created_by', (r).created_by,
  'created_at', taylordash.iso((r).created_at), 'ended_at', taylordash.iso((r).ended_at)
);
COMMENT ON FUNCTION taylordash.event_replay_json(taylordash.event_replays) IS 'A replay of events as the API shows it';

INSERT INTO taylordash.role_access (role_name, object_name, privileges)
VALUES ('td_app', 'taylordash.event_replays', 'SELECT, INSERT, UPDATE, DELETE');
