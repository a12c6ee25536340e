-- oldest server: 0.1.0
-- apply_access() leaves alone what already is as role_access says. To enable row security or make a policy takes a lock on
-- the table that nobody may read beside; a migration that holds one table already, and then waited for all others so, ended
-- in a deadlock with each reader that held one of those and wanted the first.

CREATE OR REPLACE FUNCTION taylordash.apply_access() RETURNS integer
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
  access record;
  command text;
  present text;
  said text;
  owned_sequence record;
  applied integer := 0;
BEGIN
  FOR access IN
    SELECT DISTINCT a.object_name FROM taylordash.role_access a JOIN pg_class c ON c.oid = a.object_name::regclass
    WHERE a.object_type = 'table' AND NOT c.relrowsecurity ORDER BY 1
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', access.object_name);
  END LOOP;
  FOR access IN SELECT rolname FROM pg_roles WHERE rolname IN ('td_app', 'td_auth', 'td_reader') ORDER BY 1 LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA public, logging, plugin_management, taylordash TO %I', access.rolname);
  END LOOP;
  FOR access IN
    SELECT a.*, r.oid AS role_oid, a.role_name || '_rows' AS policy_name
    FROM taylordash.role_access a JOIN pg_roles r ON r.rolname = a.role_name
    ORDER BY a.object_type, a.object_name, a.role_name
  LOOP
    applied := applied + 1;
    IF access.object_type = 'function' THEN
      EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', access.object_name);
      EXECUTE format('GRANT %s ON FUNCTION %s TO %I', access.privileges, access.object_name, access.role_name);
      CONTINUE;
    END IF;
    EXECUTE format('REVOKE ALL ON TABLE %s FROM %I', access.object_name, access.role_name);
    EXECUTE format('GRANT %s%s ON TABLE %s TO %I', access.privileges, coalesce(' (' || access.visible_columns || ')', ''),
                   access.object_name, access.role_name);
    CONTINUE WHEN access.object_type = 'view';
    command := CASE WHEN access.privileges = 'SELECT' THEN 'SELECT' ELSE 'ALL' END;
    SELECT pg_get_expr(p.polqual, p.polrelid) INTO present FROM pg_policy p
    WHERE p.polrelid = access.object_name::regclass AND p.polname = access.policy_name
      AND p.polcmd = CASE command WHEN 'SELECT' THEN 'r' ELSE '*' END
      AND p.polpermissive AND p.polroles = ARRAY[access.role_oid] AND p.polwithcheck IS NULL;
    said := access.visible_rows;
    IF present <> said THEN
      -- PostgreSQL keeps a condition in its own words: those of a policy that is made of ours.
      EXECUTE format('CREATE TEMP TABLE as_said (LIKE %s)', access.object_name);
      EXECUTE format('CREATE POLICY as_said ON pg_temp.as_said USING (%s)', said);
      SELECT pg_get_expr(p.polqual, p.polrelid) INTO said FROM pg_policy p WHERE p.polrelid = 'pg_temp.as_said'::regclass;
      DROP TABLE pg_temp.as_said;
    END IF;
    IF present IS DISTINCT FROM said THEN
      EXECUTE format('DROP POLICY IF EXISTS %I ON %s', access.policy_name, access.object_name);
      EXECUTE format('CREATE POLICY %I ON %s FOR %s TO %I USING (%s)', access.policy_name, access.object_name,
                     command, access.role_name, access.visible_rows);
    END IF;
    IF position('INSERT' IN access.privileges) > 0 THEN
      FOR owned_sequence IN
        SELECT s.oid::regclass AS name FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
          AND d.refobjid = access.object_name::regclass AND d.deptype = 'a'
      LOOP
        EXECUTE format('GRANT USAGE ON SEQUENCE %s TO %I', owned_sequence.name, access.role_name);
      END LOOP;
    END IF;
  END LOOP;
  RETURN applied;
END
$$;
