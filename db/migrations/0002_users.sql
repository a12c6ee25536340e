-- oldest server: 0.1.0
-- People: accounts, sessions, the audit log, set-up codes and the limiter of failed logins.

CREATE TABLE public.users (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  username VARCHAR(255) NOT NULL CONSTRAINT users_username_key UNIQUE,
  password_hash VARCHAR(255) NOT NULL,
  role VARCHAR(50) NOT NULL,
  default_view VARCHAR(100),
  single_view_mode BOOLEAN NOT NULL DEFAULT FALSE,
  created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  last_login TIMESTAMP,
  is_active BOOLEAN NOT NULL DEFAULT TRUE,
  created_by UUID CONSTRAINT users_created_by_fkey REFERENCES public.users (id),
  metadata JSONB NOT NULL DEFAULT '{}',
  time_zone TEXT NOT NULL DEFAULT 'UTC',
  week_start SMALLINT NOT NULL DEFAULT 1 CONSTRAINT users_week_start_check CHECK (week_start BETWEEN 1 AND 7),
  version INTEGER NOT NULL DEFAULT 1,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
ALTER TABLE public.users ADD CONSTRAINT users_role_check CHECK (role IN ('admin', 'viewer'));
ALTER TABLE public.users ADD CONSTRAINT users_metadata_check CHECK (jsonb_typeof(metadata) = 'object');

CREATE UNIQUE INDEX users_username_lower_key ON public.users (lower(username));
CREATE INDEX idx_users_username ON public.users (username);
CREATE INDEX idx_users_role ON public.users (role);
CREATE INDEX idx_users_created_by ON public.users (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX idx_users_created_at ON public.users (created_at, id);

COMMENT ON TABLE public.users IS 'Accounts of people and devices';
COMMENT ON COLUMN public.users.metadata IS 'Theme, density and other preferences';
COMMENT ON COLUMN public.users.time_zone IS 'IANA name; dates without a time are calendar days in it';
COMMENT ON COLUMN public.users.week_start IS 'First day of the week, 1 Monday to 7 Sunday';
COMMENT ON COLUMN public.users.version IS 'Raised by every edit of the account, not by a login; the ETag';
COMMENT ON COLUMN public.users.updated_at IS 'Last edit of the account; a login does not count';
COMMENT ON INDEX public.users_username_lower_key IS 'Usernames are unique without regard to case';

-- Only the columns that a person edits raise the version: a login sets last_login and must not void an ETag.
CREATE TRIGGER users_raise_version
  BEFORE UPDATE OF username, password_hash, role, default_view, single_view_mode, is_active, created_by, metadata, time_zone, week_start, version
  ON public.users FOR EACH ROW EXECUTE FUNCTION taylordash.raise_version();
CREATE TRIGGER users_updated_at
  BEFORE UPDATE OF username, password_hash, role, default_view, single_view_mode, is_active, created_by, metadata, time_zone, week_start, updated_at
  ON public.users FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

CREATE TABLE public.user_sessions (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id UUID NOT NULL CONSTRAINT user_sessions_user_id_fkey REFERENCES public.users (id) ON DELETE CASCADE,
  session_token VARCHAR(255) NOT NULL CONSTRAINT user_sessions_session_token_key UNIQUE,
  created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at TIMESTAMP NOT NULL,
  last_activity TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ip_address INET,
  user_agent TEXT,
  is_active BOOLEAN NOT NULL DEFAULT TRUE,
  keep_signed_in BOOLEAN NOT NULL DEFAULT FALSE,
  idle_seconds INTEGER CONSTRAINT user_sessions_idle_seconds_check CHECK (idle_seconds > 0),
  authenticated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ended_at TIMESTAMP,
  end_reason TEXT
);
CREATE INDEX idx_sessions_user_id ON public.user_sessions (user_id);
CREATE INDEX idx_sessions_token ON public.user_sessions (session_token);
CREATE INDEX idx_sessions_expires_at ON public.user_sessions (expires_at);
CREATE INDEX idx_sessions_active ON public.user_sessions (last_activity) WHERE is_active;

COMMENT ON TABLE public.user_sessions IS 'Signed-in browsers and tablets';
COMMENT ON COLUMN public.user_sessions.session_token IS 'SHA-256 of the token in hexadecimal; the token itself is nowhere kept';
COMMENT ON COLUMN public.user_sessions.expires_at IS 'The absolute limit; infinity for a paired tablet';
COMMENT ON COLUMN public.user_sessions.keep_signed_in IS 'Chosen at sign-in: the long limits apply';
COMMENT ON COLUMN public.user_sessions.idle_seconds IS 'Ends after so many seconds without activity; null: never by idleness';
COMMENT ON COLUMN public.user_sessions.authenticated_at IS 'When the password was last given in this session';
COMMENT ON COLUMN public.user_sessions.ended_at IS 'When it became inactive';
COMMENT ON COLUMN public.user_sessions.end_reason IS 'Why it became inactive, for example expired or logout';

CREATE TABLE public.auth_audit_log (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id UUID CONSTRAINT auth_audit_log_user_id_fkey REFERENCES public.users (id) ON DELETE SET NULL,
  event_type VARCHAR(50) NOT NULL,
  event_timestamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ip_address INET,
  user_agent TEXT,
  details JSONB NOT NULL DEFAULT '{}',
  seq BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT auth_audit_log_seq_key UNIQUE,
  actor_name TEXT,
  subject_id UUID
);
CREATE INDEX idx_auth_audit_log_user_id ON public.auth_audit_log (user_id, seq);
CREATE INDEX idx_auth_audit_log_event_type ON public.auth_audit_log (event_type, seq);
CREATE INDEX idx_auth_audit_log_subject_id ON public.auth_audit_log (subject_id, seq) WHERE subject_id IS NOT NULL;
CREATE INDEX idx_auth_audit_log_event_timestamp ON public.auth_audit_log (event_timestamp);

COMMENT ON TABLE public.auth_audit_log IS 'What happened around accounts; the login roles may add and read, never change or delete';
COMMENT ON COLUMN public.auth_audit_log.seq IS 'Order of the rows, for paging and the hash chain';
COMMENT ON COLUMN public.auth_audit_log.actor_name IS 'Username as it was, kept when the account is gone';
COMMENT ON COLUMN public.auth_audit_log.subject_id IS 'The account that was acted on; no foreign key, so that it survives the account';

CREATE TABLE taylordash.setup_codes (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  code_hash BYTEA NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0 CONSTRAINT setup_codes_tries_check CHECK (tries >= 0),
  used_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE INDEX idx_setup_codes_created_at ON taylordash.setup_codes (created_at);
COMMENT ON TABLE taylordash.setup_codes IS 'Single-use codes that let the first administrator in';
COMMENT ON COLUMN taylordash.setup_codes.id IS 'Code identifier';
COMMENT ON COLUMN taylordash.setup_codes.code_hash IS 'SHA-256 of the code; the code is only ever printed';
COMMENT ON COLUMN taylordash.setup_codes.expires_at IS 'From here on it is refused';
COMMENT ON COLUMN taylordash.setup_codes.tries IS 'Wrong guesses so far';
COMMENT ON COLUMN taylordash.setup_codes.used_at IS 'When it was redeemed';
COMMENT ON COLUMN taylordash.setup_codes.created_at IS 'When it was printed';

CREATE TABLE taylordash.login_limits (
  scope TEXT NOT NULL CONSTRAINT login_limits_scope_check CHECK (scope IN ('account', 'address')),
  subject TEXT NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0 CONSTRAINT login_limits_failures_check CHECK (failures >= 0),
  blocked_until TIMESTAMPTZ,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (scope, subject)
);
CREATE INDEX idx_login_limits_updated_at ON taylordash.login_limits (updated_at);
CREATE TRIGGER login_limits_updated_at BEFORE UPDATE ON taylordash.login_limits
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();
COMMENT ON TABLE taylordash.login_limits IS 'Failed logins by account and by address, for the growing delay';
COMMENT ON COLUMN taylordash.login_limits.scope IS 'account or address';
COMMENT ON COLUMN taylordash.login_limits.subject IS 'Username in lower case, or address prefix';
COMMENT ON COLUMN taylordash.login_limits.failures IS 'Failures in a row';
COMMENT ON COLUMN taylordash.login_limits.blocked_until IS 'Attempts before this moment are refused';
COMMENT ON COLUMN taylordash.login_limits.updated_at IS 'Last failure';
