import { expect, test } from 'vitest';
import { createVersionRules, type Pod } from '../../../src/api/index.ts';
import { evictionMessage } from '../../../src/kubelet/eviction/message.ts';
import { type Candidate, ranked } from '../../../src/kubelet/eviction/ranking.ts';
import type { Threshold } from '../../../src/kubelet/eviction/thresholds.ts';
import { MIB } from './harness.ts';

const NONE = { bytes: 0, inodes: 0 };

interface Given {
  readonly spec?: object;
  readonly resources?: object;
  /** Mebibytes of its layer, and of its memory; undefined: nothing of it runs. */
  readonly used?: number | undefined;
  readonly memory?: number;
}

function candidate(name: string, given: Given = {}): Candidate {
  const { spec, resources, memory = 0 } = given;
  const used = 'used' in given ? given.used : 0;
  const containers = [{ name: 'c', image: 'busybox', resources }];
  const pod = { metadata: { name }, spec: { containers, ...spec } } as unknown as Pod;
  if (used === undefined) return { pod, stats: undefined };
  const stats = {
    containers: [
      { name: 'c', rootfs: { bytes: used * MIB, inodes: 1 }, logs: NONE, memory: memory * MIB },
    ],
    volumes: [],
    hostsFile: NONE,
    memory: memory * MIB,
  };
  return { pod, stats };
}

const asks = (amounts: object): Given => ({ resources: { requests: amounts } });

function order(
  candidates: Candidate[],
  version = 'all',
  signal: Threshold['signal'] = 'nodefs.available',
) {
  const options = { rules: createVersionRules(version), dedicatedImages: false };
  return ranked(candidates, signal, options).map(({ pod }) => pod.metadata.name);
}

test('what cannot be measured goes first, whatever its priority', () => {
  const waiting = candidate('waiting', { used: undefined, spec: { priority: 1000 } });
  expect(order([candidate('greedy', { used: 90 }), waiting])).toEqual(['waiting', 'greedy']);
});

test('more than was asked for, then priority, then how much more', () => {
  const storage = { 'ephemeral-storage': '50Mi' };
  const candidates = [
    candidate('within', { used: 40, ...asks(storage) }),
    candidate('important', { used: 90, spec: { priority: 10 } }),
    candidate('small', { used: 60, ...asks(storage) }),
    candidate('large', { used: 20 }),
  ];
  expect(order(candidates)).toEqual(['large', 'small', 'important', 'within']);
});

test('a side-car asks beside the containers, and a Pod for all of them', () => {
  const memory = (amount: string): object => ({ requests: { memory: amount } });
  const sidecar = {
    name: 's',
    image: 'busybox',
    restartPolicy: 'Always',
    resources: memory('30Mi'),
  };
  const candidates = [
    candidate('sidecar', {
      memory: 45,
      ...asks({ memory: '20Mi' }),
      spec: { initContainers: [sidecar] },
    }),
    candidate('whole', {
      memory: 45,
      ...asks({ memory: '20Mi' }),
      spec: { resources: memory('50Mi') },
    }),
    candidate('plain', { memory: 25, ...asks({ memory: '20Mi' }) }),
  ];
  expect(order(candidates, 'all', 'memory.available')).toEqual(['plain', 'sidecar', 'whole']);
});

test('until 1.8 the class decided: what asks for nothing before what asks for something', () => {
  const some = { resources: { requests: { memory: '1Mi' } } };
  const all = {
    resources: { requests: { cpu: '1', memory: '1Mi' }, limits: { cpu: '1', memory: '1Mi' } },
  };
  const candidates = [
    candidate('guaranteed', { used: 90, ...all }),
    candidate('burstable', { used: 50, ...some }),
    candidate('best effort', { used: 1 }),
  ];
  expect(order(candidates, '1.8')).toEqual(['best effort', 'burstable', 'guaranteed']);
  expect(order(candidates, '1.9')).toEqual(['guaranteed', 'burstable', 'best effort']);
});

const memory: Threshold = {
  signal: 'memory.available',
  text: '24Mi',
  minimumReclaim: undefined,
  grace: 0,
  hard: true,
};
const shortage = { capacity: 64 * MIB, available: 20 * MIB, limit: 24 * MIB };
const told = 'The node was low on resource: memory. Threshold quantity: 24Mi, available: 20Mi. ';

test('of a Pod of which nothing runs, no more is told than what was short', () => {
  const waiting = candidate('waiting', { used: undefined });
  const rules = createVersionRules('all');
  expect(evictionMessage(waiting, memory, shortage, rules)).toEqual({
    message: told,
    annotations: {},
  });
});

test('a Pod that asks for memory itself is told of beside its containers', () => {
  const whole = candidate('p', {
    memory: 45,
    spec: { resources: { requests: { memory: '50Mi' } } },
  });
  const { message, annotations } = evictionMessage(
    whole,
    memory,
    shortage,
    createVersionRules('all'),
  );
  expect(message).toBe(
    `${told}Pod p was using 45Mi, request is 50Mi, has larger consumption of memory. Container c was using 45Mi, request is 0, has larger consumption of memory. `,
  );
  expect(annotations).toEqual({
    offending_pod: 'p',
    offending_pod_usage: '45Mi',
    offending_containers: 'c',
    offending_containers_usage: '45Mi',
    starved_resource: 'memory',
  });
});
