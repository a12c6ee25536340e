-- oldest server: 0.1.0
-- Retention of events: snapshots of projects, which partitions of the mirror were dropped, and the functions that drop one and bring it back.

CREATE TABLE taylordash.project_snapshots (
  project_id UUID NOT NULL,
  event_id BIGINT NOT NULL,
  state JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (project_id, event_id)
);
COMMENT ON TABLE taylordash.project_snapshots IS 'Projects as their events told of them up to one event: where history begins once older events are dropped';
COMMENT ON COLUMN taylordash.project_snapshots.project_id IS 'The project; no foreign key, so that history outlives it';
COMMENT ON COLUMN taylordash.project_snapshots.event_id IS 'Everything up to this event is in it';
COMMENT ON COLUMN taylordash.project_snapshots.state IS 'Project, components, tasks and dependencies as in core/src/rebuild.ts';
COMMENT ON COLUMN taylordash.project_snapshots.created_at IS 'When it was written';

CREATE TABLE taylordash.dropped_partitions (
  name TEXT PRIMARY KEY CONSTRAINT dropped_partitions_name_check CHECK (name ~ '^events_mirror_p[0-9]{6,}$'),
  from_id BIGINT NOT NULL,
  to_id BIGINT NOT NULL,
  events BIGINT NOT NULL,
  archived BOOLEAN NOT NULL,
  dropped_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  restored_at TIMESTAMPTZ,
  pinned BOOLEAN NOT NULL DEFAULT FALSE
);
COMMENT ON TABLE taylordash.dropped_partitions IS 'Partitions of events_mirror that retention dropped, and those of them that were brought back';
COMMENT ON COLUMN taylordash.dropped_partitions.name IS 'Name of the partition, and of its archive';
COMMENT ON COLUMN taylordash.dropped_partitions.from_id IS 'First id of its range';
COMMENT ON COLUMN taylordash.dropped_partitions.to_id IS 'First id beyond its range';
COMMENT ON COLUMN taylordash.dropped_partitions.events IS 'Events that were in it';
COMMENT ON COLUMN taylordash.dropped_partitions.archived IS 'Whether it was archived before';
COMMENT ON COLUMN taylordash.dropped_partitions.dropped_at IS 'When it was dropped last';
COMMENT ON COLUMN taylordash.dropped_partitions.restored_at IS 'When it was brought back; null: it is away';
COMMENT ON COLUMN taylordash.dropped_partitions.pinned IS 'Brought back, and not to be dropped again until somebody says so';

CREATE FUNCTION taylordash.drop_event_partition(partition_name text, expected_events bigint, is_archived boolean) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '300ms'
AS $$
DECLARE
  size CONSTANT bigint := 1000000;
  number bigint;
  newest bigint;
  counted bigint;
  reader text;
BEGIN
  IF partition_name !~ '^events_mirror_p[0-9]{6,}$' OR NOT EXISTS (
    SELECT FROM pg_inherits WHERE inhparent = 'public.events_mirror'::regclass
      AND inhrelid = to_regclass('taylordash.' || partition_name)
  ) THEN
    RETURN 'there is no such partition';
  END IF;
  number := substr(partition_name, length('events_mirror_p') + 1)::bigint;
  IF number >= coalesce(pg_sequence_last_value('public.events_mirror_id_seq'::regclass), 0) / size THEN
    RETURN 'events are still written to it';
  END IF;
  IF EXISTS (SELECT FROM taylordash.dropped_partitions d WHERE d.name = partition_name AND d.pinned) THEN
    RETURN 'it was brought back and is pinned';
  END IF;
  -- Readers of it go on; nobody writes to it.
  EXECUTE format('LOCK TABLE taylordash.%I IN SHARE MODE', partition_name);
  EXECUTE format('SELECT count(*), coalesce(max(id), 0) FROM taylordash.%I', partition_name) INTO counted, newest;
  IF counted <> expected_events THEN
    RETURN format('%s events are in it and not %s', counted, expected_events);
  END IF;
  SELECT c.name INTO reader FROM taylordash.cursors c WHERE c.position < newest ORDER BY c.position LIMIT 1;
  IF FOUND THEN
    RETURN format('%s has not read it', reader);
  END IF;
  -- Locks out everybody who uses events_mirror, for the moment that it takes; gives up after lock_timeout where it must wait.
  EXECUTE format('ALTER TABLE public.events_mirror DETACH PARTITION taylordash.%I', partition_name);
  EXECUTE format('DROP TABLE taylordash.%I', partition_name);
  INSERT INTO taylordash.dropped_partitions (name, from_id, to_id, events, archived)
  VALUES (partition_name, number * size, (number + 1) * size, counted, is_archived)
  ON CONFLICT (name) DO UPDATE SET events = excluded.events, archived = excluded.archived, dropped_at = now(),
    restored_at = NULL, pinned = FALSE;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION taylordash.drop_event_partition(text, bigint, boolean) FROM PUBLIC;
COMMENT ON FUNCTION taylordash.drop_event_partition(text, bigint, boolean) IS 'Drops a partition of events_mirror that every reader has behind it; returns why not, or null where it is done';

CREATE FUNCTION taylordash.prepare_event_restore(partition_name text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM taylordash.dropped_partitions d WHERE d.name = partition_name) THEN
    RETURN 'it was never dropped here';
  END IF;
  IF EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass('taylordash.' || partition_name)) THEN
    RETURN 'it is there already';
  END IF;
  -- What is left of a try that was cut off.
  EXECUTE format('DROP TABLE IF EXISTS taylordash.%I', partition_name);
  EXECUTE format('CREATE TABLE taylordash.%I (LIKE public.events_mirror INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED)',
                 partition_name);
  EXECUTE format('GRANT SELECT, INSERT ON taylordash.%I TO %I', partition_name, session_user);
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION taylordash.prepare_event_restore(text) FROM PUBLIC;
COMMENT ON FUNCTION taylordash.prepare_event_restore(text) IS 'Makes the empty table that an archive is read into, apart from events_mirror; returns why not, or null';

CREATE FUNCTION taylordash.finish_event_restore(partition_name text, expected_events bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '2s'
AS $$
DECLARE
  dropped record;
  counted bigint;
BEGIN
  SELECT * INTO dropped FROM taylordash.dropped_partitions d WHERE d.name = partition_name FOR UPDATE;
  IF NOT FOUND OR to_regclass('taylordash.' || partition_name) IS NULL THEN
    RETURN 'it was not prepared';
  END IF;
  EXECUTE format('SELECT count(*) FROM taylordash.%I', partition_name) INTO counted;
  IF counted <> expected_events THEN
    RETURN format('%s events came back and not %s', counted, expected_events);
  END IF;
  EXECUTE format('REVOKE ALL ON taylordash.%I FROM %I', partition_name, session_user);
  -- Does not lock out readers and writers of events_mirror.
  EXECUTE format('ALTER TABLE public.events_mirror ATTACH PARTITION taylordash.%I FOR VALUES FROM (%s) TO (%s)',
                 partition_name, dropped.from_id, dropped.to_id);
  UPDATE taylordash.dropped_partitions SET restored_at = now(), pinned = TRUE WHERE name = partition_name;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION taylordash.finish_event_restore(text, bigint) FROM PUBLIC;
COMMENT ON FUNCTION taylordash.finish_event_restore(text, bigint) IS 'Makes the table that an archive was read into a partition again, and pins it; returns why not, or null';

INSERT INTO taylordash.role_access (role_name, object_name, privileges) VALUES
  ('td_app', 'taylordash.project_snapshots', 'SELECT, INSERT, UPDATE, DELETE'),
  ('td_app', 'taylordash.dropped_partitions', 'SELECT, UPDATE');
INSERT INTO taylordash.role_access (role_name, object_type, object_name, privileges) VALUES
  ('td_app', 'function', 'taylordash.drop_event_partition(text, bigint, boolean)', 'EXECUTE'),
  ('td_app', 'function', 'taylordash.prepare_event_restore(text)', 'EXECUTE'),
  ('td_app', 'function', 'taylordash.finish_event_restore(text, bigint)', 'EXECUTE');

-- Every cursor is a reader's, which holds back what it has not read: a mark of something done once is a setting.
INSERT INTO taylordash.settings (key, value)
SELECT 'status_topics_told', 'true' FROM taylordash.cursors WHERE name = 'status-topics-begun' ON CONFLICT DO NOTHING;
DELETE FROM taylordash.cursors WHERE name = 'status-topics-begun';
