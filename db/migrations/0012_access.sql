-- oldest server: 0.1.0
-- Who may touch what. td_app serves requests that change things, td_reader those of viewers and plugins, td_auth
-- accounts and sessions. The runner calls apply_access() in the transaction of the last migration that it applies.

INSERT INTO taylordash.role_access (role_name, object_name, privileges)
SELECT 'td_app', object_name, 'SELECT, INSERT, UPDATE, DELETE' FROM unnest(ARRAY[
  'public.projects', 'public.components', 'public.component_dependencies', 'public.tasks',
  'public.events_mirror', 'public.dlq_events',
  'public.plugins', 'public.plugin_security_violations', 'public.plugin_api_access', 'public.plugin_dependencies',
  'public.plugin_config_history', 'public.plugin_health_checks',
  'logging.application_logs', 'logging.system_metrics', 'logging.retention_policies', 'logging.log_stream',
  'taylordash.outbox', 'taylordash.event_keys', 'taylordash.cursors', 'taylordash.user_grants',
  'taylordash.idempotency_keys', 'taylordash.settings'
]) AS object_name;

-- Accounts and their credentials are td_auth's. It writes the outbox too: a change and its event are one transaction.
INSERT INTO taylordash.role_access (role_name, object_name, privileges)
SELECT 'td_auth', object_name, 'SELECT, INSERT, UPDATE, DELETE' FROM unnest(ARRAY[
  'public.users', 'public.user_sessions', 'taylordash.setup_codes', 'taylordash.login_limits', 'taylordash.user_grants',
  'taylordash.idempotency_keys', 'taylordash.settings'
]) AS object_name;
INSERT INTO taylordash.role_access (role_name, object_name, privileges) VALUES
  ('td_auth', 'taylordash.outbox', 'SELECT, INSERT'),
  ('td_auth', 'taylordash.schema_migrations', 'SELECT'),
  -- Handing over what a user owns before the account is deleted.
  ('td_auth', 'public.projects', 'SELECT, UPDATE'),
  ('td_auth', 'public.components', 'SELECT, UPDATE'),
  ('td_auth', 'public.tasks', 'SELECT, UPDATE'),
  ('td_auth', 'public.auth_audit_log', 'SELECT, INSERT'),
  ('td_app', 'public.auth_audit_log', 'SELECT, INSERT'),
  ('td_app', 'taylordash.schema_migrations', 'SELECT');

INSERT INTO taylordash.role_access (role_name, object_name, privileges, visible_columns)
SELECT role_name, 'public.users', 'SELECT',
  'id, username, role, default_view, single_view_mode, created_at, last_login, is_active, created_by, metadata, time_zone, week_start, version, updated_at'
FROM unnest(ARRAY['td_app', 'td_reader']) AS role_name;

INSERT INTO taylordash.role_access (role_name, object_name, privileges)
SELECT 'td_reader', object_name, 'SELECT' FROM unnest(ARRAY[
  'public.projects', 'public.components', 'public.component_dependencies', 'public.tasks',
  'public.plugin_health_checks',
  'logging.application_logs', 'logging.system_metrics', 'logging.retention_policies', 'logging.log_stream',
  'taylordash.user_grants', 'taylordash.schema_migrations'
]) AS object_name;
INSERT INTO taylordash.role_access (role_name, object_name, privileges, visible_columns) VALUES
  ('td_reader', 'public.plugins', 'SELECT',
   'id, name, version, description, author, type, repository_url, manifest, permissions, status, security_violations, security_score, installed_at, created_at, updated_at');
INSERT INTO taylordash.role_access (role_name, object_name, privileges, visible_rows) VALUES
  ('td_reader', 'public.events_mirror', 'SELECT',
   'starts_with(topic, ''tracker/events/projects/'') OR starts_with(topic, ''tracker/events/components/'') OR starts_with(topic, ''tracker/events/tasks/'')');

INSERT INTO taylordash.role_access (role_name, object_type, object_name, privileges)
SELECT role_name, 'view', 'taylordash.people', 'SELECT' FROM unnest(ARRAY['td_app', 'td_auth', 'td_reader']) AS role_name;
INSERT INTO taylordash.role_access (role_name, object_type, object_name, privileges)
SELECT role_name, 'view', object_name, 'SELECT'
FROM unnest(ARRAY['td_app', 'td_reader']) AS role_name,
     unnest(ARRAY['plugin_management.plugin_stats', 'logging.error_summary', 'logging.recent_logs']) AS object_name;
INSERT INTO taylordash.role_access (role_name, object_type, object_name, privileges) VALUES
  ('td_app', 'view', 'plugin_management.security_summary', 'SELECT'),
  ('td_app', 'function', 'taylordash.ensure_partitions()', 'EXECUTE'),
  ('td_app', 'function', 'taylordash.newest_event_id()', 'EXECUTE'),
  ('td_reader', 'function', 'taylordash.newest_event_id()', 'EXECUTE'),
  ('td_app', 'function', 'logging.cleanup_old_logs(integer, integer, integer)', 'EXECUTE'),
  ('td_app', 'function', 'public.cleanup_expired_sessions()', 'EXECUTE'),
  ('td_auth', 'function', 'public.cleanup_expired_sessions()', 'EXECUTE');

-- Known to the owner alone, and named so that a test can tell a forgotten table from a deliberate one.
ALTER TABLE taylordash.role_access ENABLE ROW LEVEL SECURITY;
