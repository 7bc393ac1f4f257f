import { describe, expect, test } from 'vitest';
import type { OperationError } from '../../src/base/index.ts';
import { type Operation, type Simulation, step, stepOf } from '../../src/sim/index.ts';
import { HOUR, simulation } from './harness.ts';

/** Runs `a` on a volume of a Pod; returns what happened. */
function run(sim: Simulation, subject: { volume?: string; pod?: string } = {}): string[] {
  const seen: string[] = [];
  sim.spawn(
    't',
    sim.owner('o'),
    (function* (): Operation {
      try {
        yield* step('a', subject, () => seen.push(`done at ${sim.now}`));
      } catch (error) {
        seen.push(String(error), (error as OperationError).class);
      }
    })(),
  );
  sim.settle({ within: HOUR });
  return seen;
}

describe('faults', () => {
  test('fail throws into the step, before it', () => {
    const sim = simulation();
    sim.faults.fail('a', { error: { class: 'uncertain', message: 'no answer' } });
    expect(run(sim)).toEqual(['OperationError: no answer', 'uncertain']);
  });

  test('after: it was done, and is reported failed', () => {
    const sim = simulation();
    sim.faults.fail('a', { when: 'after', error: 'lost the answer' });
    expect(run(sim)).toEqual(['done at 0', 'OperationError: lost the answer', 'final']);
    expect(sim.trace.records.filter(({ type }) => type === 'fault')).toMatchObject([
      { operation: 'a', what: 'fail', error: 'lost the answer' },
    ]);
  });

  test('only as often as asked, and only what it is for', () => {
    const sim = simulation();
    sim.faults.fail('a', { times: 1, volume: 'v', pod: 'p' });
    expect(run(sim, { volume: 'w', pod: 'default/p' })).toEqual(['done at 0']);
    expect(run(sim, { volume: 'v', pod: 'default/p' })[0]).toMatch(/fault injected/);
    expect(run(sim, { volume: 'v', pod: 'default/p' })).toEqual(['done at 0']);
  });

  test('hold and delay come before a step, or not at all', () => {
    const sim = simulation();
    expect(() => sim.faults.hold('a', { when: 'after' })).toThrow("when: 'after' is for fail");
    expect(() => sim.faults.delay('a', { when: 'after', by: '1s' })).toThrow('not for delay');
    expect(run(sim)).toEqual(['done at 0']);
  });

  test('a function decides', () => {
    const sim = simulation();
    sim.faults.fail('a', { when: ({ volume }) => volume === 'v' });
    expect(run(sim, { volume: 'w' })).toEqual(['done at 0']);
    expect(run(sim, { volume: 'v' })).toHaveLength(2);
  });

  test('hold waits until it is disposed, and is reported', () => {
    const sim = simulation();
    const hold = sim.faults.hold('a');
    const about = { volume: 'v', pod: 'default/web' };
    const seen = run(sim, about);
    expect(seen).toEqual([]);
    const reason = 'fault: a held for volume v, Pod default/web';
    expect(sim.waiting()).toEqual([{ who: 't', for: reason, since: new Date(0), about }]);
    hold[Symbol.dispose]();
    sim.settle({ within: HOUR });
    expect(seen).toEqual(['done at 0']);
  });

  test('delay comes later', () => {
    const sim = simulation();
    sim.faults.delay('a', { by: '2s' });
    expect(run(sim)).toEqual(['done at 2000']);
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('crash %s the action', (when, done) => {
    const sim = simulation();
    sim.faults.crash('a', { when });
    const owner = sim.owner('kubelet');
    let actions = 0;
    let crashed = false;
    owner.onCrash = () => {
      crashed = true;
    };
    sim.spawn(
      't',
      owner,
      stepOf('a', {}, function* (): Operation {
        actions++;
        yield* step('b', {});
      }),
    );
    sim.settle({ within: HOUR });
    expect({ actions, crashed, alive: owner.alive }).toEqual({
      actions: done,
      crashed: true,
      alive: false,
    });
  });

  test('a wrong name or count is refused', () => {
    const sim = simulation();
    expect(() => sim.faults.fail('SetUpp')).toThrow('there is no step "SetUpp"; known: a, b, sync');
    expect(() => sim.faults.fail('a', { times: 0 })).toThrow(
      'times: 0 is not a positive whole number',
    );
    expect(() => sim.faults.delay('a', { by: 'soon' })).toThrow(`by: "soon" is not a duration`);
  });

  test('what happened is in the trace', () => {
    const sim = simulation();
    sim.faults.fail('a', { error: 'x' });
    run(sim);
    expect(sim.trace.records).toEqual([
      { type: 'fault', at: new Date(0), operation: 'a', what: 'fail', error: 'x' },
    ]);
  });
});
