-- oldest server: 0.1.0
-- Signals: the last value of each topic that a device or a bridge publishes on, and the bindings that make something of them.

CREATE TABLE taylordash.signals (
  topic TEXT PRIMARY KEY,
  device_id UUID CONSTRAINT signals_device_id_fkey REFERENCES taylordash.devices (id) ON DELETE CASCADE,
  payload BYTEA NOT NULL,
  qos SMALLINT NOT NULL,
  retain BOOLEAN NOT NULL,
  messages BIGINT NOT NULL,
  interval_ms BIGINT,
  first_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  last_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
) WITH (fillfactor = 70);
CREATE INDEX idx_signals_device_id ON taylordash.signals (device_id, topic) WHERE device_id IS NOT NULL;
CREATE INDEX idx_signals_last_at ON taylordash.signals (last_at);
COMMENT ON TABLE taylordash.signals IS 'The last message on each topic, written every few seconds; a topic that is silent for 30 days is forgotten';
COMMENT ON COLUMN taylordash.signals.topic IS 'As published';
COMMENT ON COLUMN taylordash.signals.device_id IS 'Who published last, where it has an account';
COMMENT ON COLUMN taylordash.signals.payload IS 'The message, 64 KB at the most';
COMMENT ON COLUMN taylordash.signals.qos IS 'Quality of service; 0 is not confirmed';
COMMENT ON COLUMN taylordash.signals.retain IS 'Whether it was published as retained';
COMMENT ON COLUMN taylordash.signals.messages IS 'Messages on the topic so far';
COMMENT ON COLUMN taylordash.signals.interval_ms IS 'The usual time between two of them: the median of the last ones';
COMMENT ON COLUMN taylordash.signals.first_at IS 'The first message';
COMMENT ON COLUMN taylordash.signals.last_at IS 'The last message';

CREATE TABLE taylordash.bindings (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  topic_filter TEXT NOT NULL CONSTRAINT bindings_topic_filter_check CHECK (char_length(topic_filter) BETWEEN 1 AND 255),
  path TEXT NOT NULL DEFAULT '' CONSTRAINT bindings_path_check CHECK (char_length(path) <= 255),
  target JSONB NOT NULL CONSTRAINT bindings_target_check CHECK (jsonb_typeof(target) = 'object'),
  component_id UUID CONSTRAINT bindings_component_id_fkey REFERENCES public.components (id) ON DELETE CASCADE,
  enabled BOOLEAN NOT NULL DEFAULT TRUE,
  created_by UUID CONSTRAINT bindings_created_by_fkey REFERENCES public.users (id) ON DELETE SET NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE INDEX idx_bindings_topic_filter ON taylordash.bindings (topic_filter, id);
CREATE INDEX idx_bindings_component_id ON taylordash.bindings (component_id) WHERE component_id IS NOT NULL;
CREATE INDEX idx_bindings_created_by ON taylordash.bindings (created_by) WHERE created_by IS NOT NULL;
CREATE TRIGGER bindings_raise_version BEFORE UPDATE ON taylordash.bindings
  FOR EACH ROW EXECUTE FUNCTION taylordash.raise_version();
CREATE TRIGGER bindings_updated_at BEFORE UPDATE ON taylordash.bindings
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();
COMMENT ON TABLE taylordash.bindings IS 'What a value on a topic drives: a metric, the progress or the status of a component';
COMMENT ON COLUMN taylordash.bindings.id IS 'Names the binding in events and dead letters';
COMMENT ON COLUMN taylordash.bindings.topic_filter IS 'MQTT topic filter';
COMMENT ON COLUMN taylordash.bindings.path IS 'Where the value is in a JSON message, `a.b[0]`; empty: the whole message';
COMMENT ON COLUMN taylordash.bindings.target IS 'kind metric, progress or status, and what that needs';
COMMENT ON COLUMN taylordash.bindings.component_id IS 'The component of the target, where it has one: the binding goes with it';
COMMENT ON COLUMN taylordash.bindings.enabled IS 'False: nothing is done';
COMMENT ON COLUMN taylordash.bindings.created_by IS 'Who made it';
COMMENT ON COLUMN taylordash.bindings.version IS 'Raised by every update; the ETag';
COMMENT ON COLUMN taylordash.bindings.created_at IS 'When it was made';
COMMENT ON COLUMN taylordash.bindings.updated_at IS 'Last change';

CREATE TABLE taylordash.binding_results (
  binding_id UUID PRIMARY KEY CONSTRAINT binding_results_binding_id_fkey REFERENCES taylordash.bindings (id) ON DELETE CASCADE,
  last_value TEXT,
  last_read_at TIMESTAMPTZ,
  last_applied_at TIMESTAMPTZ,
  applied BIGINT NOT NULL DEFAULT 0,
  unreadable BIGINT NOT NULL DEFAULT 0,
  last_error TEXT
) WITH (fillfactor = 70);
COMMENT ON TABLE taylordash.binding_results IS 'How each binding does, written every few seconds';
COMMENT ON COLUMN taylordash.binding_results.binding_id IS 'The binding';
COMMENT ON COLUMN taylordash.binding_results.last_value IS 'The value that was read last, as text';
COMMENT ON COLUMN taylordash.binding_results.last_read_at IS 'When that was';
COMMENT ON COLUMN taylordash.binding_results.last_applied_at IS 'When it last changed something';
COMMENT ON COLUMN taylordash.binding_results.applied IS 'How often it changed something';
COMMENT ON COLUMN taylordash.binding_results.unreadable IS 'Messages whose value could not be read';
COMMENT ON COLUMN taylordash.binding_results.last_error IS 'What went wrong last, null since it went well';

CREATE TYPE taylordash.signal_shape AS (
  topic text, device_id uuid, text text, raw_base64 text, size integer, qos smallint, retain boolean, messages bigint,
  interval_seconds double precision, first_at text, last_at text
);
COMMENT ON TYPE taylordash.signal_shape IS 'Columns of signal_json, in order';
CREATE FUNCTION taylordash.readable(bytes bytea) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN convert_from(bytes, 'UTF8');
EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION taylordash.readable(bytea) IS 'Bytes as text, or null where they are none';
CREATE FUNCTION taylordash.signal_json(s taylordash.signals) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (s).topic, (s).device_id, left(taylordash.readable((s).payload), 4096),
  CASE WHEN taylordash.readable((s).payload) IS NULL THEN encode(substring((s).payload FROM 1 FOR 4096), 'base64') END,
  octet_length((s).payload), (s).qos, (s).retain, (s).messages, (s).interval_ms / 1000.0, taylordash.iso((s).first_at),
  taylordash.iso((s).last_at)
)::taylordash.signal_shape);
COMMENT ON FUNCTION taylordash.signal_json(taylordash.signals) IS 'A signal as the API shows it, its first 4 KB';

CREATE TYPE taylordash.binding_shape AS (
  id uuid, topic_filter text, path text, target jsonb, enabled boolean, created_by uuid, created_at text, updated_at text,
  version integer
);
COMMENT ON TYPE taylordash.binding_shape IS 'Columns of binding_json, in order';
CREATE FUNCTION taylordash.binding_json(b taylordash.bindings) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (b).id, (b).topic_filter, (b).path, (b).target, (b).enabled, (b).created_by, taylordash.iso((b).created_at),
  taylordash.iso((b).updated_at), (b).version
)::taylordash.binding_shape);
COMMENT ON FUNCTION taylordash.binding_json(taylordash.bindings) IS 'A binding as events carry it';

CREATE TYPE taylordash.binding_result_shape AS (
  last_value text, last_read_at text, last_applied_at text, applied bigint, unreadable bigint, last_error text
);
COMMENT ON TYPE taylordash.binding_result_shape IS 'Columns of binding_result_json, in order';
CREATE FUNCTION taylordash.binding_result_json(binding uuid) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (
  SELECT row_to_json(ROW(r.last_value, taylordash.iso(r.last_read_at), taylordash.iso(r.last_applied_at),
    coalesce(r.applied, 0), coalesce(r.unreadable, 0), r.last_error)::taylordash.binding_result_shape)
  FROM (SELECT binding AS id) AS one LEFT JOIN taylordash.binding_results r ON r.binding_id = one.id
);
COMMENT ON FUNCTION taylordash.binding_result_json(uuid) IS 'How a binding does';

INSERT INTO taylordash.role_access (role_name, object_name, privileges)
SELECT 'td_app', object_name, 'SELECT, INSERT, UPDATE, DELETE' FROM unnest(ARRAY[
  'taylordash.signals', 'taylordash.bindings', 'taylordash.binding_results'
]) AS object_name;
