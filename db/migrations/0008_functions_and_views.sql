-- oldest server: 0.1.0
-- The functions and views that the reference names.

CREATE FUNCTION public.cleanup_expired_sessions() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
  ended integer;
BEGIN
  WITH due AS (
    -- Skips sessions that a request holds: the next run takes them.
    SELECT s.id FROM public.user_sessions s
    WHERE s.is_active AND (s.expires_at <= LOCALTIMESTAMP
       OR s.last_activity <= LOCALTIMESTAMP - s.idle_seconds * INTERVAL '1 second')
    FOR UPDATE SKIP LOCKED
  ), expired AS (
    UPDATE public.user_sessions s SET is_active = FALSE, ended_at = LOCALTIMESTAMP, end_reason = 'expired'
    FROM due WHERE s.id = due.id
    RETURNING s.id, s.user_id, s.ip_address, s.user_agent
  ), audited AS (
    INSERT INTO public.auth_audit_log (user_id, event_type, ip_address, user_agent, details, actor_name, subject_id)
    SELECT e.user_id, 'session_expired', e.ip_address, e.user_agent, jsonb_build_object('session_id', e.id), u.username, e.user_id
    FROM expired e JOIN public.users u ON u.id = e.user_id
  )
  SELECT count(*) INTO ended FROM expired;
  RETURN ended;
END
$$;
REVOKE ALL ON FUNCTION public.cleanup_expired_sessions() FROM PUBLIC;
COMMENT ON FUNCTION public.cleanup_expired_sessions() IS 'Ends sessions past their absolute or idle limit, audits session_expired for each, returns how many';

CREATE FUNCTION logging.insert_log(
  p_level text,
  p_service text,
  p_message text,
  p_category text DEFAULT 'general',
  p_severity text DEFAULT NULL,
  p_details text DEFAULT NULL,
  p_trace_id uuid DEFAULT NULL,
  p_request_id uuid DEFAULT NULL,
  p_user_id uuid DEFAULT NULL,
  p_endpoint text DEFAULT NULL,
  p_method text DEFAULT NULL,
  p_status_code integer DEFAULT NULL,
  p_duration_ms integer DEFAULT NULL,
  p_error_code text DEFAULT NULL,
  p_stack_trace text DEFAULT NULL,
  p_context jsonb DEFAULT NULL,
  p_environment text DEFAULT 'production'
) RETURNS bigint
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
  INSERT INTO logging.application_logs (level, service, category, severity, message, details, trace_id, request_id, user_id,
    endpoint, method, status_code, duration_ms, error_code, stack_trace, context, environment)
  VALUES (upper(p_level), left(p_service, 50), left(p_category, 20),
    coalesce(upper(p_severity), CASE upper(p_level) WHEN 'ERROR' THEN 'HIGH' WHEN 'WARN' THEN 'MEDIUM' ELSE 'INFO' END),
    p_message, p_details, p_trace_id, p_request_id, p_user_id, left(p_endpoint, 200), left(p_method, 10), p_status_code,
    p_duration_ms, left(p_error_code, 50), p_stack_trace, p_context, left(p_environment, 20))
  RETURNING id
$$;
COMMENT ON FUNCTION logging.insert_log(text, text, text, text, text, text, uuid, uuid, uuid, text, text, integer, integer, text, text, jsonb, text)
  IS 'Writes one log entry and returns its id; what is too long for its column is cut';

CREATE FUNCTION logging.cleanup_old_logs(
  batch_size integer DEFAULT 10000,
  metrics_days integer DEFAULT 30,
  api_access_days integer DEFAULT 90
) RETURNS TABLE (table_name text, deleted bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  pair record;
  room bigint;
  gone bigint;
BEGIN
  IF batch_size < 1 OR metrics_days < 1 OR api_access_days < 1 THEN
    RAISE invalid_parameter_value USING MESSAGE = 'batch_size and days must be positive';
  END IF;

  table_name := 'application_logs';
  deleted := 0;
  -- The distinct pairs are found by skipping through idx_app_logs_service_level_time, so that entries that are old and
  -- still kept cost nothing.
  FOR pair IN
    WITH RECURSIVE pairs AS (
      (SELECT l.service, l.level FROM logging.application_logs l ORDER BY l.service, l.level LIMIT 1)
      UNION ALL
      SELECT n.service, n.level FROM pairs p CROSS JOIN LATERAL (
        SELECT l.service, l.level FROM logging.application_logs l
        WHERE (l.service, l.level) > (p.service, p.level) ORDER BY l.service, l.level LIMIT 1) n
    )
    SELECT p.service, p.level, coalesce(exact.retention_days, every.retention_days, 30) AS days
    FROM pairs p
    LEFT JOIN logging.retention_policies exact ON exact.service = p.service AND exact.level = p.level
    LEFT JOIN logging.retention_policies every ON every.service = p.service AND every.level = 'ALL'
  LOOP
    room := batch_size - deleted;
    EXIT WHEN room <= 0;
    DELETE FROM logging.application_logs WHERE id IN (
      SELECT l.id FROM logging.application_logs l
      WHERE l.service = pair.service AND l.level = pair.level AND l.timestamp < now() - pair.days * INTERVAL '1 day'
      LIMIT room);
    GET DIAGNOSTICS gone = ROW_COUNT;
    deleted := deleted + gone;
  END LOOP;
  RETURN NEXT;

  table_name := 'system_metrics';
  DELETE FROM logging.system_metrics WHERE id IN (
    SELECT m.id FROM logging.system_metrics m WHERE m.timestamp < now() - metrics_days * INTERVAL '1 day'
    ORDER BY m.timestamp LIMIT batch_size);
  GET DIAGNOSTICS deleted = ROW_COUNT;
  RETURN NEXT;

  table_name := 'plugin_api_access';
  DELETE FROM public.plugin_api_access WHERE id IN (
    SELECT a.id FROM public.plugin_api_access a WHERE a.timestamp < now() - api_access_days * INTERVAL '1 day'
    ORDER BY a.timestamp LIMIT batch_size);
  GET DIAGNOSTICS deleted = ROW_COUNT;
  RETURN NEXT;

  table_name := 'log_stream';
  DELETE FROM logging.log_stream WHERE id IN (
    SELECT s.id FROM logging.log_stream s WHERE s.timestamp < now() - INTERVAL '1 hour'
    ORDER BY s.timestamp LIMIT batch_size);
  GET DIAGNOSTICS deleted = ROW_COUNT;
  RETURN NEXT;
END
$$;
REVOKE ALL ON FUNCTION logging.cleanup_old_logs(integer, integer, integer) FROM PUBLIC;
COMMENT ON FUNCTION logging.cleanup_old_logs(integer, integer, integer)
  IS 'Deletes one batch of what retention no longer keeps and returns how many rows of each table; call it until all are zero';

CREATE FUNCTION taylordash.newest_event_id() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
RETURN coalesce((SELECT max(e.id) FROM public.events_mirror e), 0);
REVOKE ALL ON FUNCTION taylordash.newest_event_id() FROM PUBLIC;
COMMENT ON FUNCTION taylordash.newest_event_id() IS 'Highest id of events_mirror in this snapshot, 0 where it is empty; past the row policy, under which max(id) would read back to the last event that the role may see';

CREATE VIEW plugin_management.plugin_stats WITH (security_invoker = true) AS
SELECT count(*) AS total_plugins,
       count(*) FILTER (WHERE status = 'pending') AS pending,
       count(*) FILTER (WHERE status = 'installing') AS installing,
       count(*) FILTER (WHERE status = 'installed') AS installed,
       count(*) FILTER (WHERE status = 'disabled') AS disabled,
       count(*) FILTER (WHERE status = 'failed') AS failed,
       count(*) FILTER (WHERE status = 'updating') AS updating,
       count(*) FILTER (WHERE status = 'uninstalling') AS uninstalling,
       count(*) FILTER (WHERE status = 'uninstalled') AS uninstalled,
       count(*) FILTER (WHERE security_violations > 0) AS with_violations,
       round(avg(security_score), 2) AS average_security_score,
       min(security_score) AS minimum_security_score,
       max(installed_at) AS last_installed_at
FROM public.plugins;
COMMENT ON VIEW plugin_management.plugin_stats IS 'One row: plugins by status, how many have violations, scores, last install';

CREATE VIEW plugin_management.security_summary WITH (security_invoker = true) AS
SELECT p.id AS plugin_id,
       p.name,
       p.status,
       p.security_score,
       count(v.id) AS total_violations,
       count(v.id) FILTER (WHERE v.severity = 'low') AS low,
       count(v.id) FILTER (WHERE v.severity = 'medium') AS medium,
       count(v.id) FILTER (WHERE v.severity = 'high') AS high,
       count(v.id) FILTER (WHERE v.severity = 'critical') AS critical,
       count(v.id) FILTER (WHERE NOT v.resolved) AS open_violations,
       max(v.timestamp) AS last_violation_at
FROM public.plugins p
LEFT JOIN public.plugin_security_violations v ON v.plugin_id = p.id
GROUP BY p.id;
COMMENT ON VIEW plugin_management.security_summary IS 'A row a plugin: violations by severity, open ones, the last one, the score';

CREATE VIEW logging.error_summary WITH (security_invoker = true) AS
SELECT date_trunc('hour', l.timestamp, 'UTC') AS hour,
       l.service,
       l.category,
       l.error_code,
       count(*) AS error_count,
       min(l.timestamp) AS first_seen,
       max(l.timestamp) AS last_seen
FROM logging.application_logs l
WHERE l.level = 'ERROR'
GROUP BY 1, 2, 3, 4;
COMMENT ON VIEW logging.error_summary IS 'Errors by hour, service, category and error code, with first and last seen';

CREATE VIEW logging.recent_logs WITH (security_invoker = true) AS
SELECT l.id, l.timestamp, l.level, l.service, l.category, l.severity, l.message, l.details, l.trace_id, l.request_id,
       l.user_id, l.endpoint, l.method, l.status_code, l.duration_ms, l.error_code, l.context, l.environment
FROM logging.application_logs l
WHERE l.timestamp > now() - INTERVAL '24 hours'
ORDER BY l.timestamp DESC, l.id DESC
LIMIT 1000;
COMMENT ON VIEW logging.recent_logs IS 'The newest 1,000 entries of the last 24 hours';
