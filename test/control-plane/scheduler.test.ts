import { expect, test } from 'vitest';
import { claim, node, Plane, pod, podWith, volume } from './harness.ts';

const HELPLESS = (nodes: number): string =>
  `preemption: 0/${nodes} nodes are available: ${nodes} Preemption is not helpful for scheduling.`;

test('a Pod gets a node, a condition and an event', () => {
  const plane = new Plane(['scheduler']);
  plane.create(node('node-1'));
  plane.create(pod('p'));
  plane.settle();
  expect(plane.get('Pod', 'p').spec.nodeName).toBe('node-1');
  expect(plane.eventsOf('Pod/p')).toEqual([
    '1 Scheduled: Successfully assigned default/p to node-1',
  ]);
});

test('Pods spread over nodes, then by name', () => {
  const plane = new Plane(['scheduler']);
  for (const name of ['b', 'a']) plane.create(node(name));
  for (const name of ['p1', 'p2', 'p3']) plane.create(pod(name));
  plane.settle();
  expect(['p1', 'p2', 'p3'].map((name) => plane.get('Pod', name).spec.nodeName)).toEqual([
    'a',
    'b',
    'a',
  ]);
});

test('no node at all', () => {
  const plane = new Plane(['scheduler']);
  plane.create(pod('p'));
  plane.settle();
  expect(plane.eventsOf('Pod/p')).toEqual([
    '1 FailedScheduling: no nodes available to schedule pods',
  ]);
  plane.create(node('node-1'));
  plane.settle();
  expect(plane.get('Pod', 'p').spec.nodeName).toBe('node-1');
});

test('each node says why not, and the Pod waits', () => {
  const plane = new Plane(['scheduler']);
  plane.create(node('full', { allocatable: { cpu: '100m' } }));
  plane.create(node('tainted', { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } }));
  plane.create(node('closed', { spec: { unschedulable: true } }));
  plane.create(pod('p', { containers: [{ name: 'c', resources: { requests: { cpu: '1' } } }] }));
  plane.settle();
  const message =
    '0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable. preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.';
  expect(plane.eventsOf('Pod/p')).toEqual([`1 FailedScheduling: ${message}`]);
  expect(plane.get('Pod', 'p').status.conditions).toMatchObject([
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
  ]);
});

test('what others on the node ask is taken', () => {
  const plane = new Plane(['scheduler']);
  const asking = { containers: [{ name: 'c', resources: { requests: { cpu: '3' } } }] };
  plane.create(node('node-1'));
  plane.create(pod('p1', asking));
  plane.create(pod('p2', asking));
  plane.settle();
  expect(plane.get('Pod', 'p2').spec.nodeName).toBeUndefined();
  plane.store.remove('Pod', 'default', 'p1');
  plane.settle();
  expect(plane.get('Pod', 'p2').spec.nodeName).toBe('node-1');
});

test.each([
  [{ nodeSelector: { disk: 'ssd' } }, 'b'],
  [{ schedulerName: 'nobody' }, undefined],
  [{ schedulingGates: [{ name: 'g' }] }, undefined],
  [{ affinity: affinity('NotIn', ['ssd']) }, 'a'],
  [{ affinity: affinity('Exists') }, 'b'],
])('%j goes to %s', (spec, expected) => {
  const plane = new Plane(['scheduler']);
  plane.create(node('a'));
  plane.create(node('b', { labels: { disk: 'ssd' } }));
  plane.create(pod('p', spec));
  plane.settle();
  expect(plane.get('Pod', 'p').spec.nodeName).toBe(expected);
});

function affinity(operator: string, values?: string[]): object {
  const requirement = { key: 'disk', operator, ...(values && { values }) };
  const nodeSelectorTerms = [{ matchExpressions: [requirement] }];
  return {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
  };
}

test('a claim that is missing, and one that is not bound', () => {
  const plane = new Plane(['scheduler']);
  plane.create(node('node-1'));
  plane.create(podWith('data', 'p'));
  plane.settle();
  plane.create(claim('data'));
  plane.settle();
  expect(plane.eventsOf('Pod/p')).toEqual([
    `1 FailedScheduling: 0/1 nodes are available: persistentvolumeclaim "data" not found. ${HELPLESS(1)}`,
    `1 FailedScheduling: 0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. ${HELPLESS(1)}`,
  ]);
});

test('a Pod follows its volume to its node', () => {
  const plane = new Plane(['scheduler', 'persistentvolume-binder']);
  for (const name of ['a', 'b']) plane.create(node(name));
  plane.create(volume('pv', { nodeAffinity: onNode('b') }));
  plane.create(claim('data'));
  plane.create(podWith('data', 'p'));
  plane.settle();
  expect(plane.get('Pod', 'p').spec.nodeName).toBe('b');
  plane.edit('Node', 'b', (draft) => Object.assign(draft.spec, { unschedulable: true }));
  plane.create(podWith('data', 'q'));
  plane.settle();
  expect(plane.eventsOf('Pod/q')).toEqual([
    `1 FailedScheduling: 0/2 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity, 1 node(s) were unschedulable. ${HELPLESS(2)}`,
  ]);
});

function onNode(name: string): object {
  const requirement = { key: 'kubernetes.io/hostname', operator: 'In', values: [name] };
  return { required: { nodeSelectorTerms: [{ matchExpressions: [requirement] }] } };
}

const WAIT = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'wait' },
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: 'WaitForFirstConsumer',
};

test('WaitForFirstConsumer: the scheduler chooses node and volume, the PV controller binds', () => {
  const plane = new Plane(['scheduler', 'persistentvolume-binder']);
  for (const name of ['a', 'b']) plane.create(node(name));
  plane.create(WAIT);
  plane.create(volume('pv', { storageClassName: 'wait', nodeAffinity: onNode('b') }));
  plane.create(claim('data', { storageClassName: 'wait' }));
  plane.settle();
  expect(plane.get('PersistentVolumeClaim', 'data').status.phase).toBe('Pending');
  plane.create(podWith('data', 'p'));
  plane.create(podWith('data', 'q'));
  plane.settle();
  expect(plane.get('PersistentVolumeClaim', 'data').spec.volumeName).toBe('pv');
  expect(plane.get('Pod', 'p').spec.nodeName).toBe('b');
  expect(plane.get('Pod', 'q').spec.nodeName).toBe('b');
});

test('no two Pods are promised the same volume', () => {
  const plane = new Plane(['scheduler', 'persistentvolume-binder'], { before: [node('a'), WAIT] });
  for (const name of ['1', '2']) {
    plane.create(volume(`pv-${name}`, { storageClassName: 'wait' }));
    plane.create(claim(`claim-${name}`, { storageClassName: 'wait' }));
  }
  plane.settle();
  for (const name of ['1', '2']) plane.create(podWith(`claim-${name}`, `pod-${name}`));
  plane.settle();
  const reasons = plane.events
    .filter(({ on }) => on.startsWith('Pod/'))
    .map(({ reason }) => reason);
  expect(reasons).toEqual(['Scheduled', 'Scheduled']);
});

test('WaitForFirstConsumer: no volume fits', () => {
  const plane = new Plane(['scheduler', 'persistentvolume-binder'], { before: [node('a'), WAIT] });
  plane.create(claim('data', { storageClassName: 'wait' }));
  plane.create(podWith('data', 'p'));
  plane.settle();
  expect(plane.eventsOf('Pod/p')).toEqual([
    `1 FailedScheduling: 0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind. ${HELPLESS(1)}`,
  ]);
});

test.each([
  [
    '1.8',
    'No nodes are available that match all of the following predicates:: MatchNodeSelector (1).',
  ],
  ['1.19', "0/1 nodes are available: 1 node(s) didn't match node selector."],
  ['1.23', "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."],
])('the message of %s', (version, message) => {
  const plane = new Plane(['scheduler'], { version });
  plane.create(node('a'));
  plane.create(pod('p', { nodeSelector: { disk: 'ssd' } }));
  plane.settle();
  expect(plane.eventsOf('Pod/p')).toEqual([`1 FailedScheduling: ${message}`]);
});

test('a scheduler that dies at the binding starts again and binds', () => {
  const plane = new Plane(['scheduler']);
  plane.simulation.faults.crash('Bind', { times: 1 });
  plane.create(node('node-1'));
  plane.create(pod('p'));
  plane.settle();
  expect(plane.get('Pod', 'p').spec.nodeName).toBe('node-1');
  const lives = plane.simulation.trace.records.filter(({ type }) => type === 'lifecycle');
  expect(lives).toMatchObject([{ what: 'crashed' }, { what: 'started' }]);
});

test('nothing to do costs no step', () => {
  const plane = new Plane([
    'scheduler',
    'persistentvolume-binder',
    'pvc-protection',
    'pv-protection',
  ]);
  expect(plane.settle()).toBe(0);
});

test.each([...Array(20).keys()])('in any order every Pod gets its own volume: seed %i', (seed) => {
  const plane = new Plane(['scheduler', 'persistentvolume-binder'], { order: 'random', seed });
  for (const name of ['a', 'b']) {
    plane.create(node(name));
    plane.create(volume(`pv-${name}`, { storageClassName: 'wait', nodeAffinity: onNode(name) }));
    plane.create(claim(`claim-${name}`, { storageClassName: 'wait' }));
    plane.create(podWith(`claim-${name}`, `pod-${name}`));
  }
  plane.create(WAIT);
  plane.settle();
  plane.simulation.advance(120_000);
  const nodes = ['a', 'b'].map((name) => plane.get('Pod', `pod-${name}`).spec.nodeName);
  expect(nodes.sort()).toEqual(['a', 'b']);
});
