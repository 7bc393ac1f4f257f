import { describe, expect, test } from 'vitest';
import type { OperationError } from '../../src/base/index.ts';
import {
  type Operation,
  type Simulation,
  type StepSubject,
  step,
  stepOf,
} from '../../src/sim/index.ts';
import { HOUR, simulation } from './harness.ts';

/** Runs `a` on a volume of a Pod; returns what happened. */
function run(sim: Simulation, subject: StepSubject = {}): string[] {
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
    owner.whenCrashed(() => {
      crashed = true;
    });
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
    expect(() => sim.faults.hold('synk')).toThrow(
      'there is no step "synk"; did you mean "sync"? known: a, b, sync',
    );
    expect(() => sim.faults.fail('a', { times: 0 })).toThrow(
      'times: 0 is not a positive whole number',
    );
    expect(() => sim.faults.delay('a', { by: 'soon' })).toThrow(`by: "soon" is not a duration`);
  });

  test.each([
    [{ vol: 'v' }, 'fail: unknown option "vol"; known: volume, pod, container, node, path,'],
    [{ by: '1s' }, 'fail: unknown option "by"'],
    [{ volume: 1 }, 'fail: volume: 1 is not a text'],
    [{ when: 'later' }, `fail: when: "later" is not 'before', 'after' or a function`],
    [{ error: 5 }, 'fail: error: neither a text nor { message, class?, code? }'],
    [{ error: { class: 'final' } }, 'fail: error.message: not a text'],
    [{ error: { message: 'x', class: 'bad' } }, `fail: error.class: "bad" is not 'final',`],
    [{ error: { message: 'x', code: 5 } }, 'fail: error.code: 5 is not a text'],
    [null, 'fail: options: not an object'],
  ])('options that are none are refused: %j', (options, message) => {
    const sim = simulation();
    expect(() => sim.faults.fail('a', options as never)).toThrow(message);
    expect(sim.faults.none).toBe(true);
  });

  test.each([
    ['pod', 'web', 'team/web', true],
    ['pod', 'team/web', 'team/web', true],
    ['pod', 'default/web', 'team/web', false],
    ['container', 'side', 'side', true],
    ['container', 'side', 'main', false],
    ['path', '/data', '/data/x', false],
    ['path', '/data/', '/data/x', true],
    ['path', '/data/', '/database', false],
    ['object', 'ConfigMap/m', 'ConfigMap/default/m', true],
    ['object', 'ConfigMap/default/m', 'ConfigMap/default/m', true],
    ['object', 'Secret/m', 'ConfigMap/default/m', false],
    ['object', 'Node/n', 'Node/n', true],
  ])('%s %s is for %s: %s', (key, wanted, actual, hits) => {
    const sim = simulation();
    sim.faults.fail('a', { [key]: wanted });
    expect(run(sim, { [key]: actual })).toHaveLength(hits ? 2 : 1);
    expect(run(sim)).toHaveLength(1);
  });

  test('who takes the step', () => {
    const sim = simulation();
    sim.faults.fail('a', { who: 'o', times: 1 });
    sim.faults.fail('a', { who: 'other' });
    expect(run(sim)).toHaveLength(2);
    expect(run(sim)).toHaveLength(1);
  });

  test('what happened is in the trace', () => {
    const sim = simulation();
    sim.faults.fail('a', { error: 'x' });
    run(sim, { volume: 'v', pod: 'default/web' });
    const about = { volume: 'v', pod: 'default/web' };
    expect(sim.trace.records).toEqual([
      { type: 'fault', at: new Date(0), operation: 'a', what: 'fail', error: 'x', ...about },
    ]);
  });
});
