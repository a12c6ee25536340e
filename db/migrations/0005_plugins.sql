-- oldest server: 0.1.0
-- Plugins: the registry, their violations, dependencies, API access, configuration history and health.

CREATE TABLE public.plugins (
  id VARCHAR(255) PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  version VARCHAR(50) NOT NULL,
  description TEXT,
  author VARCHAR(255) NOT NULL,
  type VARCHAR(50) NOT NULL,
  repository_url TEXT NOT NULL,
  install_path TEXT NOT NULL,
  manifest JSONB NOT NULL,
  permissions JSONB NOT NULL DEFAULT '[]',
  config JSONB NOT NULL DEFAULT '{}',
  status VARCHAR(50) NOT NULL DEFAULT 'pending',
  security_violations INTEGER NOT NULL DEFAULT 0 CONSTRAINT plugins_security_violations_check CHECK (security_violations >= 0),
  security_score INTEGER NOT NULL DEFAULT 100 CONSTRAINT plugins_security_score_check CHECK (security_score BETWEEN 0 AND 100),
  installed_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  CONSTRAINT plugins_status_check CHECK (status IN ('pending', 'installing', 'installed', 'disabled', 'failed', 'updating', 'uninstalling', 'uninstalled'))
);
ALTER TABLE public.plugins ADD CONSTRAINT plugins_type_check CHECK (type IN ('ui', 'data', 'integration', 'system'));
CREATE INDEX idx_plugins_status ON public.plugins (status);
CREATE INDEX idx_plugins_type ON public.plugins (type);
CREATE TRIGGER plugins_updated_at BEFORE UPDATE ON public.plugins
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();
COMMENT ON TABLE public.plugins IS 'Plugin registry; uninstalling keeps the row as uninstalled, so that its history stays';
COMMENT ON COLUMN public.plugins.created_at IS 'When the row was made';
COMMENT ON COLUMN public.plugins.updated_at IS 'Last change of the row';

CREATE TABLE public.plugin_security_violations (
  id SERIAL PRIMARY KEY,
  plugin_id VARCHAR(255) NOT NULL CONSTRAINT plugin_security_violations_plugin_id_fkey REFERENCES public.plugins (id) ON DELETE CASCADE,
  violation_type VARCHAR(100) NOT NULL,
  description TEXT NOT NULL,
  severity VARCHAR(20) NOT NULL,
  context JSONB,
  timestamp TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  resolved BOOLEAN NOT NULL DEFAULT FALSE,
  resolution_notes TEXT
);
ALTER TABLE public.plugin_security_violations ADD CONSTRAINT violations_severity_check
  CHECK (severity IN ('low', 'medium', 'high', 'critical'));
CREATE INDEX idx_plugin_violations_plugin_id ON public.plugin_security_violations (plugin_id);
CREATE INDEX idx_plugin_violations_severity_time ON public.plugin_security_violations (severity, timestamp DESC);
COMMENT ON TABLE public.plugin_security_violations IS 'What plugins tried and may not do';

CREATE TABLE public.plugin_api_access (
  id SERIAL PRIMARY KEY,
  plugin_id VARCHAR(255) NOT NULL CONSTRAINT plugin_api_access_plugin_id_fkey REFERENCES public.plugins (id) ON DELETE CASCADE,
  endpoint VARCHAR(255) NOT NULL,
  method VARCHAR(10) NOT NULL CONSTRAINT plugin_api_access_method_check
    CHECK (method IN ('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS')),
  status_code INTEGER,
  permission_required VARCHAR(100),
  access_granted BOOLEAN NOT NULL,
  timestamp TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  response_time INTEGER,
  request_data JSONB,
  user_agent TEXT,
  ip_address INET
);
CREATE INDEX idx_plugin_api_access_plugin_id ON public.plugin_api_access (plugin_id);
CREATE INDEX idx_plugin_api_access_plugin_time ON public.plugin_api_access (plugin_id, timestamp DESC);
CREATE INDEX idx_plugin_api_access_timestamp ON public.plugin_api_access (timestamp);
COMMENT ON TABLE public.plugin_api_access IS 'Calls of plugins to the API, granted and refused';

CREATE TABLE public.plugin_dependencies (
  id SERIAL PRIMARY KEY,
  plugin_id VARCHAR(255) NOT NULL CONSTRAINT plugin_dependencies_plugin_id_fkey REFERENCES public.plugins (id) ON DELETE CASCADE,
  dependency_name VARCHAR(255) NOT NULL,
  dependency_version VARCHAR(50) NOT NULL,
  dependency_type VARCHAR(50) NOT NULL DEFAULT 'plugin' CONSTRAINT plugin_dependencies_dependency_type_check CHECK (dependency_type IN ('plugin')),
  resolved_version VARCHAR(50),
  status VARCHAR(50) NOT NULL DEFAULT 'pending' CONSTRAINT plugin_dependencies_status_check CHECK (status IN ('pending', 'resolved', 'failed')),
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  CONSTRAINT plugin_dependencies_plugin_name_key UNIQUE (plugin_id, dependency_name)
);
COMMENT ON TABLE public.plugin_dependencies IS 'Plugins that a plugin requires';

CREATE TABLE public.plugin_config_history (
  id SERIAL PRIMARY KEY,
  plugin_id VARCHAR(255) NOT NULL CONSTRAINT plugin_config_history_plugin_id_fkey REFERENCES public.plugins (id) ON DELETE CASCADE,
  old_config JSONB,
  new_config JSONB NOT NULL,
  changed_by UUID CONSTRAINT plugin_config_history_changed_by_fkey REFERENCES public.users (id) ON DELETE SET NULL,
  change_reason TEXT,
  timestamp TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE INDEX idx_plugin_config_history_plugin_id ON public.plugin_config_history (plugin_id, timestamp DESC);
CREATE INDEX idx_plugin_config_history_changed_by ON public.plugin_config_history (changed_by) WHERE changed_by IS NOT NULL;
COMMENT ON TABLE public.plugin_config_history IS 'Each change of a plugin''s configuration';

CREATE TABLE public.plugin_health_checks (
  id SERIAL PRIMARY KEY,
  plugin_id VARCHAR(255) NOT NULL CONSTRAINT plugin_health_checks_plugin_id_fkey REFERENCES public.plugins (id) ON DELETE CASCADE,
  check_type VARCHAR(50) NOT NULL,
  status VARCHAR(50) NOT NULL CONSTRAINT plugin_health_checks_status_check CHECK (status IN ('healthy', 'degraded', 'unhealthy')),
  message TEXT,
  response_time INTEGER,
  details JSONB NOT NULL DEFAULT '{}',
  timestamp TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE INDEX idx_plugin_health_checks_plugin_id ON public.plugin_health_checks (plugin_id, timestamp DESC);
CREATE INDEX idx_plugin_health_checks_timestamp ON public.plugin_health_checks (timestamp);
COMMENT ON TABLE public.plugin_health_checks IS 'Results of plugin health checks';
COMMENT ON COLUMN public.plugin_health_checks.response_time IS 'Milliseconds';
