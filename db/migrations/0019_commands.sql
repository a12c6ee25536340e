-- oldest server: 0.1.0
-- Commands: where the answer is wanted to one that an external broker brought.

CREATE TABLE taylordash.command_responses (
  key TEXT PRIMARY KEY CONSTRAINT command_responses_key_check CHECK (char_length(key) <= 200),
  response_topic TEXT NOT NULL,
  correlation BYTEA,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE INDEX idx_command_responses_created_at ON taylordash.command_responses (created_at);
COMMENT ON TABLE taylordash.command_responses IS 'MQTT 5 response topics of commands, kept a day';
COMMENT ON COLUMN taylordash.command_responses.key IS 'Idempotency key of the command';
COMMENT ON COLUMN taylordash.command_responses.response_topic IS 'Where the answer is wanted';
COMMENT ON COLUMN taylordash.command_responses.correlation IS 'Correlation data, given back as they came';
COMMENT ON COLUMN taylordash.command_responses.created_at IS 'When the command came';

INSERT INTO taylordash.role_access (role_name, object_name, privileges) VALUES
  ('td_app', 'taylordash.command_responses', 'SELECT, INSERT, UPDATE, DELETE');
