import { describe, expect, test } from 'vitest';
import { OperationError } from '../../../src/base/index.ts';
import {
  type OperationEnd,
  OperationExecutor,
  type OperationName,
} from '../../../src/kubelet/volume-manager/operation-executor.ts';
import { type Operation, sleepUntil } from '../../../src/sim/index.ts';
import { makeSimulation } from './harness.ts';

/** An executor whose operations take a while, and fail while `broken`. */
function makeExecutor() {
  const simulation = makeSimulation();
  const ends: OperationEnd[] = [];
  const how = { broken: false, takes: 0 };
  const executor = new OperationExecutor({
    simulation,
    owner: simulation.owner('kubelet'),
    node: 'node-1',
    log: () => {},
    onReady: (end) => void ends.push(end),
  });
  const work = function* (): Operation {
    if (how.takes > 0)
      yield* sleepUntil(simulation.now + how.takes, { class: 'work', reason: 'work' });
    if (how.broken) throw new OperationError('no');
  };
  const run = (name: OperationName, volume: string, pod = '') => {
    const outcome = executor.run({ name, volume, pod, plugin: 'p', run: work });
    simulation.advance(0);
    return outcome;
  };
  return { simulation, run, how, ends };
}

describe('1.5 operations on a volume', () => {
  test.each([
    ['of one Pod', 'a', 'a', 'pending'],
    ['of two Pods', 'a', 'b', 'started'],
    ['of all Pods, and then of one', '', 'a', 'pending'],
    ['of one Pod, and then of all', 'a', '', 'pending'],
    ['of all Pods', '', '', 'pending'],
  ])('%s', (_, first, second, outcome) => {
    const { run, how, simulation } = makeExecutor();
    how.takes = 1000;
    expect(run('volume_mount', 'V', first)).toBe('started');
    expect(run('volume_unmount', 'V', second)).toBe(outcome);
    expect(run('volume_mount', 'another', second)).toBe('started');
    simulation.advance(1000);
    expect(run('volume_unmount', 'V', second)).toBe('started');
  });

  /** Seconds until it may be tried again, which it is then. */
  function wait({ run, simulation }: ReturnType<typeof makeExecutor>, name: OperationName) {
    const from = simulation.now;
    while (run(name, 'V') === 'backoff') simulation.advance(100);
    return (simulation.now - from) / 1000;
  }

  test('that fail wait longer each time, at most 2 min 2 s, and from the start after one that did not', () => {
    const made = makeExecutor();
    const { how, simulation } = made;
    how.broken = true;
    const waits = Array.from({ length: 11 }, () => wait(made, 'volume_mount'));
    expect(waits).toEqual([0, 0.5, 1, 2, 4, 8, 16, 32, 64, 122, 122]);
    how.broken = false;
    expect(wait(made, 'volume_mount')).toBe(122);
    how.broken = true;
    expect(wait(made, 'volume_mount')).toBe(0);
    expect(wait(made, 'volume_mount')).toBe(0.5);
    expect(simulation.now).toBe((waits.reduce((sum, one) => sum + one) + 122.5) * 1000);
  });

  test('that fail do not keep another one waiting, which begins anew', () => {
    const made = makeExecutor();
    made.how.broken = true;
    const waits = [1, 2, 3].map(() => wait(made, 'volume_mount'));
    expect(waits).toEqual([0, 0.5, 1]);
    expect(wait(made, 'volume_unmount')).toBe(0);
    expect(wait(made, 'volume_unmount')).toBe(0.5);
  });

  test('that fail for all Pods keep each of them waiting', () => {
    const { run, how, simulation } = makeExecutor();
    how.broken = true;
    expect(run('volume_mount', 'V')).toBe('started');
    expect(run('volume_mount', 'V', 'a')).toBe('backoff');
    simulation.advance(500);
    expect(run('volume_mount', 'V', 'a')).toBe('started');
  });

  test('tell how they ended, and when they may be tried again', () => {
    const { run, how, ends, simulation } = makeExecutor();
    const volume = { name: 'volume_mount', volume: 'V', pod: 'a' } as const;
    run('volume_mount', 'V', 'a');
    expect(ends).toEqual([{ ...volume, outcome: 'done' }]);
    how.broken = true;
    run('volume_mount', 'V', 'a');
    expect(ends.slice(1)).toEqual([{ ...volume, outcome: 'failed' }]);
    simulation.advance(500);
    expect(ends.slice(2)).toEqual([{ ...volume, outcome: 'retry' }]);
  });
});
