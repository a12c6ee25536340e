-- oldest server: 0.1.0
-- Batches of events follow each other on the leader's connection without waiting for the answer to the one before.

-- The column that tells rows apart comes first: one comparison a step instead of three, for each of which pages are read and written.
ALTER TABLE taylordash.event_keys DROP CONSTRAINT event_keys_pkey, ADD PRIMARY KEY (key, client_identity, source);

CREATE FUNCTION taylordash.in_turn(previous bigint, own bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(nullif(current_setting('taylordash.batch', true), ''), '0')::bigint <> previous THEN
    RAISE EXCEPTION 'batch % is not the last that was stored', previous USING ERRCODE = 'TD001';
  END IF;
  -- Taken back where the statement that asks fails.
  PERFORM set_config('taylordash.batch', own::text, false);
  RETURN TRUE;
END
$$;
REVOKE ALL ON FUNCTION taylordash.in_turn(bigint, bigint) FROM PUBLIC;
COMMENT ON FUNCTION taylordash.in_turn(bigint, bigint) IS 'Fails with SQLSTATE TD001 unless the batch that this connection stored last has the number previous; the statement that asks has the number own';

INSERT INTO taylordash.role_access (role_name, object_type, object_name, privileges) VALUES
  ('td_app', 'function', 'taylordash.in_turn(bigint, bigint)', 'EXECUTE');
