-- oldest server: 0.1.0
-- Logs and metrics: the tables, how long they are kept, and the window that live viewing reads.

CREATE TABLE logging.application_logs (
  id BIGSERIAL PRIMARY KEY,
  timestamp TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  level VARCHAR(10) NOT NULL,
  service VARCHAR(50) NOT NULL,
  category VARCHAR(20) NOT NULL,
  severity VARCHAR(10) NOT NULL DEFAULT 'INFO' CONSTRAINT logs_severity_check CHECK (severity IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFO')),
  message TEXT NOT NULL,
  details TEXT,
  trace_id UUID,
  request_id UUID,
  user_id UUID,
  endpoint VARCHAR(200),
  method VARCHAR(10),
  status_code INTEGER,
  duration_ms INTEGER,
  error_code VARCHAR(50),
  stack_trace TEXT,
  context JSONB,
  environment VARCHAR(20) NOT NULL DEFAULT 'production',
  log_date DATE GENERATED ALWAYS AS ((timestamp AT TIME ZONE 'UTC')::date) STORED,
  retention_date TIMESTAMPTZ GENERATED ALWAYS AS (((timestamp AT TIME ZONE 'UTC') + INTERVAL '30 days') AT TIME ZONE 'UTC') STORED
) PARTITION BY RANGE (id);
ALTER TABLE logging.application_logs ADD CONSTRAINT logs_level_check CHECK (level IN ('ERROR', 'WARN', 'INFO', 'DEBUG'));
CREATE INDEX idx_app_logs_timestamp ON logging.application_logs (timestamp DESC);
CREATE INDEX idx_app_logs_level ON logging.application_logs (level);
CREATE INDEX idx_app_logs_service ON logging.application_logs (service);
CREATE INDEX idx_app_logs_trace_id ON logging.application_logs (trace_id);
CREATE INDEX idx_app_logs_context_gin ON logging.application_logs USING GIN (context);
CREATE INDEX idx_app_logs_service_level_time ON logging.application_logs (service, level, timestamp DESC);
COMMENT ON TABLE logging.application_logs IS 'Log entries. Partitioned by 1,000,000 ids';
COMMENT ON COLUMN logging.application_logs.log_date IS 'Day of the entry in UTC';
COMMENT ON COLUMN logging.application_logs.retention_date IS '30 days after the entry: informs, never decides; retention_policies decides';

CREATE TABLE logging.system_metrics (
  id BIGSERIAL PRIMARY KEY,
  timestamp TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  service VARCHAR(50) NOT NULL,
  metric_name VARCHAR(100) NOT NULL,
  metric_value DOUBLE PRECISION NOT NULL,
  metric_unit VARCHAR(20),
  tags JSONB
);
CREATE INDEX idx_sys_metrics_tags_gin ON logging.system_metrics USING GIN (tags);
CREATE INDEX idx_sys_metrics_series ON logging.system_metrics (service, metric_name, timestamp DESC);
CREATE INDEX idx_sys_metrics_timestamp ON logging.system_metrics (timestamp);
COMMENT ON TABLE logging.system_metrics IS 'Numbers that services and devices report';

CREATE TABLE logging.retention_policies (
  service VARCHAR(50) NOT NULL,
  level VARCHAR(10) NOT NULL CONSTRAINT retention_policies_level_check CHECK (level IN ('ERROR', 'WARN', 'INFO', 'DEBUG', 'ALL')),
  retention_days INTEGER NOT NULL CONSTRAINT retention_policies_retention_days_check CHECK (retention_days > 0),
  PRIMARY KEY (service, level)
);
COMMENT ON TABLE logging.retention_policies IS 'Days that log entries are kept: the exact level before ALL, then 30';

INSERT INTO logging.retention_policies (service, level, retention_days) VALUES
  ('taylordash-backend', 'ERROR', 90),
  ('taylordash-backend', 'WARN', 60),
  ('taylordash-backend', 'INFO', 30),
  ('taylordash-backend', 'DEBUG', 7),
  ('taylordash-broker', 'ERROR', 90),
  ('taylordash-broker', 'WARN', 60),
  ('taylordash-broker', 'INFO', 30),
  ('taylordash-broker', 'DEBUG', 7),
  ('taylordash-plugins', 'ERROR', 90),
  ('taylordash-plugins', 'WARN', 60),
  ('taylordash-plugins', 'INFO', 30),
  ('taylordash-plugins', 'DEBUG', 7),
  ('taylordash-web', 'ERROR', 90),
  ('taylordash-web', 'ALL', 30),
  ('security', 'ALL', 365),
  ('audit', 'ALL', 2555);

CREATE UNLOGGED TABLE logging.log_stream (
  id BIGSERIAL PRIMARY KEY,
  log_id BIGINT NOT NULL,
  timestamp TIMESTAMPTZ NOT NULL,
  level VARCHAR(10) NOT NULL,
  service VARCHAR(50) NOT NULL,
  category VARCHAR(20) NOT NULL,
  severity VARCHAR(10) NOT NULL,
  message TEXT NOT NULL,
  trace_id UUID
);
CREATE INDEX idx_log_stream_timestamp ON logging.log_stream (timestamp);
COMMENT ON TABLE logging.log_stream IS 'The last hour of log entries for live viewing; unlogged, a crash empties it. Ids are not commit ordered: readers look back five seconds';
COMMENT ON COLUMN logging.log_stream.log_id IS 'The entry in application_logs';
COMMENT ON COLUMN logging.log_stream.message IS 'First 2,000 characters';

CREATE FUNCTION logging.fill_log_stream() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO logging.log_stream (log_id, timestamp, level, service, category, severity, message, trace_id)
  SELECT n.id, n.timestamp, n.level, n.service, n.category, n.severity, left(n.message, 2000), n.trace_id
  FROM new_rows n WHERE n.timestamp > now() - INTERVAL '1 hour' ORDER BY n.id;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION logging.fill_log_stream() IS 'Copies new log entries to log_stream, one statement for each insert';
CREATE TRIGGER application_logs_stream AFTER INSERT ON logging.application_logs
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION logging.fill_log_stream();
