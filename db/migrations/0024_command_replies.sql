-- oldest server: 0.1.0
-- Commands: what each was answered, for who sends it again because the answer was lost.

CREATE TABLE taylordash.command_replies (
  event_id BIGINT PRIMARY KEY,
  reply TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE INDEX idx_command_replies_created_at ON taylordash.command_replies (created_at);
COMMENT ON TABLE taylordash.command_replies IS 'What commands were answered, kept a day';
COMMENT ON COLUMN taylordash.command_replies.event_id IS 'Event of the command in events_mirror';
COMMENT ON COLUMN taylordash.command_replies.reply IS 'The answer as it was published, JSON';
COMMENT ON COLUMN taylordash.command_replies.created_at IS 'When it was answered';

INSERT INTO taylordash.role_access (role_name, object_name, privileges) VALUES
  ('td_app', 'taylordash.command_replies', 'SELECT, INSERT, UPDATE, DELETE');
