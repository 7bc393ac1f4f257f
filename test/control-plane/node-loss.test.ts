import { describe, expect, test } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../src/index.ts';

const pod = (name: string, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    automountServiceAccountToken: false,
    nodeName: 'a',
    containers: [{ name: 'c', image: 'busybox' }],
    ...more,
  },
});

function started(options: ClusterOptions = {}, nodes = ['a', 'b']): Cluster {
  const cluster = createCluster({ nodes: nodes.map((name) => ({ name })), ...options });
  cluster.settle();
  return cluster;
}

const ready = (cluster: Cluster, node = 'a') =>
  cluster.node(node).object.status?.conditions?.find(({ type }) => type === 'Ready');
const taints = (cluster: Cluster, node = 'a'): string[] =>
  (cluster.node(node).object.spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
const condition = (cluster: Cluster, name: string, wanted: string) =>
  cluster.pod(name).conditions.find(({ type }) => type === wanted);
/** Seconds since the start at which something holds. */
function when(cluster: Cluster, holds: () => boolean, within = '20m'): number {
  const from = cluster.now.getTime();
  if (!cluster.runUntil(holds, { within })) return Number.POSITIVE_INFINITY;
  return (cluster.now.getTime() - from) / 1000;
}

describe('10.1 a silent node', () => {
  test.each([
    ['1.31', 45],
    ['1.32', 55],
    ['1.9', 45],
  ])(
    '%s: is not known to be ready at the first look after its grace period',
    (kubernetesVersion, after) => {
      const cluster = started({ kubernetesVersion });
      cluster.apply(pod('p'));
      cluster.settle();
      cluster.advance('30s');
      cluster.node('a').fail();
      const since = when(cluster, () => ready(cluster)?.status === 'Unknown');
      expect(since).toBeGreaterThan(after - 15);
      expect(since).toBeLessThanOrEqual(after);
      expect(ready(cluster)).toMatchObject({
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
      });
      cluster.settle();
      expect(condition(cluster, 'p', 'Ready')?.status).toBe('False');
      const [event] = cluster.events({ involved: 'Pod/p', reason: 'NodeNotReady' });
      expect(event).toMatchObject({ type: 'Warning', message: 'Node is not ready' });
      expect(cluster.events({ involved: 'Node/a', reason: 'NodeNotReady' })[0]?.message).toBe(
        'Node a status is now: NodeNotReady',
      );
      expect(ready(cluster, 'b')?.status).toBe('True');
    },
  );

  test('gets taints, and loses them when it speaks again; nothing has moved', () => {
    const cluster = started();
    cluster.apply(pod('p'));
    cluster.settle();
    cluster.node('a').kubelet.stop();
    cluster.advance('2m');
    const unreachable = 'node.kubernetes.io/unreachable';
    expect(taints(cluster)).toEqual([`${unreachable}:NoSchedule`, `${unreachable}:NoExecute`]);
    cluster.node('a').kubelet.start();
    cluster.settle();
    expect(ready(cluster)?.status).toBe('True');
    expect(taints(cluster)).toEqual([]);
    cluster.advance('10m');
    expect(cluster.pod('p').object.metadata.deletionTimestamp).toBeUndefined();
    expect(cluster.pod('p').container().restartCount).toBe(0);
    expect(condition(cluster, 'p', 'Ready')?.status).toBe('True');
    const messages = cluster
      .events({ reason: 'TaintManagerEviction' })
      .map(({ message }) => message);
    expect(messages).toEqual(['Cancelling deletion of Pod default/p']);
  });

  test('is told once, however long it lasts, and once more the next time', () => {
    const cluster = started();
    const told = () =>
      cluster.events({ involved: 'Node/a', reason: 'NodeNotReady' }).map(({ count }) => count);
    for (const times of [1, 2]) {
      cluster.node('a').kubelet.stop();
      cluster.advance('20m');
      expect(told().reduce((sum = 0, count = 1) => sum + count, 0)).toBe(times);
      cluster.node('a').kubelet.start();
      cluster.settle();
    }
  });

  test('a kubelet that starts again in time is not missed', () => {
    const cluster = started();
    cluster.node('a').kubelet.stop();
    cluster.advance('30s');
    cluster.node('a').kubelet.start();
    cluster.advance('10m');
    expect(cluster.events({ reason: 'NodeNotReady' })).toEqual([]);
  });

  test('where all nodes are silent, none is emptied', () => {
    const cluster = started();
    cluster.apply(pod('p'));
    cluster.settle();
    cluster.node('a').kubelet.stop();
    cluster.advance('2m');
    cluster.node('b').kubelet.stop();
    cluster.advance('20m');
    expect(taints(cluster)).toEqual(['node.kubernetes.io/unreachable:NoSchedule']);
    expect(cluster.pod('p').object.metadata.deletionTimestamp).toBeUndefined();
    cluster.node('b').kubelet.start();
    cluster.advance('8m');
    expect(cluster.pod('p').object.metadata.deletionTimestamp).toBeDefined();
  });

  test('where that cannot be written the log says so, and the taint stays until the node speaks', () => {
    const cluster = started();
    cluster.node('a').fail();
    cluster.advance('3m');
    expect(taints(cluster)).toContain('node.kubernetes.io/unreachable:NoExecute');
    cluster.faults.fail('PatchNodeTaints', { times: 1, when: ({ node }) => node === 'a' });
    cluster.node('b').fail();
    cluster.advance('3m');
    expect(ready(cluster, 'b')?.status).toBe('Unknown');
    expect(taints(cluster)).toContain('node.kubernetes.io/unreachable:NoExecute');
    cluster.node('a').recover();
    cluster.advance('1m');
    expect(taints(cluster)).toEqual([]);
  });

  test('before taints its Pods are deleted at the first look after five minutes without a word', () => {
    const cluster = started({ kubernetesVersion: '1.12' });
    cluster.apply(pod('p'));
    cluster.settle();
    cluster.node('a').fail();
    when(cluster, () => ready(cluster)?.status === 'Unknown');
    const deleted = (): boolean => cluster.pod('p').object.metadata.deletionTimestamp !== undefined;
    // It was given up at the first look after 40 s.
    expect(when(cluster, deleted)).toBe(305 - 45);
  });

  test('nodes of a zone are emptied one after the other, 10 s apart', () => {
    const cluster = started({}, ['a', 'b', 'c', 'd', 'e']);
    for (const name of ['a', 'b']) cluster.node(name).kubelet.stop();
    const evicted = (name: string) => () =>
      taints(cluster, name).some((t) => t.endsWith('NoExecute'));
    cluster.runUntil(evicted('a'), { within: '5m' });
    expect(when(cluster, evicted('b'))).toBe(10);
  });

  test('a node that is only described is nobody who could be silent', () => {
    const cluster = started();
    const status = { conditions: [{ type: 'Ready', status: 'True' }] };
    cluster.restore({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'x' }, status });
    cluster.advance('1h');
    const { status: found } = cluster.get('Node', 'x') ?? {};
    expect(found?.conditions?.[0]?.status).toBe('True');
  });
});

describe('10.2 Pods of a tainted node', () => {
  test('stay for five minutes, and are then deleted, as far as a node that is gone can do that', () => {
    const cluster = started();
    cluster.apply(pod('p'));
    cluster.settle();
    cluster.node('a').fail();
    const deleted = (): boolean => cluster.pod('p').object.metadata.deletionTimestamp !== undefined;
    when(cluster, () => taints(cluster).length === 2);
    expect(when(cluster, deleted)).toBe(300);
    expect(condition(cluster, 'p', 'DisruptionTarget')).toMatchObject({
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
    });
    cluster.advance('1h');
    expect(cluster.get('Pod', 'p')).toBeDefined();
    cluster.node('a').recover();
    cluster.settle();
    expect(cluster.get('Pod', 'p')).toBeUndefined();
  });

  test.each([
    ['not at all: at once', undefined, 0],
    [
      'for a while: then',
      [{ key: 'k', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 7 }],
      7,
    ],
    ['for ever: never', [{ key: 'k', operator: 'Exists' }], Number.POSITIVE_INFINITY],
    [
      'less than nothing: at once',
      [{ key: 'k', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: -1 }],
      0,
    ],
  ])('tolerate a taint %s', (_, tolerations, seconds) => {
    const cluster = started();
    cluster.apply(pod('p', tolerations ? { tolerations } : {}));
    cluster.settle();
    cluster.edit('Node', 'a', (node) => {
      node.spec = { ...node.spec, taints: [{ key: 'k', effect: 'NoExecute' }] };
    });
    const gone = (): boolean =>
      cluster.get('Pod', 'p')?.metadata.deletionTimestamp !== undefined || !cluster.get('Pod', 'p');
    expect(when(cluster, gone)).toBe(seconds);
  });

  test('1.12: the node controller deletes them itself, after five minutes', () => {
    const cluster = started({ kubernetesVersion: '1.12' });
    cluster.apply(pod('p'));
    cluster.settle();
    cluster.node('a').fail();
    cluster.advance('4m');
    expect(taints(cluster)).toEqual(['node.kubernetes.io/unreachable:NoSchedule']);
    expect(cluster.pod('p').object.metadata.deletionTimestamp).toBeUndefined();
    cluster.advance('2m');
    expect(cluster.pod('p').object).toMatchObject({
      metadata: { deletionTimestamp: expect.any(String) },
      status: {
        reason: 'NodeLost',
        message: 'Node a which was running pod p is unresponsive',
      },
    });
    const [event] = cluster.events({ reason: 'NodeControllerEviction' });
    expect(event?.message).toBe('Marking for deletion Pod p from Node a');
  });
});

describe('10.3 Pods that nobody ends', () => {
  test('of a node that is gone: after 40 s and the next look', () => {
    const cluster = started();
    cluster.apply(pod('p'));
    cluster.settle();
    cluster.node('a').fail();
    cluster.delete('Node', 'a');
    const ends: (string | undefined)[] = [];
    cluster.watch('Pod', ({ object }) =>
      ends.push((object as { status?: { phase?: string } }).status?.phase),
    );
    const after = when(cluster, () => !cluster.get('Pod', 'p'));
    expect(after).toBeGreaterThanOrEqual(40);
    expect(after).toBeLessThanOrEqual(80);
    expect(ends.at(-1)).toBe('Failed');
  });

  test('of a node that somebody deleted: its kubelet ends them, and registers when it starts again', () => {
    const cluster = started();
    cluster.apply(pod('p'));
    cluster.settle();
    cluster.delete('Node', 'a');
    cluster.advance('30s');
    cluster.apply({ ...pod('q'), metadata: { name: 'q' } });
    cluster.advance('3m');
    expect(cluster.list('Pod')).toEqual([]);
    expect(cluster.node('a').fs.readdirSync('/var/lib/kubelet/pods')).toEqual([]);
    expect(cluster.get('Node', 'a')).toBeUndefined();
    cluster.node('a').kubelet.restart();
    cluster.settle();
    expect(ready(cluster)?.status).toBe('True');
  });

  test('of a node that comes in time: stay', () => {
    const cluster = createCluster({ nodes: [{ name: 'a' }] });
    cluster.apply(pod('p'));
    cluster.settle();
    cluster.advance('5m');
    expect(cluster.pod('p').phase).toBe('Running');
    expect(cluster.pod('p').container().restartCount).toBe(0);
  });

  test('of a lost node that is out of service', () => {
    const cluster = started();
    cluster.apply(pod('p'));
    cluster.settle();
    cluster.node('a').fail();
    cluster.advance('2m');
    cluster.edit('Node', 'a', (node) => {
      const key = 'node.kubernetes.io/out-of-service';
      const taint = { key, value: 'nodeshutdown', effect: 'NoExecute' };
      node.spec = { ...node.spec, taints: [...(node.spec?.taints ?? []), taint] };
    });
    expect(when(cluster, () => !cluster.get('Pod', 'p'))).toBeLessThanOrEqual(20);
  });
});
