-- oldest server: 0.1.0
-- Search by part of a name: trigram indexes where pg_trgm can be had without a superuser (it is a trusted extension).

DO $$
DECLARE
  trigram_schema text;
BEGIN
  BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
  EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'pg_trgm is not to be had here (%): search by part of a name reads the whole table', SQLERRM;
  END;
  SELECT n.nspname INTO trigram_schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
  IF trigram_schema IS NOT NULL THEN
    EXECUTE format('CREATE INDEX idx_projects_name_trgm ON public.projects USING GIN (name %I.gin_trgm_ops)', trigram_schema);
    EXECUTE format('CREATE INDEX idx_components_name_trgm ON public.components USING GIN (name %I.gin_trgm_ops)', trigram_schema);
    EXECUTE format('CREATE INDEX idx_tasks_name_trgm ON public.tasks USING GIN (name %I.gin_trgm_ops)', trigram_schema);
  END IF;
END
$$;
