-- oldest server: 0.1.0
-- The function that makes partitions of events_mirror and application_logs ahead of need, and the first of them.

CREATE FUNCTION taylordash.ensure_partitions() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
  size CONSTANT bigint := 1000000;
  parent record;
  last_id bigint;
  number bigint;
  partition_name text;
  made integer := 0;
BEGIN
  FOR parent IN
    SELECT * FROM (VALUES
      ('events_mirror', 'public.events_mirror'::regclass, 'public.events_mirror_id_seq'::regclass),
      ('application_logs', 'logging.application_logs'::regclass, 'logging.application_logs_id_seq'::regclass)
    ) AS p (name, relation, id_sequence)
  LOOP
    last_id := coalesce(pg_sequence_last_value(parent.id_sequence), 0);
    -- The current million and the two after it: at 30,000 rows a second that is half a minute at the least.
    FOR number IN SELECT generate_series(last_id / size, last_id / size + 2) LOOP
      partition_name := parent.name || '_p' || lpad(number::text, 6, '0');
      CONTINUE WHEN to_regclass('taylordash.' || partition_name) IS NOT NULL;
      PERFORM pg_advisory_xact_lock(hashtextextended('taylordash.ensure_partitions', 0));
      CONTINUE WHEN to_regclass('taylordash.' || partition_name) IS NOT NULL;
      -- Attached rather than created in place: attaching does not lock out readers and writers of the parent.
      EXECUTE format('CREATE TABLE taylordash.%I (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED)',
                     partition_name, parent.relation);
      EXECUTE format('ALTER TABLE %s ATTACH PARTITION taylordash.%I FOR VALUES FROM (%s) TO (%s)',
                     parent.relation, partition_name, number * size, (number + 1) * size);
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END
$$;
REVOKE ALL ON FUNCTION taylordash.ensure_partitions() FROM PUBLIC;
COMMENT ON FUNCTION taylordash.ensure_partitions() IS 'Makes the partitions that the next two million ids need, in schema taylordash; returns how many it made';

SELECT taylordash.ensure_partitions();
