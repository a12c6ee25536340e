-- oldest server: 0.1.0
-- What a reading includes although no event has told of it yet, so that a live view counts nothing twice.

CREATE FUNCTION taylordash.untold_changes() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
RETURN (SELECT coalesce(array_agg(DISTINCT o.change_id), '{}') FROM taylordash.outbox o WHERE o.change_id IS NOT NULL);
REVOKE ALL ON FUNCTION taylordash.untold_changes() FROM PUBLIC;
COMMENT ON FUNCTION taylordash.untold_changes() IS 'Changes in this snapshot of which not every event is in events_mirror yet';

INSERT INTO taylordash.role_access (role_name, object_type, object_name, privileges) VALUES
  ('td_app', 'function', 'taylordash.untold_changes()', 'EXECUTE'),
  ('td_reader', 'function', 'taylordash.untold_changes()', 'EXECUTE');
