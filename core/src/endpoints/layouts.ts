// Endpoints of layouts: the views that people keep for themselves or share.
import { Type } from 'typebox';
import { layout, layoutFields } from '../entities.ts';
import { page, patch, strict, uuid } from '../schema.ts';
import { endpoint } from './endpoint.ts';
import { byId, newId, optional, paging } from './inputs.ts';

const { kind, name, config, ...others } = layoutFields;

export const listLayouts = endpoint({
  method: 'GET',
  path: '/layouts',
  summary: 'Own layouts and those that others share, by name; of a project with those of no project',
  tag: 'layouts',
  access: 'signed_in',
  query: strict({ limit: paging.limit, cursor: paging.cursor, project_id: Type.Optional(uuid) }),
  reply: { status: 200, schema: page(layout) },
  problems: ['request.bad_cursor'],
});

export const createLayout = endpoint({
  method: 'POST',
  path: '/layouts',
  summary: 'Keep a layout',
  tag: 'layouts',
  access: 'signed_in',
  body: strict({ id: newId, kind, name, config, ...optional(others) }),
  reply: { status: 201, schema: layout },
  problems: ['project.not_found', 'request.id_taken', 'layout.too_many'],
  etag: true,
  idempotent: true,
});

export const getLayout = endpoint({
  method: 'GET',
  path: '/layouts/{id}',
  summary: 'One layout',
  tag: 'layouts',
  access: 'signed_in',
  params: byId,
  reply: { status: 200, schema: layout },
  problems: ['layout.not_found'],
  etag: true,
});

export const updateLayout = endpoint({
  method: 'PATCH',
  path: '/layouts/{id}',
  summary: 'Change a layout of the own',
  tag: 'layouts',
  access: 'signed_in',
  params: byId,
  body: patch({ name, config, shared: others.shared }),
  reply: { status: 200, schema: layout },
  problems: ['layout.not_found', 'request.precondition_failed'],
  etag: true,
});

export const deleteLayout = endpoint({
  method: 'DELETE',
  path: '/layouts/{id}',
  summary: 'Delete a layout of the own',
  tag: 'layouts',
  access: 'signed_in',
  params: byId,
  reply: { status: 204, schema: null },
  problems: ['layout.not_found', 'request.precondition_failed'],
  etag: true,
});
