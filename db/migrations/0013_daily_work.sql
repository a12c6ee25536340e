-- oldest server: 0.1.0
-- What daily work needs: labels, checklists, estimates and repetition of tasks, and the views that people keep.

ALTER TABLE public.tasks
  ADD COLUMN labels TEXT[] NOT NULL DEFAULT '{}' CONSTRAINT tasks_labels_check CHECK (cardinality(labels) <= 20),
  ADD COLUMN checklist JSONB NOT NULL DEFAULT '[]' CONSTRAINT tasks_checklist_check CHECK (jsonb_typeof(checklist) = 'array'),
  ADD COLUMN estimate_minutes INTEGER CONSTRAINT tasks_estimate_minutes_check CHECK (estimate_minutes > 0),
  ADD COLUMN repeats JSONB CONSTRAINT tasks_repeats_check CHECK (jsonb_typeof(repeats) = 'object');
CREATE INDEX idx_tasks_labels ON public.tasks USING GIN (labels) WHERE labels <> '{}';
COMMENT ON COLUMN public.tasks.labels IS 'Words that tasks are found by, in the order they were given';
COMMENT ON COLUMN public.tasks.checklist IS 'Small steps: [{id, text, done}]';
COMMENT ON COLUMN public.tasks.estimate_minutes IS 'Estimated effort in minutes';
COMMENT ON COLUMN public.tasks.repeats IS '{every, unit}: completing the task makes the next one; null: once';

DROP FUNCTION taylordash.task_json(public.tasks);
ALTER TYPE taylordash.task_shape ADD ATTRIBUTE labels text[], ADD ATTRIBUTE checklist jsonb,
  ADD ATTRIBUTE estimate_minutes integer, ADD ATTRIBUTE repeats jsonb;
CREATE FUNCTION taylordash.task_json(t public.tasks) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (t).id, (t).component_id, (t).name, (t).description, (t).status, (t).assignee_id, taylordash.iso((t).due_date),
  taylordash.iso((t).completed_at), taylordash.iso((t).created_at), taylordash.iso((t).updated_at), (t).priority,
  (t).weight, (t).rank, (t).due_is_date, (t).created_by, (t).version, (t).labels, (t).checklist, (t).estimate_minutes,
  (t).repeats
)::taylordash.task_shape);
COMMENT ON FUNCTION taylordash.task_json(public.tasks) IS 'A task as the API shows it';

CREATE TABLE taylordash.layouts (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id UUID NOT NULL CONSTRAINT layouts_user_id_fkey REFERENCES public.users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CONSTRAINT layouts_kind_check CHECK (kind IN ('view')),
  name TEXT NOT NULL CONSTRAINT layouts_name_check CHECK (char_length(name) BETWEEN 1 AND 255),
  project_id UUID CONSTRAINT layouts_project_id_fkey REFERENCES public.projects (id) ON DELETE CASCADE,
  shared BOOLEAN NOT NULL DEFAULT FALSE,
  config JSONB NOT NULL CONSTRAINT layouts_config_check CHECK (jsonb_typeof(config) = 'object'),
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  version INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX idx_layouts_user_id ON taylordash.layouts (user_id, name, id);
CREATE INDEX idx_layouts_project_id ON taylordash.layouts (project_id, name, id);
CREATE INDEX idx_layouts_shared ON taylordash.layouts (name, id) WHERE shared;
CREATE TRIGGER layouts_raise_version BEFORE UPDATE ON taylordash.layouts
  FOR EACH ROW EXECUTE FUNCTION taylordash.raise_version();
CREATE TRIGGER layouts_updated_at BEFORE UPDATE ON taylordash.layouts
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();
COMMENT ON TABLE taylordash.layouts IS 'Named views that people keep for themselves or share';
COMMENT ON COLUMN taylordash.layouts.id IS 'Layout identifier';
COMMENT ON COLUMN taylordash.layouts.user_id IS 'Whose it is';
COMMENT ON COLUMN taylordash.layouts.kind IS 'view: filters, grouping, sorting and columns of a board or table';
COMMENT ON COLUMN taylordash.layouts.name IS 'What it is called';
COMMENT ON COLUMN taylordash.layouts.project_id IS 'Where it belongs; null: everywhere';
COMMENT ON COLUMN taylordash.layouts.shared IS 'Everyone may use it; only its owner and administrators change it';
COMMENT ON COLUMN taylordash.layouts.config IS 'What it shows; core says the shape for each kind';
COMMENT ON COLUMN taylordash.layouts.created_at IS 'Made';
COMMENT ON COLUMN taylordash.layouts.updated_at IS 'Last change';
COMMENT ON COLUMN taylordash.layouts.version IS 'Raised by every update; the ETag';

CREATE TYPE taylordash.layout_shape AS (
  id uuid, user_id uuid, kind text, name text, project_id uuid, shared boolean, config jsonb, created_at text,
  updated_at text, version integer
);
COMMENT ON TYPE taylordash.layout_shape IS 'Columns of layout_json, in order';
CREATE FUNCTION taylordash.layout_json(l taylordash.layouts) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN row_to_json(ROW(
  (l).id, (l).user_id, (l).kind, (l).name, (l).project_id, (l).shared, (l).config, taylordash.iso((l).created_at),
  taylordash.iso((l).updated_at), (l).version
)::taylordash.layout_shape);
COMMENT ON FUNCTION taylordash.layout_json(taylordash.layouts) IS 'A layout as the API shows it';

-- Each person's own: td_auth serves them, as it serves the profile.
INSERT INTO taylordash.role_access (role_name, object_name, privileges) VALUES
  ('td_auth', 'taylordash.layouts', 'SELECT, INSERT, UPDATE, DELETE');
