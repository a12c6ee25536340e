-- oldest server: 0.1.0
-- Projects, their components, the dependencies between them and tasks; who may change what.

CREATE TABLE public.projects (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  name VARCHAR(255) NOT NULL,
  description TEXT,
  status VARCHAR(50) NOT NULL DEFAULT 'active',
  owner_id UUID CONSTRAINT projects_owner_id_fkey REFERENCES public.users (id),
  metadata JSONB NOT NULL DEFAULT '{}' CONSTRAINT projects_metadata_check CHECK (jsonb_typeof(metadata) = 'object'),
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  start_on DATE,
  due_on DATE,
  working_days SMALLINT[] NOT NULL DEFAULT '{1,2,3,4,5}'
    CONSTRAINT projects_working_days_check CHECK (working_days <@ '{1,2,3,4,5,6,7}'::smallint[] AND cardinality(working_days) BETWEEN 1 AND 7),
  version INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT projects_status_check CHECK (status IN ('planning', 'active', 'on_hold', 'completed', 'archived'))
);
CREATE INDEX idx_projects_owner_id ON public.projects (owner_id);
CREATE INDEX idx_projects_status ON public.projects (status);
CREATE INDEX idx_projects_updated_at ON public.projects (updated_at, id);
CREATE INDEX idx_projects_created_at ON public.projects (created_at, id);
CREATE INDEX idx_projects_name ON public.projects (name, id);
CREATE TRIGGER projects_raise_version BEFORE UPDATE ON public.projects
  FOR EACH ROW EXECUTE FUNCTION taylordash.raise_version();
CREATE TRIGGER projects_updated_at BEFORE UPDATE ON public.projects
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

COMMENT ON TABLE public.projects IS 'Projects; owner_id is responsibility, not access';
COMMENT ON COLUMN public.projects.start_on IS 'First planned day';
COMMENT ON COLUMN public.projects.due_on IS 'Last planned day';
COMMENT ON COLUMN public.projects.working_days IS 'Days of the week that count in planning, 1 Monday to 7 Sunday';
COMMENT ON COLUMN public.projects.version IS 'Raised by every update; the ETag';

CREATE TABLE public.components (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  project_id UUID NOT NULL CONSTRAINT components_project_id_fkey REFERENCES public.projects (id) ON DELETE CASCADE,
  name VARCHAR(255) NOT NULL,
  type VARCHAR(100),
  status VARCHAR(50) NOT NULL DEFAULT 'pending',
  progress INTEGER NOT NULL DEFAULT 0 CONSTRAINT components_progress_check CHECK (progress BETWEEN 0 AND 100),
  position JSONB,
  metadata JSONB NOT NULL DEFAULT '{}' CONSTRAINT components_metadata_check CHECK (jsonb_typeof(metadata) = 'object'),
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  description TEXT,
  start_on DATE,
  due_on DATE,
  duration_days INTEGER CONSTRAINT components_duration_days_check CHECK (duration_days >= 0),
  weight DOUBLE PRECISION NOT NULL DEFAULT 1 CONSTRAINT components_weight_check CHECK (weight >= 0 AND weight < 'Infinity'),
  progress_mode TEXT NOT NULL DEFAULT 'manual' CONSTRAINT components_progress_mode_check CHECK (progress_mode IN ('manual', 'tasks')),
  assignee_id UUID CONSTRAINT components_assignee_id_fkey REFERENCES public.users (id),
  blocked_reason TEXT,
  pinned BOOLEAN NOT NULL DEFAULT FALSE,
  version INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT components_status_check CHECK (status IN ('pending', 'in_progress', 'blocked', 'completed', 'cancelled')),
  CONSTRAINT components_id_project_id_key UNIQUE (id, project_id)
);
CREATE INDEX idx_components_project_id ON public.components (project_id);
CREATE INDEX idx_components_project_created ON public.components (project_id, created_at, id);
CREATE INDEX idx_components_project_updated ON public.components (project_id, updated_at, id);
CREATE INDEX idx_components_updated_at ON public.components (updated_at, id);
CREATE INDEX idx_components_name ON public.components (name, id);
CREATE INDEX idx_components_created_at ON public.components (created_at, id);
CREATE INDEX idx_components_assignee_id ON public.components (assignee_id) WHERE assignee_id IS NOT NULL;
CREATE INDEX idx_components_status ON public.components (status, id);
CREATE TRIGGER components_raise_version BEFORE UPDATE ON public.components
  FOR EACH ROW EXECUTE FUNCTION taylordash.raise_version();
CREATE TRIGGER components_updated_at BEFORE UPDATE ON public.components
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

COMMENT ON TABLE public.components IS 'Parts of a project, the nodes of its graph; type unsorted is the tray of tasks not filed yet';
COMMENT ON COLUMN public.components.description IS 'In words';
COMMENT ON COLUMN public.components.start_on IS 'First planned day';
COMMENT ON COLUMN public.components.due_on IS 'Last planned day';
COMMENT ON COLUMN public.components.duration_days IS 'Planned working days; null where nobody said';
COMMENT ON COLUMN public.components.weight IS 'Share in the project''s progress, relative to its siblings';
COMMENT ON COLUMN public.components.progress_mode IS 'manual: as set; tasks: share of done tasks by weight';
COMMENT ON COLUMN public.components.assignee_id IS 'Who is responsible';
COMMENT ON COLUMN public.components.blocked_reason IS 'Why it is blocked, in words';
COMMENT ON COLUMN public.components.pinned IS 'Automatic layout leaves its place alone';
COMMENT ON COLUMN public.components.version IS 'Raised by every update; the ETag';
COMMENT ON CONSTRAINT components_id_project_id_key ON public.components IS 'Target of the composite keys that hold both ends of a dependency in one project';

CREATE TABLE public.component_dependencies (
  component_id UUID NOT NULL,
  depends_on_id UUID NOT NULL,
  project_id UUID NOT NULL,
  PRIMARY KEY (component_id, depends_on_id),
  CONSTRAINT component_dependencies_component_id_fkey FOREIGN KEY (component_id, project_id)
    REFERENCES public.components (id, project_id) ON DELETE CASCADE,
  CONSTRAINT component_dependencies_depends_on_id_fkey FOREIGN KEY (depends_on_id, project_id)
    REFERENCES public.components (id, project_id) ON DELETE CASCADE,
  CONSTRAINT component_dependencies_self_check CHECK (component_id <> depends_on_id)
);
CREATE INDEX idx_component_dependencies_depends_on_id ON public.component_dependencies (depends_on_id);
CREATE INDEX idx_component_dependencies_project_id ON public.component_dependencies (project_id);
COMMENT ON TABLE public.component_dependencies IS 'Edges of the graph: component_id waits for depends_on_id. Loops are refused by the service under a lock on the project';
COMMENT ON COLUMN public.component_dependencies.project_id IS 'The one project of both ends; filled in where the insert leaves it out';

CREATE FUNCTION taylordash.fill_dependency_project() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  SELECT c.project_id INTO NEW.project_id FROM public.components c WHERE c.id = NEW.component_id;
  IF NOT FOUND THEN
    RAISE foreign_key_violation USING
      MESSAGE = 'component ' || NEW.component_id || ' does not exist',
      CONSTRAINT = 'component_dependencies_component_id_fkey', TABLE = 'component_dependencies', SCHEMA = 'public';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION taylordash.fill_dependency_project() IS 'Takes a dependency''s project from its component, so that the two reference columns are enough to insert one';
CREATE TRIGGER component_dependencies_project BEFORE INSERT ON public.component_dependencies
  FOR EACH ROW WHEN (NEW.project_id IS NULL) EXECUTE FUNCTION taylordash.fill_dependency_project();

CREATE TABLE public.tasks (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  component_id UUID CONSTRAINT tasks_component_id_fkey REFERENCES public.components (id) ON DELETE CASCADE,
  name VARCHAR(255) NOT NULL,
  description TEXT,
  status VARCHAR(50) NOT NULL DEFAULT 'todo',
  assignee_id UUID CONSTRAINT tasks_assignee_id_fkey REFERENCES public.users (id),
  due_date TIMESTAMPTZ,
  completed_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  priority SMALLINT NOT NULL DEFAULT 0 CONSTRAINT tasks_priority_check CHECK (priority BETWEEN 0 AND 4),
  weight DOUBLE PRECISION NOT NULL DEFAULT 1 CONSTRAINT tasks_weight_check CHECK (weight >= 0 AND weight < 'Infinity'),
  rank TEXT COLLATE "C",
  due_is_date BOOLEAN NOT NULL DEFAULT FALSE,
  created_by UUID CONSTRAINT tasks_created_by_fkey REFERENCES public.users (id) ON DELETE SET NULL,
  version INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT tasks_status_check CHECK (status IN ('todo', 'in_progress', 'done'))
);
CREATE INDEX idx_tasks_component_id ON public.tasks (component_id);
CREATE INDEX idx_tasks_assignee_id ON public.tasks (assignee_id);
CREATE INDEX idx_tasks_component_rank ON public.tasks (component_id, (coalesce(rank, chr(127)) COLLATE "C"), id);
CREATE INDEX idx_tasks_status ON public.tasks (status, id);
CREATE INDEX idx_tasks_due_date ON public.tasks (due_date);
CREATE INDEX idx_tasks_due ON public.tasks ((coalesce(due_date, 'infinity'::timestamptz)), id);
CREATE INDEX idx_tasks_updated_at ON public.tasks (updated_at, id);
CREATE INDEX idx_tasks_created_at ON public.tasks (created_at, id);
CREATE INDEX idx_tasks_name ON public.tasks (name, id);
CREATE INDEX idx_tasks_assignee_due ON public.tasks (assignee_id, (coalesce(due_date, 'infinity'::timestamptz)), id);
CREATE INDEX idx_tasks_created_by ON public.tasks (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX idx_tasks_inbox ON public.tasks (created_by, created_at, id) WHERE component_id IS NULL;
CREATE TRIGGER tasks_raise_version BEFORE UPDATE ON public.tasks
  FOR EACH ROW EXECUTE FUNCTION taylordash.raise_version();
CREATE TRIGGER tasks_updated_at BEFORE UPDATE ON public.tasks
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

COMMENT ON TABLE public.tasks IS 'Tasks of a component; without a component they are in the inbox of created_by';
COMMENT ON INDEX public.idx_tasks_due IS 'Tasks without a due date come after all others';
COMMENT ON INDEX public.idx_tasks_component_rank IS 'Tasks without a place come last: DEL sorts after whatever a rank may hold';
COMMENT ON COLUMN public.tasks.priority IS '0 none, 1 urgent to 4 low';
COMMENT ON COLUMN public.tasks.weight IS 'Share in the component''s progress where that follows its tasks';
COMMENT ON COLUMN public.tasks.rank IS 'Place by hand among its siblings, compared byte by byte; null: last';
COMMENT ON COLUMN public.tasks.due_is_date IS 'due_date is a calendar day, not an instant';
COMMENT ON COLUMN public.tasks.created_by IS 'Who added it; whose inbox it is in';
COMMENT ON COLUMN public.tasks.version IS 'Raised by every update; the ETag';

CREATE TABLE taylordash.user_grants (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id UUID NOT NULL CONSTRAINT user_grants_user_id_fkey REFERENCES public.users (id) ON DELETE CASCADE,
  permission TEXT NOT NULL CONSTRAINT user_grants_permission_check CHECK (permission <> ''),
  project_id UUID CONSTRAINT user_grants_project_id_fkey REFERENCES public.projects (id) ON DELETE CASCADE,
  granted_by UUID CONSTRAINT user_grants_granted_by_fkey REFERENCES public.users (id) ON DELETE SET NULL,
  granted_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  CONSTRAINT user_grants_user_permission_project_key UNIQUE NULLS NOT DISTINCT (user_id, permission, project_id)
);
CREATE INDEX idx_user_grants_project_id ON taylordash.user_grants (project_id) WHERE project_id IS NOT NULL;
CREATE INDEX idx_user_grants_granted_by ON taylordash.user_grants (granted_by) WHERE granted_by IS NOT NULL;
COMMENT ON TABLE taylordash.user_grants IS 'What a viewer may change beside the own profile';
COMMENT ON COLUMN taylordash.user_grants.id IS 'Grant identifier';
COMMENT ON COLUMN taylordash.user_grants.user_id IS 'Who may';
COMMENT ON COLUMN taylordash.user_grants.permission IS 'A permission name, for example write:tasks';
COMMENT ON COLUMN taylordash.user_grants.project_id IS 'Where; null: in all projects';
COMMENT ON COLUMN taylordash.user_grants.granted_by IS 'Who said so';
COMMENT ON COLUMN taylordash.user_grants.granted_at IS 'When';
