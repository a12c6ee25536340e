-- oldest server: 0.1.0
-- The schemas, the three login roles, the table that says what each role may touch, and the functions that every later
-- migration stands on.

CREATE SCHEMA IF NOT EXISTS logging;
CREATE SCHEMA IF NOT EXISTS plugin_management;
CREATE SCHEMA IF NOT EXISTS taylordash;

COMMENT ON SCHEMA logging IS 'Log entries, metrics and how long they are kept';
COMMENT ON SCHEMA plugin_management IS 'Views over the plugin tables for administrators';
COMMENT ON SCHEMA taylordash IS 'Everything that the reference schema does not name';

COMMENT ON TABLE taylordash.schema_migrations IS 'Migrations applied to this database, one row each';
COMMENT ON COLUMN taylordash.schema_migrations.version IS 'The number that the file name starts with';
COMMENT ON COLUMN taylordash.schema_migrations.name IS 'The file name without its ending';
COMMENT ON COLUMN taylordash.schema_migrations.checksum IS 'SHA-256 of the file as applied, in hexadecimal';
COMMENT ON COLUMN taylordash.schema_migrations.oldest_server IS 'Oldest release that still works on the result';
COMMENT ON COLUMN taylordash.schema_migrations.applied_at IS 'When it was committed';
COMMENT ON COLUMN taylordash.schema_migrations.duration_ms IS 'How long it took, in milliseconds';

-- The database itself runs in UTC: users, sessions and audit keep TIMESTAMP without a zone.
DO $$
BEGIN
  EXECUTE format('ALTER DATABASE %I SET timezone TO %L', current_database(), 'UTC');
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'the time zone of database % stays as it is; connections of the server set UTC themselves', current_database();
END
$$;

-- Roles belong to the cluster, so another database may have made them, or be making them at this moment.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['td_app', 'td_auth', 'td_reader'] LOOP
    CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = wanted);
    BEGIN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', wanted);
      EXECUTE format('COMMENT ON ROLE %I IS %L', wanted, 'TaylorDash login role, no password yet');
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN
        NULL;
      WHEN insufficient_privilege THEN
        RAISE NOTICE 'role % cannot be created by %: the server connects with one role', wanted, current_user;
    END;
  END LOOP;
END
$$;

CREATE TABLE taylordash.role_access (
  role_name TEXT NOT NULL CONSTRAINT role_access_role_check CHECK (role_name IN ('td_app', 'td_auth', 'td_reader')),
  object_type TEXT NOT NULL DEFAULT 'table' CONSTRAINT role_access_object_type_check CHECK (object_type IN ('table', 'view', 'function')),
  object_name TEXT NOT NULL,
  privileges TEXT NOT NULL,
  visible_columns TEXT,
  visible_rows TEXT NOT NULL DEFAULT 'true',
  PRIMARY KEY (role_name, object_type, object_name)
);
COMMENT ON TABLE taylordash.role_access IS 'What each login role may touch. A migration adds rows for its tables; apply_access() turns them into grants and row policies';
COMMENT ON COLUMN taylordash.role_access.role_name IS 'td_app, td_auth or td_reader';
COMMENT ON COLUMN taylordash.role_access.object_type IS 'table (grant and row policy), view or function (grant alone)';
COMMENT ON COLUMN taylordash.role_access.object_name IS 'Name with its schema; a function with its argument types';
COMMENT ON COLUMN taylordash.role_access.privileges IS 'As GRANT takes them, for example SELECT, INSERT';
COMMENT ON COLUMN taylordash.role_access.visible_columns IS 'The columns of a column grant, or null for the whole table';
COMMENT ON COLUMN taylordash.role_access.visible_rows IS 'The condition of the row policy';

CREATE FUNCTION taylordash.apply_access() RETURNS integer
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
  access record;
  owned_sequence record;
  applied integer := 0;
BEGIN
  FOR access IN SELECT DISTINCT object_name FROM taylordash.role_access WHERE object_type = 'table' ORDER BY 1 LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', access.object_name);
  END LOOP;
  FOR access IN SELECT rolname FROM pg_roles WHERE rolname IN ('td_app', 'td_auth', 'td_reader') ORDER BY 1 LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA public, logging, plugin_management, taylordash TO %I', access.rolname);
  END LOOP;
  FOR access IN
    SELECT a.* FROM taylordash.role_access a JOIN pg_roles r ON r.rolname = a.role_name
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
    IF EXISTS (SELECT FROM pg_policy p
               WHERE p.polrelid = access.object_name::regclass AND p.polname = access.role_name || '_rows') THEN
      EXECUTE format('DROP POLICY %I ON %s', access.role_name || '_rows', access.object_name);
    END IF;
    EXECUTE format('CREATE POLICY %I ON %s FOR %s TO %I USING (%s)', access.role_name || '_rows', access.object_name,
                   CASE WHEN access.privileges = 'SELECT' THEN 'SELECT' ELSE 'ALL' END, access.role_name, access.visible_rows);
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
REVOKE ALL ON FUNCTION taylordash.apply_access() FROM PUBLIC;
COMMENT ON FUNCTION taylordash.apply_access() IS 'Grants and row policies as role_access says, for the roles that exist; safe to call again. The owner alone may call it';

CREATE FUNCTION public.update_updated_at_column() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION public.update_updated_at_column() IS 'Sets updated_at to the time of the transaction; a trigger of every table that has the column';

CREATE FUNCTION taylordash.raise_version() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  NEW.version := OLD.version + 1;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION taylordash.raise_version() IS 'Raises version by one, whatever the statement set it to; a trigger of every editable table';

CREATE FUNCTION taylordash.iso(moment timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
COMMENT ON FUNCTION taylordash.iso(timestamptz) IS 'A moment as 2026-01-15T10:30:00.123456Z; null where it is infinite';

CREATE FUNCTION taylordash.iso(moment timestamp) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(moment, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
COMMENT ON FUNCTION taylordash.iso(timestamp) IS 'A moment kept without a zone, in UTC, as 2026-01-15T10:30:00.123456Z; null where it is infinite';
