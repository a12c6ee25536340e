-- oldest server: 0.1.0
-- What the server remembers for itself: settings and the answers to requests that carried an idempotency key.

CREATE TABLE taylordash.settings (
  key TEXT PRIMARY KEY,
  value JSONB NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_by UUID CONSTRAINT settings_updated_by_fkey REFERENCES public.users (id) ON DELETE SET NULL
);
CREATE INDEX idx_settings_updated_by ON taylordash.settings (updated_by) WHERE updated_by IS NOT NULL;
CREATE TRIGGER settings_raise_version BEFORE UPDATE ON taylordash.settings
  FOR EACH ROW EXECUTE FUNCTION taylordash.raise_version();
CREATE TRIGGER settings_updated_at BEFORE UPDATE ON taylordash.settings
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();
COMMENT ON TABLE taylordash.settings IS 'What administrators set in the application rather than in the environment';
COMMENT ON COLUMN taylordash.settings.key IS 'Name of the setting';
COMMENT ON COLUMN taylordash.settings.value IS 'Its value';
COMMENT ON COLUMN taylordash.settings.version IS 'Raised by every update; the ETag';
COMMENT ON COLUMN taylordash.settings.updated_at IS 'Last change';
COMMENT ON COLUMN taylordash.settings.updated_by IS 'Who changed it last';

CREATE TABLE taylordash.idempotency_keys (
  user_id UUID NOT NULL CONSTRAINT idempotency_keys_user_id_fkey REFERENCES public.users (id) ON DELETE CASCADE,
  key TEXT NOT NULL CONSTRAINT idempotency_keys_key_check CHECK (char_length(key) <= 200),
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  request_hash BYTEA NOT NULL,
  status INTEGER,
  headers JSONB,
  body TEXT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idx_idempotency_keys_created_at ON taylordash.idempotency_keys (created_at);
COMMENT ON TABLE taylordash.idempotency_keys IS 'Answers kept for requests that carried an Idempotency-Key, so that a repeat gets the same';
COMMENT ON COLUMN taylordash.idempotency_keys.user_id IS 'Whose key';
COMMENT ON COLUMN taylordash.idempotency_keys.key IS 'As the client sent it';
COMMENT ON COLUMN taylordash.idempotency_keys.method IS 'Of the first request';
COMMENT ON COLUMN taylordash.idempotency_keys.path IS 'Of the first request';
COMMENT ON COLUMN taylordash.idempotency_keys.request_hash IS 'SHA-256 of the first request''s body';
COMMENT ON COLUMN taylordash.idempotency_keys.status IS 'Status of the answer; null while the first request runs';
COMMENT ON COLUMN taylordash.idempotency_keys.headers IS 'Headers of the answer that a repeat needs';
COMMENT ON COLUMN taylordash.idempotency_keys.body IS 'Body of the answer';
COMMENT ON COLUMN taylordash.idempotency_keys.created_at IS 'When the key was first seen';
