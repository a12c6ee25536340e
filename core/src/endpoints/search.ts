// The endpoint that finds things by what they are called.
import { Type } from 'typebox';
import { nullable, q, strict, uuid } from '../schema.ts';
import { endpoint } from './endpoint.ts';

export const search = endpoint({
  method: 'GET',
  path: '/search',
  summary: 'Projects, components, tasks and people by name or id, best first',
  tag: 'search',
  access: 'read:projects',
  query: strict({ q, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 20 })) }),
  reply: {
    status: 200,
    schema: Type.Object({
      items: Type.Array(
        Type.Object({
          /** `trace`: the text is the id of a trace or change that events know. */
          type: Type.Enum(['project', 'component', 'task', 'person', 'trace']),
          id: uuid,
          name: Type.String(),
          status: nullable(Type.String()),
          project_id: nullable(uuid),
          project_name: nullable(Type.String()),
          component_id: nullable(uuid),
          component_name: nullable(Type.String()),
        }),
      ),
    }),
  },
});
