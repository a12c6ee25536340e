-- oldest server: 0.1.0
-- Devices: their accounts on the embedded broker, and when they were last heard. What that broker keeps for its clients.

CREATE TABLE taylordash.devices (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  name TEXT NOT NULL CONSTRAINT devices_name_check CHECK (char_length(name) BETWEEN 1 AND 100),
  username TEXT NOT NULL CONSTRAINT devices_username_check CHECK (username ~ '^[a-z0-9][a-z0-9_-]{0,49}$'),
  secret_hash BYTEA NOT NULL,
  enabled BOOLEAN NOT NULL DEFAULT TRUE,
  publish_filters TEXT[] NOT NULL,
  subscribe_filters TEXT[] NOT NULL,
  acts_as UUID CONSTRAINT devices_acts_as_fkey REFERENCES public.users (id) ON DELETE SET NULL,
  created_by UUID CONSTRAINT devices_created_by_fkey REFERENCES public.users (id) ON DELETE SET NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE UNIQUE INDEX devices_username_key ON taylordash.devices (username);
CREATE INDEX idx_devices_name ON taylordash.devices (lower(name), id);
CREATE INDEX idx_devices_acts_as ON taylordash.devices (acts_as) WHERE acts_as IS NOT NULL;
CREATE INDEX idx_devices_created_by ON taylordash.devices (created_by) WHERE created_by IS NOT NULL;
CREATE TRIGGER devices_raise_version BEFORE UPDATE ON taylordash.devices
  FOR EACH ROW EXECUTE FUNCTION taylordash.raise_version();
CREATE TRIGGER devices_updated_at BEFORE UPDATE ON taylordash.devices
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();
COMMENT ON TABLE taylordash.devices IS 'Accounts of devices on the embedded broker';
COMMENT ON COLUMN taylordash.devices.id IS 'Names the device in events: their actor, and whose idempotency keys are shared';
COMMENT ON COLUMN taylordash.devices.name IS 'For people';
COMMENT ON COLUMN taylordash.devices.username IS 'MQTT user name';
COMMENT ON COLUMN taylordash.devices.secret_hash IS 'SHA-256 of the password, which is random and was shown once';
COMMENT ON COLUMN taylordash.devices.enabled IS 'False: it may not connect';
COMMENT ON COLUMN taylordash.devices.publish_filters IS 'Topic filters of what it may publish, wills included';
COMMENT ON COLUMN taylordash.devices.subscribe_filters IS 'Topic filters of what it may be sent';
COMMENT ON COLUMN taylordash.devices.acts_as IS 'The user whose rights its commands have; null: it may send none';
COMMENT ON COLUMN taylordash.devices.created_by IS 'Who made it';
COMMENT ON COLUMN taylordash.devices.version IS 'Raised by every update; the ETag';
COMMENT ON COLUMN taylordash.devices.created_at IS 'When it was made';
COMMENT ON COLUMN taylordash.devices.updated_at IS 'Last change';

CREATE TABLE taylordash.device_activity (
  device_id UUID PRIMARY KEY CONSTRAINT device_activity_device_id_fkey REFERENCES taylordash.devices (id) ON DELETE CASCADE,
  connected BOOLEAN NOT NULL DEFAULT FALSE,
  client_id TEXT,
  address TEXT,
  connected_at TIMESTAMPTZ,
  last_message_at TIMESTAMPTZ,
  last_topic TEXT,
  interval_ms BIGINT,
  messages BIGINT NOT NULL DEFAULT 0,
  refused BIGINT NOT NULL DEFAULT 0,
  last_refused_at TIMESTAMPTZ,
  last_refusal TEXT
) WITH (fillfactor = 70);
COMMENT ON TABLE taylordash.device_activity IS 'When each device was last heard; written every few seconds';
COMMENT ON COLUMN taylordash.device_activity.device_id IS 'The device';
COMMENT ON COLUMN taylordash.device_activity.connected IS 'Is it connected now?';
COMMENT ON COLUMN taylordash.device_activity.client_id IS 'MQTT client id of its last connection';
COMMENT ON COLUMN taylordash.device_activity.address IS 'Where that came from';
COMMENT ON COLUMN taylordash.device_activity.connected_at IS 'When that began';
COMMENT ON COLUMN taylordash.device_activity.last_message_at IS 'Its last message';
COMMENT ON COLUMN taylordash.device_activity.last_topic IS 'The topic of that';
COMMENT ON COLUMN taylordash.device_activity.interval_ms IS 'Its usual time between two messages: the median of the last ones';
COMMENT ON COLUMN taylordash.device_activity.messages IS 'Messages since it was made';
COMMENT ON COLUMN taylordash.device_activity.refused IS 'How often it was refused something';
COMMENT ON COLUMN taylordash.device_activity.last_refused_at IS 'When that was last';
COMMENT ON COLUMN taylordash.device_activity.last_refusal IS 'What that was, in words';

CREATE TABLE taylordash.device_counts (
  device_id UUID NOT NULL CONSTRAINT device_counts_device_id_fkey REFERENCES taylordash.devices (id) ON DELETE CASCADE,
  since TIMESTAMPTZ NOT NULL,
  messages BIGINT NOT NULL,
  PRIMARY KEY (device_id, since)
);
CREATE INDEX idx_device_counts_since ON taylordash.device_counts (since);
COMMENT ON TABLE taylordash.device_counts IS 'Messages of each device by five minutes, kept two days';
COMMENT ON COLUMN taylordash.device_counts.device_id IS 'The device';
COMMENT ON COLUMN taylordash.device_counts.since IS 'Where the five minutes begin';
COMMENT ON COLUMN taylordash.device_counts.messages IS 'Messages in them';

ALTER TABLE public.dlq_events ADD COLUMN client_identity TEXT NOT NULL DEFAULT '';
CREATE INDEX idx_dlq_events_client_identity ON public.dlq_events (client_identity, status) WHERE client_identity <> '';
COMMENT ON COLUMN public.dlq_events.client_identity IS 'Device that sent it, empty where there was no account: whose idempotency keys a replay shares';

DROP FUNCTION taylordash.dead_letter_json(public.dlq_events);
ALTER TYPE taylordash.dead_letter_shape ADD ATTRIBUTE client_identity text;
CREATE FUNCTION taylordash.dead_letter_json(d public.dlq_events) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (d).id::text, (d).original_topic, (d).failure_reason, (d).payload, taylordash.iso((d).created_at),
  coalesce(translate(encode(substring((d).raw FROM 1 FOR 65536), 'base64'), E'\n', ''), ''), coalesce(octet_length((d).raw), 0), (d).reason_code,
  (d).error_class, (d).stage, (d).client_id, (d).qos, (d).retain, (d).sqlstate, coalesce(encode((d).fingerprint, 'hex'), ''),
  (d).event_key, (d).event_id::text, (d).attempts, (d).hops, taylordash.iso((d).first_failed_at),
  taylordash.iso((d).last_failed_at), (d).status, (d).replay_id, (d).resolved_by, taylordash.iso((d).resolved_at),
  (d).note, (d).client_identity
)::taylordash.dead_letter_shape);
COMMENT ON FUNCTION taylordash.dead_letter_json(public.dlq_events) IS 'A dead letter as the API shows it; the first 64 KB of its bytes in base64';

CREATE TYPE taylordash.device_shape AS (
  id uuid, name text, username text, enabled boolean, publish_filters text[], subscribe_filters text[], acts_as uuid,
  created_by uuid, created_at text, updated_at text, version integer
);
COMMENT ON TYPE taylordash.device_shape IS 'Columns of device_json, in order';
CREATE FUNCTION taylordash.device_json(d taylordash.devices) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (d).id, (d).name, (d).username, (d).enabled, (d).publish_filters, (d).subscribe_filters, (d).acts_as, (d).created_by,
  taylordash.iso((d).created_at), taylordash.iso((d).updated_at), (d).version
)::taylordash.device_shape);
COMMENT ON FUNCTION taylordash.device_json(taylordash.devices) IS 'The account of a device as events carry it, without its secret';

CREATE TYPE taylordash.device_activity_shape AS (
  connected boolean, client_id text, address text, connected_at text, last_message_at text, last_topic text,
  interval_seconds double precision, quiet_since text, messages bigint, messages_hour bigint, hours bigint[], refused bigint,
  last_refused_at text, last_refusal text, dead_letters bigint
);
COMMENT ON TYPE taylordash.device_activity_shape IS 'Columns of device_activity_json, in order';
CREATE FUNCTION taylordash.device_activity_json(device uuid) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (
  SELECT row_to_json(ROW(
    coalesce(a.connected, false), a.client_id, a.address, taylordash.iso(a.connected_at), taylordash.iso(a.last_message_at),
    a.last_topic, a.interval_ms / 1000.0,
    CASE WHEN a.interval_ms IS NOT NULL AND a.last_message_at < now() - greatest(a.interval_ms * 3, 15000) * interval '1 millisecond'
      THEN taylordash.iso(a.last_message_at) END,
    coalesce(a.messages, 0),
    (SELECT coalesce(sum(c.messages), 0)::bigint FROM taylordash.device_counts c
      WHERE c.device_id = device AND c.since > now() - interval '1 hour'),
    (SELECT array_agg(coalesce(h.messages, 0) ORDER BY g.ago DESC) FROM generate_series(0, 23) AS g (ago),
      LATERAL (SELECT date_trunc('hour', now()) - g.ago * interval '1 hour' AS hour) AS t,
      LATERAL (SELECT sum(c.messages)::bigint AS messages FROM taylordash.device_counts c
        WHERE c.device_id = device AND c.since >= t.hour AND c.since < t.hour + interval '1 hour') AS h),
    coalesce(a.refused, 0), taylordash.iso(a.last_refused_at), a.last_refusal,
    (SELECT count(*) FROM public.dlq_events l WHERE l.client_identity = device::text AND l.status IN ('open', 'quarantined'))
  )::taylordash.device_activity_shape)
  FROM (SELECT device AS id) AS one LEFT JOIN taylordash.device_activity a ON a.device_id = one.id
);
COMMENT ON FUNCTION taylordash.device_activity_json(uuid) IS 'When a device was last heard, how often, and what became of it; quiet is three times its usual interval';

CREATE TABLE taylordash.mqtt_sessions (
  client_id TEXT PRIMARY KEY,
  identity TEXT NOT NULL DEFAULT '',
  seen_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE INDEX idx_mqtt_sessions_seen_at ON taylordash.mqtt_sessions (seen_at);
COMMENT ON TABLE taylordash.mqtt_sessions IS 'Persistent sessions of the embedded broker''s clients; one not seen for 30 days is forgotten';
COMMENT ON COLUMN taylordash.mqtt_sessions.client_id IS 'MQTT client id';
COMMENT ON COLUMN taylordash.mqtt_sessions.identity IS 'Device that it belongs to, empty for anonymous: nobody else may take it over';
COMMENT ON COLUMN taylordash.mqtt_sessions.seen_at IS 'Last connected or left';

CREATE TABLE taylordash.mqtt_subscriptions (
  client_id TEXT NOT NULL
    CONSTRAINT mqtt_subscriptions_client_id_fkey REFERENCES taylordash.mqtt_sessions (client_id) ON DELETE CASCADE,
  filter TEXT NOT NULL,
  qos SMALLINT NOT NULL,
  PRIMARY KEY (client_id, filter)
);
COMMENT ON TABLE taylordash.mqtt_subscriptions IS 'What each persistent session is subscribed to';
COMMENT ON COLUMN taylordash.mqtt_subscriptions.client_id IS 'Whose session';
COMMENT ON COLUMN taylordash.mqtt_subscriptions.filter IS 'Topic filter';
COMMENT ON COLUMN taylordash.mqtt_subscriptions.qos IS 'Quality of service that was granted';

CREATE TABLE taylordash.mqtt_queue (
  id BIGINT PRIMARY KEY,
  client_id TEXT NOT NULL
    CONSTRAINT mqtt_queue_client_id_fkey REFERENCES taylordash.mqtt_sessions (client_id) ON DELETE CASCADE,
  topic TEXT NOT NULL,
  payload BYTEA NOT NULL,
  qos SMALLINT NOT NULL,
  message_id INTEGER,
  released BOOLEAN NOT NULL DEFAULT FALSE
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX idx_mqtt_queue_client_id ON taylordash.mqtt_queue (client_id, id);
COMMENT ON TABLE taylordash.mqtt_queue IS 'Messages that wait for a persistent session: written before the publisher is acknowledged, deleted when the reader has';
COMMENT ON COLUMN taylordash.mqtt_queue.id IS 'Order of delivery';
COMMENT ON COLUMN taylordash.mqtt_queue.client_id IS 'For whom';
COMMENT ON COLUMN taylordash.mqtt_queue.topic IS 'As published';
COMMENT ON COLUMN taylordash.mqtt_queue.payload IS 'As published';
COMMENT ON COLUMN taylordash.mqtt_queue.qos IS 'As published';
COMMENT ON COLUMN taylordash.mqtt_queue.message_id IS 'Of QoS 2: the packet identifier that it was sent under';
COMMENT ON COLUMN taylordash.mqtt_queue.released IS 'Of QoS 2: the reader has it, and is to be sent PUBREL';

CREATE TABLE taylordash.mqtt_received (
  client_id TEXT NOT NULL
    CONSTRAINT mqtt_received_client_id_fkey REFERENCES taylordash.mqtt_sessions (client_id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL,
  PRIMARY KEY (client_id, message_id)
);
COMMENT ON TABLE taylordash.mqtt_received IS 'QoS 2 messages that were taken from a persistent session and wait for its PUBREL: the same again is a repeat';
COMMENT ON COLUMN taylordash.mqtt_received.client_id IS 'Publisher';
COMMENT ON COLUMN taylordash.mqtt_received.message_id IS 'Packet identifier';

CREATE TABLE taylordash.mqtt_retained (
  topic TEXT PRIMARY KEY,
  payload BYTEA NOT NULL,
  qos SMALLINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
COMMENT ON TABLE taylordash.mqtt_retained IS 'Retained messages of the embedded broker';
COMMENT ON COLUMN taylordash.mqtt_retained.topic IS 'One message a topic';
COMMENT ON COLUMN taylordash.mqtt_retained.payload IS 'As published';
COMMENT ON COLUMN taylordash.mqtt_retained.qos IS 'As published';
COMMENT ON COLUMN taylordash.mqtt_retained.created_at IS 'When it was published';

CREATE TABLE taylordash.mqtt_wills (
  client_id TEXT PRIMARY KEY,
  identity TEXT NOT NULL DEFAULT '',
  topic TEXT NOT NULL,
  payload BYTEA NOT NULL,
  qos SMALLINT NOT NULL,
  retain BOOLEAN NOT NULL
);
COMMENT ON TABLE taylordash.mqtt_wills IS 'Wills of clients that are connected: published at the next start where this one was killed';
COMMENT ON COLUMN taylordash.mqtt_wills.client_id IS 'Whose will';
COMMENT ON COLUMN taylordash.mqtt_wills.identity IS 'Device that it belongs to, empty for anonymous';
COMMENT ON COLUMN taylordash.mqtt_wills.topic IS 'As in the will';
COMMENT ON COLUMN taylordash.mqtt_wills.payload IS 'As in the will';
COMMENT ON COLUMN taylordash.mqtt_wills.qos IS 'As in the will';
COMMENT ON COLUMN taylordash.mqtt_wills.retain IS 'As in the will';

INSERT INTO taylordash.role_access (role_name, object_name, privileges)
SELECT 'td_app', object_name, 'SELECT, INSERT, UPDATE, DELETE' FROM unnest(ARRAY[
  'taylordash.devices', 'taylordash.device_activity', 'taylordash.device_counts',
  'taylordash.mqtt_sessions', 'taylordash.mqtt_subscriptions', 'taylordash.mqtt_queue', 'taylordash.mqtt_received',
  'taylordash.mqtt_retained', 'taylordash.mqtt_wills'
]) AS object_name;
