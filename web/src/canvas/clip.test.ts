// Copies: under ids, names and places of their own, with the dependencies among them.
import { describe, expect, it } from 'vitest';
import { componentToBe } from '../work/operations.ts';
import { freeName, middleOfClip, pasteOperations, toClip } from './clip.ts';

const node = (id: string, name: string, x = 0) => ({
  position: { x, y: 0 },
  data: {
    component: {
      ...componentToBe(id, 'p', { name, status: 'completed', progress: 100, type: 'sensor' }, '2026-01-15'),
      tasks: { total: 3, done: 1 },
    },
  },
});

describe('copies', () => {
  const edges = [
    { component_id: 'b', depends_on_id: 'a' },
    { component_id: 'c', depends_on_id: 'b' },
  ];
  const clip = toClip('p', [node('a', 'Pump'), node('b', 'Hose', 328)], edges, false);
  const ids = ['x', 'y'];
  const pasted = pasteOperations(clip, {
    ...{ project_id: 'p', by: { x: 40, y: 40.4 }, taken: ['Pump', 'Hose', 'Hose 2'] },
    newId: () => ids.shift() ?? '',
  });

  it('have ids, free names and places of their own, and the dependencies among them only', () => {
    expect(pasted.ids).toEqual(['x', 'y']);
    expect(pasted.operations).toMatchObject([
      { op: 'create_component', id: 'x', project_id: 'p', fields: { name: 'Pump 2', position: { x: 40, y: 40 } } },
      { op: 'create_component', id: 'y', project_id: 'p', fields: { name: 'Hose 3', position: { x: 368, y: 40 } } },
      { op: 'add_dependency', id: 'y', depends_on_id: 'x' },
    ]);
  });

  it('begin anew, and stay what they are', () => {
    const [first] = pasted.operations;
    const fields = first?.op === 'create_component' ? first.fields : null;
    expect(fields).toMatchObject({ type: 'sensor' });
    expect(fields).not.toHaveProperty('status');
    expect(fields).not.toHaveProperty('progress');
  });

  it('are put down around their middle', () => {
    expect(middleOfClip(clip)).toEqual({ x: 276, y: 44 });
  });
});

describe('freeName', () => {
  it('counts on from a number that stands there already', () => {
    expect(freeName('Pump', new Set())).toBe('Pump');
    expect(freeName('Pump 2', new Set(['Pump 2']))).toBe('Pump 3');
    expect(freeName('Pump', new Set(['Pump', 'Pump 2', 'Pump 3']))).toBe('Pump 4');
  });
});
