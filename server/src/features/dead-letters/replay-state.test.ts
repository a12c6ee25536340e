// The state machine of replays against a model: whatever is done to it in whatever order, with kills in between.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterFailure, afterStep, mostFailures, type ReplayState, watched } from './replay-state.ts';

interface Model {
  status: 'running' | 'stopped' | 'finished';
  /** Every outcome since the last resume. */
  outcomes: boolean[];
}

interface Real {
  state: ReplayState;
}

const failures = (outcomes: readonly boolean[]) => outcomes.slice(-watched).filter(Boolean).length;

class Settle implements fc.Command<Model, Real> {
  readonly failed: boolean;
  constructor(failed: boolean) {
    this.failed = failed;
  }
  check = () => true;
  run(model: Model, real: Real): void {
    real.state = afterStep(real.state, { type: 'settled', failed: this.failed });
    if (model.status !== 'finished') model.outcomes.push(this.failed);
    if (model.status === 'running' && failures(model.outcomes) >= 10) model.status = 'stopped';
    compare(model, real);
  }
  toString = () => (this.failed ? 'fails' : 'passes');
}

class Do implements fc.Command<Model, Real> {
  readonly type: 'stop' | 'resume' | 'exhausted';
  constructor(type: 'stop' | 'resume' | 'exhausted') {
    this.type = type;
  }
  check = () => true;
  run(model: Model, real: Real): void {
    const was = model.status;
    real.state = afterStep(real.state, { type: this.type });
    if (this.type === 'stop' && was === 'running') model.status = 'stopped';
    if (this.type === 'exhausted' && was === 'running') model.status = 'finished';
    if (this.type === 'resume' && was === 'stopped') {
      model.status = 'running';
      model.outcomes = [];
    }
    compare(model, real);
  }
  toString = () => this.type;
}

/** A server that takes over knows what the tables say: the status, and the last outcomes since the last resume. */
class Kill implements fc.Command<Model, Real> {
  check = (model: Readonly<Model>) => model.status === 'running';
  run(model: Model, real: Real): void {
    real.state = { status: 'running', stop_reason: null, recent: model.outcomes.slice(-watched) };
    compare(model, real);
  }
  toString = () => 'kill';
}

function compare(model: Model, { state }: Real): void {
  expect(state.status).toBe(model.status);
  expect(state.recent.length).toBeLessThanOrEqual(watched);
  if (state.status === 'running') {
    expect(failures(state.recent)).toBeLessThan(mostFailures);
    expect(state.stop_reason).toBeNull();
  }
  expect(state.stop_reason !== null).toBe(state.status === 'stopped');
}

describe('a replay', () => {
  it('keeps to its model', () => {
    const commands = [
      fc.boolean().map((failed) => new Settle(failed)),
      fc.constant(new Settle(false)),
      fc.constantFrom('stop' as const, 'resume' as const, 'exhausted' as const).map((type) => new Do(type)),
      fc.constant(new Kill()),
    ];
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 200 }), (run) => {
        fc.modelRun(
          (): { model: Model; real: Real } => ({
            model: { status: 'running', outcomes: [] },
            real: { state: { status: 'running', stop_reason: null, recent: [] } },
          }),
          run,
        );
      }),
      { numRuns: 300 },
    );
  });
  it('stops at the tenth failure of the last fifty and not before', () => {
    let state: ReplayState = { status: 'running', stop_reason: null, recent: [] };
    const settle = (failed: boolean) => {
      state = afterStep(state, { type: 'settled', failed });
    };
    for (let n = 0; n < 200; n++) settle(n % 6 === 0);
    expect(state.status).toBe('running');
    for (let n = 0; n < 50; n++) settle(n % 5 === 0);
    expect(state).toMatchObject({ status: 'stopped', stop_reason: 'failures' });
  });
  it('lets a letter come back twice and keeps it away the third time', () => {
    expect([0, 1, 2].map((hops) => afterFailure(hops).status)).toEqual(['open', 'open', 'quarantined']);
  });
});
