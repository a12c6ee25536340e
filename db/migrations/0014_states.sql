-- oldest server: 0.1.0
-- The states that components show, as core/src/states.ts derives them, and progress rounded as core rounds it.

CREATE FUNCTION taylordash.shown_state(status text, dead boolean, waits boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN status IN ('completed', 'cancelled', 'blocked') THEN status
  WHEN dead THEN 'dead_blocked'
  WHEN status = 'in_progress' THEN 'in_progress'
  WHEN waits THEN 'waiting'
  ELSE 'ready'
END;
COMMENT ON FUNCTION taylordash.shown_state(text, boolean, boolean) IS 'What a component of a status shows; dead: it leads to something cancelled, waits: a prerequisite is open';

CREATE FUNCTION taylordash.held_up(status text, late boolean, dead boolean, waits boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (status = 'in_progress' OR (status = 'pending' AND coalesce(late, FALSE))) AND NOT dead AND waits;
COMMENT ON FUNCTION taylordash.held_up(text, boolean, boolean, boolean) IS 'Is a component waiting past its start (late), or in progress over an open prerequisite?';

-- OFFSET 0 keeps the planner from reading all dependencies: each step looks up those of what it came to.
CREATE FUNCTION taylordash.dead_blocked(of_project uuid) RETURNS TABLE (component_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH RECURSIVE behind (component_id) AS (
    SELECT c.id FROM public.components c
    WHERE c.status = 'cancelled' AND (of_project IS NULL OR c.project_id = of_project)
    UNION
    SELECT n.id FROM behind b CROSS JOIN LATERAL (
      SELECT c.id FROM public.component_dependencies d JOIN public.components c ON c.id = d.component_id
      WHERE d.depends_on_id = b.component_id AND c.status NOT IN ('completed', 'cancelled')
      OFFSET 0
    ) n
  )
  SELECT b.component_id FROM behind b;
END;
COMMENT ON FUNCTION taylordash.dead_blocked(uuid) IS 'What is cancelled in a project (null: in all), and every open component that leads to it through open ones';

CREATE FUNCTION taylordash.component_states(of_project uuid, today date)
RETURNS TABLE (component_id uuid, state text, held_up boolean, open_needs integer)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT c.id, taylordash.shown_state(c.status, dead.component_id IS NOT NULL, n.open_needs > 0),
    taylordash.held_up(c.status, c.start_on < today, dead.component_id IS NOT NULL, n.open_needs > 0), n.open_needs
  FROM public.components c
    LEFT JOIN taylordash.dead_blocked(of_project) dead ON dead.component_id = c.id
    CROSS JOIN LATERAL (
      SELECT count(*)::integer AS open_needs
      FROM public.component_dependencies d JOIN public.components p ON p.id = d.depends_on_id
      WHERE d.component_id = c.id AND p.status NOT IN ('completed', 'cancelled')
    ) n
  WHERE c.project_id = of_project AND c.type IS DISTINCT FROM 'unsorted';
END;
COMMENT ON FUNCTION taylordash.component_states(uuid, date) IS 'What each component of a project shows on a day, as core derives it; without the tray';

CREATE FUNCTION taylordash.percent(part double precision, whole double precision) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN floor(part / nullif(whole, 0) + 0.5)::integer;
COMMENT ON FUNCTION taylordash.percent(double precision, double precision) IS 'A sum of percents by weight over their weight, half a percent rounded up as core does; null where nothing weighs';

-- Of each example there is at most one, and it is asked for every few seconds.
CREATE INDEX idx_projects_example ON public.projects ((metadata ->> 'example')) WHERE metadata ? 'example';

INSERT INTO taylordash.role_access (role_name, object_type, object_name, privileges)
SELECT role_name, 'function', object_name, 'EXECUTE'
FROM unnest(ARRAY['td_app', 'td_reader']) AS role_name, unnest(ARRAY[
  'taylordash.shown_state(text, boolean, boolean)', 'taylordash.held_up(text, boolean, boolean, boolean)',
  'taylordash.dead_blocked(uuid)', 'taylordash.component_states(uuid, date)',
  'taylordash.percent(double precision, double precision)'
]) AS object_name;
