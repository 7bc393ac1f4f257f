import { expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';
import { readAction } from '../../src/teaching/simulation/actions.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: {
    automountServiceAccountToken: false,
    containers: ['one', 'two'].map((name) => ({ name, image: 'busybox' })),
  },
};

test('faults of a scene: a step that fails for one container, and one that hangs', () => {
  const cluster = createCluster();
  cluster.settle();
  const act = (action: object): unknown => readAction('then[0]', action).run(cluster);
  act({ fail: { operation: 'StartContainer', container: 'two', times: 1 } });
  act({ hold: { operation: 'StopContainer', who: 'kubelet node-1' } });
  cluster.apply(pod);
  cluster.settle();
  expect(cluster.pod('p').containers.map(({ state }) => state)).toEqual(['running', 'running']);
  expect(cluster.pod('p').containers.map(({ restartCount }) => restartCount)).toEqual([0, 1]);
  cluster.delete('Pod', 'p');
  cluster.advance('10m');
  expect(cluster.pod('p').waiting.map(({ why }) => why)).toContain(
    'fault: StopContainer held for container one, Pod default/p',
  );
  expect(() => act({ hold: { operation: 'Stop' } })).toThrow('there is no step "Stop"');
});
