-- oldest server: 0.1.0
-- Changes as a whole: what each one told, what took it back, and what happened to a component by way of its tasks.

DROP INDEX public.idx_events_mirror_change;
CREATE INDEX idx_events_mirror_change ON public.events_mirror (change_id, id) WHERE change_id IS NOT NULL;
COMMENT ON INDEX public.idx_events_mirror_change IS 'The events of one change in their order';

CREATE INDEX idx_events_mirror_undoes ON public.events_mirror ((payload #>> '{payload,undoes}'), id)
  WHERE source = 'server' AND payload #>> '{payload,undoes}' IS NOT NULL;
COMMENT ON INDEX public.idx_events_mirror_undoes IS 'What took a change back';

CREATE INDEX idx_events_mirror_related ON public.events_mirror
  ((coalesce(payload #>> '{payload,entity,depends_on_id}', payload #>> '{payload,entity,component_id}')), id)
  WHERE source = 'server'
    AND coalesce(payload #>> '{payload,entity,depends_on_id}', payload #>> '{payload,entity,component_id}') IS NOT NULL;
COMMENT ON INDEX public.idx_events_mirror_related IS 'A component''s history by way of others: its tasks, and what waits for it';

CREATE INDEX idx_outbox_change_id ON taylordash.outbox (change_id) WHERE change_id IS NOT NULL;
COMMENT ON INDEX taylordash.idx_outbox_change_id IS 'A change that is undone before its events are appended';
