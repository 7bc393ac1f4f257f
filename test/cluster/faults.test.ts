import { describe, expect, test } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.ts';

const CONFIG = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: '1' } };

function pod(name = 'p', containers = ['c']) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      automountServiceAccountToken: false,
      containers: containers.map((container) => ({
        name: container,
        image: 'busybox',
        volumeMounts: [{ name: 'm', mountPath: '/m' }],
      })),
      volumes: [{ name: 'm', configMap: { name: 'm' } }],
    },
  };
}

function started(...names: string[]): Cluster {
  const cluster = createCluster();
  cluster.settle();
  cluster.apply([CONFIG, ...names.map((name) => pod(name))]);
  cluster.settle();
  return cluster;
}

describe('what the kubelet writes to the API server', () => {
  test('a Node that cannot be made is tried again', () => {
    const cluster = createCluster();
    cluster.faults.fail('CreateNode', { times: 3, error: 'connection refused' });
    expect(cluster.settle().waiting).toContainEqual(
      expect.objectContaining({ for: 'Node to be made: connection refused' }),
    );
    expect(cluster.get('Node', 'node-1')).toBeUndefined();
    cluster.advance('2s');
    expect(cluster.node().object.metadata.name).toBe('node-1');
  });

  test('a status that cannot be written is tried five times, and ten seconds later again', () => {
    const cluster = started();
    const fault = cluster.faults.fail('PatchNodeStatus', { error: 'no answer' });
    cluster.node().kubelet.restart();
    cluster.edit(
      'Node',
      'node-1',
      (node) => {
        for (const one of node.status?.conditions ?? []) one.status = 'Unknown';
      },
      { subresource: 'status' },
    );
    const { now } = cluster;
    const report = cluster.settle();
    const tries = () => cluster.trace.records.filter(({ type }) => type === 'fault').length;
    expect([report.idle, tries()]).toEqual([true, 5]);
    cluster.advance(now.getTime() + 10_000 - cluster.now.getTime());
    expect(tries()).toBe(10);
    fault.unsubscribe();
    cluster.advance('11s');
    expect(cluster.node().object.status?.conditions?.map(({ status }) => status)).toContain('True');
  });
});

describe('who sees what late', () => {
  test('a kubelet that is not told of a change keeps the old one, and others do not', () => {
    const cluster = started('p');
    const fault = cluster.faults.hold('watch', { who: 'kubelet node-1', object: 'ConfigMap/m' });
    cluster.apply({ ...CONFIG, data: { a: '2' } });
    cluster.advance('3m');
    const read = () => cluster.pod('p').container().fs.readFileSync('/m/a', 'utf8');
    expect([cluster.get('ConfigMap', 'm')?.data?.['a'], read()]).toEqual(['2', '1']);
    fault.unsubscribe();
    cluster.advance('3m');
    expect(read()).toBe('2');
  });

  test('a watch that breaks is opened again, and nothing is lost', () => {
    const cluster = started();
    cluster.faults.fail('watch', { object: 'Pod/p', times: 2 });
    cluster.apply(pod());
    cluster.advance('5s');
    expect(cluster.pod('p').phase).toBe('Running');
  });

  test('without the fault the cache is the store again', () => {
    const cluster = started();
    const fault = cluster.faults.hold('watch', { object: 'Pod/p' });
    cluster.apply(pod());
    cluster.settle();
    expect(cluster.pod('p').object.spec.nodeName).toBeUndefined();
    fault.unsubscribe();
    cluster.settle();
    expect(cluster.pod('p').phase).toBe('Running');
    cluster.apply(pod('q'));
    const steps = Array.from({ length: 20 }, () => cluster.step()?.step);
    expect(steps).not.toContain('watch');
  });
});

describe('one of several', () => {
  test('a controller by its name; a key whose sync failed comes again', () => {
    const cluster = started();
    cluster.faults.fail('sync', { who: 'scheduler', times: 1 });
    cluster.apply(pod());
    cluster.settle();
    cluster.advance('1s');
    expect(cluster.pod('p').phase).toBe('Running');
    const faults = cluster.trace.records.filter(({ type }) => type === 'fault');
    expect(faults).toHaveLength(1);
  });

  test('a container of a Pod, which its namespace may name', () => {
    const cluster = started();
    cluster.faults.fail('StartContainer', { pod: 'default/p', container: 'two', error: 'no' });
    cluster.apply(pod('p', ['one', 'two']));
    cluster.apply(pod('q', ['one', 'two']));
    cluster.settle();
    const running = (name: string) => cluster.pod(name).containers.map(({ state }) => state);
    expect([running('p'), running('q')]).toEqual([
      ['running', 'waiting'],
      ['running', 'running'],
    ]);
  });
});
