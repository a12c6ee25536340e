-- oldest server: 0.1.0
-- Tasks of a whole project without their descriptions, and open tasks of one person by when they are due.

CREATE TYPE taylordash.project_task_shape AS (
  id uuid, component_id uuid, name text, status text, assignee_id uuid, due_date text, completed_at text,
  created_at text, updated_at text, priority smallint, weight double precision, rank text, due_is_date boolean,
  created_by uuid, version integer, labels text[], checklist jsonb, estimate_minutes integer, repeats jsonb
);
COMMENT ON TYPE taylordash.project_task_shape IS 'Columns of project_task_json, in order';
CREATE FUNCTION taylordash.project_task_json(t public.tasks) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (t).id, (t).component_id, (t).name, (t).status, (t).assignee_id, taylordash.iso((t).due_date),
  taylordash.iso((t).completed_at), taylordash.iso((t).created_at), taylordash.iso((t).updated_at), (t).priority,
  (t).weight, (t).rank, (t).due_is_date, (t).created_by, (t).version, (t).labels, (t).checklist, (t).estimate_minutes,
  (t).repeats
)::taylordash.project_task_shape);
COMMENT ON FUNCTION taylordash.project_task_json(public.tasks) IS 'A task as lists of a whole project have it: task_json without the description';

CREATE INDEX idx_tasks_open_due ON public.tasks (assignee_id, (coalesce(due_date, 'infinity'::timestamptz)), id)
  WHERE status <> 'done';
COMMENT ON INDEX public.idx_tasks_open_due IS 'What somebody has to do, however much they have done';
