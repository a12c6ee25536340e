-- oldest server: 0.1.0
-- The shape of rows on the wire, one function a table. Each is a single expression that the planner folds into the
-- query, so it costs no call; a row of a named type is written as JSON faster and shorter than json_build_object does.
-- Times go through iso(), bigints leave as text.

CREATE TYPE taylordash.project_shape AS (
  id uuid, name text, description text, status text, owner_id uuid, metadata jsonb, created_at text, updated_at text,
  start_on date, due_on date, working_days smallint[], version integer
);
COMMENT ON TYPE taylordash.project_shape IS 'Columns of project_json, in order';
CREATE FUNCTION taylordash.project_json(p public.projects) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (p).id, (p).name, (p).description, (p).status, (p).owner_id, (p).metadata, taylordash.iso((p).created_at),
  taylordash.iso((p).updated_at), (p).start_on, (p).due_on, (p).working_days, (p).version
)::taylordash.project_shape);
COMMENT ON FUNCTION taylordash.project_json(public.projects) IS 'A project as the API shows it';

CREATE TYPE taylordash.component_shape AS (
  id uuid, project_id uuid, name text, type text, status text, progress integer, "position" jsonb, metadata jsonb,
  created_at text, updated_at text, description text, start_on date, due_on date, duration_days integer, weight double precision,
  progress_mode text, assignee_id uuid, blocked_reason text, pinned boolean, version integer
);
COMMENT ON TYPE taylordash.component_shape IS 'Columns of component_json, in order';
CREATE FUNCTION taylordash.component_json(c public.components) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (c).id, (c).project_id, (c).name, (c).type, (c).status, (c).progress, (c).position, (c).metadata,
  taylordash.iso((c).created_at), taylordash.iso((c).updated_at), (c).description, (c).start_on, (c).due_on, (c).duration_days,
  (c).weight, (c).progress_mode, (c).assignee_id, (c).blocked_reason, (c).pinned, (c).version
)::taylordash.component_shape);
COMMENT ON FUNCTION taylordash.component_json(public.components) IS 'A component as the API shows it';

CREATE TYPE taylordash.task_shape AS (
  id uuid, component_id uuid, name text, description text, status text, assignee_id uuid, due_date text,
  completed_at text, created_at text, updated_at text, priority smallint, weight double precision, rank text,
  due_is_date boolean, created_by uuid, version integer
);
COMMENT ON TYPE taylordash.task_shape IS 'Columns of task_json, in order';
CREATE FUNCTION taylordash.task_json(t public.tasks) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (t).id, (t).component_id, (t).name, (t).description, (t).status, (t).assignee_id, taylordash.iso((t).due_date),
  taylordash.iso((t).completed_at), taylordash.iso((t).created_at), taylordash.iso((t).updated_at), (t).priority,
  (t).weight, (t).rank, (t).due_is_date, (t).created_by, (t).version
)::taylordash.task_shape);
COMMENT ON FUNCTION taylordash.task_json(public.tasks) IS 'A task as the API shows it';

CREATE TYPE taylordash.dependency_shape AS (
  component_id uuid, depends_on_id uuid
);
COMMENT ON TYPE taylordash.dependency_shape IS 'Columns of dependency_json, in order';
CREATE FUNCTION taylordash.dependency_json(d public.component_dependencies) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (d).component_id, (d).depends_on_id
)::taylordash.dependency_shape);
COMMENT ON FUNCTION taylordash.dependency_json(public.component_dependencies) IS 'A dependency as the API shows it';

CREATE VIEW taylordash.people AS
SELECT u.id, u.username, u.role, u.default_view, u.single_view_mode, u.created_at, u.last_login, u.is_active, u.created_by,
       u.metadata, u.time_zone, u.week_start, u.version, u.updated_at
FROM public.users u;
COMMENT ON VIEW taylordash.people IS 'users without the password hash, for roles that may not read it: a function over a whole row needs the right to every column';

CREATE TYPE taylordash.user_shape AS (
  id uuid, username text, role text, default_view text, single_view_mode boolean, created_at text, last_login text,
  is_active boolean, created_by uuid, metadata jsonb, time_zone text, week_start smallint, version integer,
  updated_at text
);
COMMENT ON TYPE taylordash.user_shape IS 'Columns of user_json, in order';
CREATE FUNCTION taylordash.user_json(u public.users) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (u).id, (u).username, (u).role, (u).default_view, (u).single_view_mode, taylordash.iso((u).created_at),
  taylordash.iso((u).last_login), (u).is_active, (u).created_by, (u).metadata, (u).time_zone, (u).week_start,
  (u).version, taylordash.iso((u).updated_at)
)::taylordash.user_shape);
COMMENT ON FUNCTION taylordash.user_json(public.users) IS 'A user as the API shows it, without the password hash; for td_auth';

CREATE FUNCTION taylordash.user_json(u taylordash.people) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (u).id, (u).username, (u).role, (u).default_view, (u).single_view_mode, taylordash.iso((u).created_at),
  taylordash.iso((u).last_login), (u).is_active, (u).created_by, (u).metadata, (u).time_zone, (u).week_start,
  (u).version, taylordash.iso((u).updated_at)
)::taylordash.user_shape);
COMMENT ON FUNCTION taylordash.user_json(taylordash.people) IS 'A user as the API shows it; for every role';

CREATE TYPE taylordash.event_shape AS (
  id text, topic text, kind text, ts text, trace_id uuid, idempotency_key text, payload jsonb, source text,
  client_id text, change_id uuid, project_id uuid, entity_id uuid, actor_id uuid, created_at text
);
COMMENT ON TYPE taylordash.event_shape IS 'Columns of event_json, in order';
CREATE FUNCTION taylordash.event_json(e public.events_mirror) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (e).id::text, (e).topic, (e).payload->>'kind', (e).payload->>'ts', (e).trace_id, (e).payload->>'idempotency_key',
  (e).payload->'payload', (e).source, (e).client_id, (e).change_id, (e).project_id, (e).entity_id, (e).actor_id,
  taylordash.iso((e).created_at)
)::taylordash.event_shape);
COMMENT ON FUNCTION taylordash.event_json(public.events_mirror) IS 'An event as the API and the live stream show it: the envelope flat, the inner payload as payload';

CREATE TYPE taylordash.dead_letter_shape AS (
  id text, original_topic text, failure_reason text, payload jsonb, created_at text, raw_base64 text,
  raw_size integer, reason_code text, error_class text, stage text, client_id text, qos smallint, retain boolean,
  sqlstate text, fingerprint text, event_key text, event_id text, attempts integer, hops smallint,
  first_failed_at text, last_failed_at text, status text, replay_id uuid, resolved_by uuid, resolved_at text,
  note text
);
COMMENT ON TYPE taylordash.dead_letter_shape IS 'Columns of dead_letter_json, in order';
CREATE FUNCTION taylordash.dead_letter_json(d public.dlq_events) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (d).id::text, (d).original_topic, (d).failure_reason, (d).payload, taylordash.iso((d).created_at),
  coalesce(translate(encode(substring((d).raw FROM 1 FOR 65536), 'base64'), E'\n', ''), ''), coalesce(octet_length((d).raw), 0), (d).reason_code,
  (d).error_class, (d).stage, (d).client_id, (d).qos, (d).retain, (d).sqlstate, coalesce(encode((d).fingerprint, 'hex'), ''),
  (d).event_key, (d).event_id::text, (d).attempts, (d).hops, taylordash.iso((d).first_failed_at),
  taylordash.iso((d).last_failed_at), (d).status, (d).replay_id, (d).resolved_by, taylordash.iso((d).resolved_at),
  (d).note
)::taylordash.dead_letter_shape);
COMMENT ON FUNCTION taylordash.dead_letter_json(public.dlq_events) IS 'A dead letter as the API shows it; the first 64 KB of its bytes in base64';
