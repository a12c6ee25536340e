-- oldest server: 0.1.0
-- Old keys are found by walking the table, a share of it at a time: an index by time, kept for that alone, was a tenth of what an
-- event costs the database.

DROP INDEX taylordash.idx_event_keys_created_at;
