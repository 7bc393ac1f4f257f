import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';
import {
  arbitraries,
  checkHistory,
  commands,
  type History,
  HistoryError,
  runHistory,
  type Step,
  shrinkHistory,
  watchInvariants,
} from '../../src/testing/index.ts';
import { command, recorder } from '../cli/recorder.ts';

/** Fixed seeds, so that what is red once stays red until it is mended; the full counts are in test/long. */
const SEED = 20240101;

describe('random histories', () => {
  test.each(['fifo', 'random'] as const)('whatever happens, the invariants hold (%s)', (order) => {
    const histories = fc.sample(arbitraries.history({ steps: 60, order }), {
      seed: SEED,
      numRuns: 50,
    });
    for (const history of histories) checkHistory(history);
    expect(histories.length).toBe(50);
  });

  test('one is the same each time', () => {
    const [history] = fc.sample(arbitraries.history({ steps: 60 }), { seed: SEED, numRuns: 1 });
    const [first, second] = [runHistory(history as History), runHistory(history as History)];
    expect(first.cluster.trace.text()).toBe(second.cluster.trace.text());
    expect(first.document).toBe(second.document);
    expect(first.cluster.trace.records.length).toBeGreaterThan(100);
  });

  test('they reach what they are for', () => {
    const histories = fc.sample(arbitraries.history({ steps: 60 }), { seed: SEED, numRuns: 30 });
    const kinds = new Set<string>();
    for (const history of histories) {
      for (const record of runHistory(history).cluster.trace.records) {
        if (record.type === 'lifecycle') kinds.add(`${record.who} ${record.what}`);
        else if (record.type === 'world') kinds.add(record.state);
        else if (record.type === 'fault') kinds.add(record.what);
        else if (record.type === 'operation') kinds.add(`${record.operation} ${record.state}`);
        else if (record.type === 'container') kinds.add(`${record.container} ${record.state}`);
        else if (record.type === 'event') kinds.add(record.reason);
      }
    }
    expect([...kinds].sort()).toEqual(
      expect.arrayContaining([
        'NodeShutdown',
        'crash',
        'debug-0 started',
        'delay',
        'fail',
        'helper started',
        'kubelet crashed',
        'kubelet started',
        'mounted',
        'node-1 rebooted',
        'uncertain',
        'volume_mount failed',
        'volume_unmount failed',
      ]),
    );
  });
});

/** Somebody removes the directories of pods that are mounted: K59 is broken, between much that has nothing to do with it. */
function faultyHistory(): History {
  const [history] = fc.sample(arbitraries.history({ steps: 12, order: 'fifo' }), {
    seed: 7,
    numRuns: 1,
  });
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'pod-9' },
    spec: {
      containers: [
        { name: 'main', image: 'busybox', volumeMounts: [{ name: 'v', mountPath: '/v' }] },
      ],
      automountServiceAccountToken: false,
      volumes: [{ name: 'v', emptyDir: {} }],
    },
  };
  const first: Step = { do: 'secret', n: 1, value: 2 };
  const second: Step = { do: 'labelPod', pick: 0, value: 1 };
  return {
    options: { ...history?.options, seed: 3 },
    steps: [
      { do: 'configMap', n: 0, value: 1, immutable: false },
      { do: 'pod', n: 9, manifest: pod },
      { do: 'settle' },
      { do: 'secret', n: 0, value: 1 },
      { do: 'act', action: { remove: { path: '/var/lib/kubelet/pods' } } },
      first,
      second,
    ],
  };
}

describe('a history that fails', () => {
  test('fc.modelRun takes commands', () => {
    fc.assert(
      fc.property(commands({ maxCommands: 10 }), (list) => {
        fc.modelRun(() => {
          const cluster = createCluster();
          return { model: { watch: watchInvariants(cluster), done: [] }, real: cluster };
        }, list);
      }),
      { seed: SEED, numRuns: 5 },
    );
  });

  test('throws its shortest form, and a Simulation document that the command runs to the same end', () => {
    const error = errorOf(() => checkHistory(faultyHistory()));
    expect(error.result.violations[0]?.id).toBe('K59');
    expect(error.message).toMatch(/^an invariant does not hold\nK59 at 2024.*\n3 steps;/);
    const files = recorder({ 'history.yaml': error.document });
    const { status, errors } = command(['run', 'history.yaml'], files);
    expect(status).toBe(1);
    expect(errors).toMatch(/spec\.then\[2\]\.attempt: K59: the directory of Pod \S+ is gone/);
  });

  test('one that holds runs to the end', () => {
    const { steps, options } = faultyHistory();
    const whole = { options, steps: steps.filter((step) => step.do !== 'act') };
    const { document, violations } = runHistory(whole);
    expect(violations).toEqual([]);
    expect(command(['run', 'h.yaml'], recorder({ 'h.yaml': document })).status).toBe(0);
  });

  test('keeps what it needs when it is made shorter', () => {
    const { history } = shrinkHistory(faultyHistory());
    expect(history.steps.map((step) => step.do)).toEqual(['pod', 'settle', 'act']);
  });
});

function errorOf(action: () => void): HistoryError {
  try {
    action();
  } catch (error) {
    if (error instanceof HistoryError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
