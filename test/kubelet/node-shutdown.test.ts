import { describe, expect, test } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.ts';
import { podWith } from '../objects.ts';

function start(kubeletConfiguration: object, options: object = {}): Cluster {
  const cluster = createCluster({ nodes: [{ name: 'n', kubeletConfiguration }], ...options });
  cluster.images.add('stubborn', function* (process) {
    process.on('SIGTERM', () => undefined);
    yield* process.sleep('10h');
  });
  cluster.settle();
  return cluster;
}

const pod = (name: string, spec: object = {}): object =>
  podWith([{ name: 'v', emptyDir: {} }], {
    name,
    container: { image: 'stubborn' },
    spec: { nodeName: 'n', ...spec },
  });

const ended = (cluster: Cluster): string[] =>
  cluster.trace.records.flatMap((record) =>
    record.type === 'container' && record.state === 'exited'
      ? [`${record.pod} ${(record.at.getTime() - Date.UTC(2024, 0, 1)) / 1000}`]
      : [],
  );

describe('2.12 node shutdown', () => {
  const byPriority = { shutdownGracePeriod: '30s', shutdownGracePeriodCriticalPods: '10s' };
  const critical = { priorityClassName: 'system-node-critical', priority: 2_000_001_000 };

  test('pods are ended by priority, each group in its own time, and then the power goes', () => {
    const cluster = start(byPriority);
    cluster.restore(pod('critical', critical));
    cluster.apply([pod('low'), pod('quick', { terminationGracePeriodSeconds: 5 })]);
    cluster.settle();
    const before = cluster.now.getTime();
    const at = (seconds: number) => (before - Date.UTC(2024, 0, 1)) / 1000 + seconds;
    cluster.node().shutdown();
    cluster.advance('1m');
    expect(ended(cluster)).toEqual([`quick ${at(5)}`, `low ${at(20)}`, `critical ${at(30)}`]);
    expect(cluster.node().kubelet.running).toBe(false);
    expect(cluster.pod('low').object.status).toMatchObject({
      phase: 'Failed',
      reason: 'Terminated',
      message: 'Pod was terminated in response to imminent node shutdown.',
    });
    expect(cluster.pod('low').conditions).toContainEqual(
      expect.objectContaining({ type: 'DisruptionTarget', reason: 'TerminationByKubelet' }),
    );
    expect(cluster.pod('low').volume('v').state).toBe('unmounted');
    expect(cluster.events({ reason: 'NodeShutdown' })).toHaveLength(1);
  });

  test('meanwhile the node is not ready, and takes nothing', () => {
    const cluster = start(byPriority);
    cluster.apply(pod('low'));
    cluster.settle();
    cluster.node().shutdown();
    cluster.advance('11s');
    const ready = cluster.node().object.status?.conditions?.find(({ type }) => type === 'Ready');
    expect(ready).toMatchObject({ status: 'False', message: 'node is shutting down' });
    const told = cluster.events({ involved: 'Node/n', reason: 'NodeNotReady', type: 'Normal' });
    expect(told.map(({ message }) => message)).toEqual(['Node n status is now: NodeNotReady']);
    cluster.apply(pod('late'));
    cluster.advance('1s');
    expect(cluster.pod('late').object.status).toMatchObject({
      phase: 'Failed',
      reason: 'NodeShutdown',
      message: 'Pod was rejected: Pod was rejected as the node is shutting down.',
    });
  });

  test('in the words of versions', () => {
    const told = ['1.21', '1.22', '1.25', '1.26'].map((kubernetesVersion) => {
      const cluster = start(byPriority, { kubernetesVersion });
      cluster.apply(pod('low'));
      cluster.settle();
      cluster.node().shutdown();
      cluster.advance('11s');
      cluster.apply(pod('late'));
      cluster.advance('1m');
      const reasons = ['low', 'late'].map((name) => cluster.pod(name).object.status?.reason);
      const disrupted = cluster
        .pod('low')
        .conditions.some(({ type }) => type === 'DisruptionTarget');
      return [...reasons, cluster.pod('low').object.status?.message, disrupted];
    });
    const message = 'Pod was terminated in response to imminent node shutdown.';
    expect(told).toEqual([
      ['Shutdown', 'Terminated', 'Node is shutting, evicting pods', false],
      ['Terminated', 'NodeShutdown', message, false],
      ['Terminated', 'NodeShutdown', message, false],
      ['Terminated', 'NodeShutdown', message, true],
    ]);
  });

  test('since 1.32 a group waits for the volumes of the one before', () => {
    const [before, since] = ['1.31', '1.32'].map((kubernetesVersion) => {
      const cluster = start(byPriority, { kubernetesVersion });
      cluster.restore(pod('critical', critical));
      cluster.apply(pod('quick', { terminationGracePeriodSeconds: 5 }));
      cluster.settle();
      cluster.faults.delay('TearDown', { pod: 'quick', by: '10s' });
      const begun = cluster.now.getTime();
      cluster.node().shutdown();
      cluster.advance('1m');
      const [, end = ''] = ended(cluster);
      expect(end).toMatch(/^critical /);
      return Number(end.split(' ')[1]) - (begun - Date.UTC(2024, 0, 1)) / 1000;
    });
    expect(before).toBe(15);
    expect(since).toBeGreaterThan(24);
    expect(since).toBeLessThan(26);
  });

  test('periods by priority go before the two', () => {
    const cluster = start({
      ...byPriority,
      shutdownGracePeriodByPodPriority: [
        { priority: 1000, shutdownGracePeriodSeconds: 3 },
        { priority: 0, shutdownGracePeriodSeconds: 7 },
      ],
    });
    cluster.restore([pod('high', { priority: 5000 }), pod('low')]);
    cluster.settle();
    const before = cluster.now.getTime();
    cluster.node().shutdown();
    cluster.advance('1m');
    const at = (seconds: number) => (before - Date.UTC(2024, 0, 1)) / 1000 + seconds;
    expect(ended(cluster)).toEqual([`low ${at(7)}`, `high ${at(10)}`]);
  });

  test.each([
    ['without a period for it', {}, {}],
    ['before there was such a thing', byPriority, { kubernetesVersion: '1.20' }],
  ])(
    '%s pods are not ended: the power just goes, and they start again with it',
    (_, configuration, options) => {
      const cluster = start(configuration, options);
      cluster.apply(pod('low'));
      cluster.settle();
      cluster.node().shutdown();
      cluster.settle();
      expect(cluster.pod('low').phase).toBe('Running');
      expect(cluster.node().kubelet.running).toBe(false);
      cluster.node().kubelet.start();
      cluster.settle();
      expect(cluster.pod('low').container().restartCount).toBe(1);
    },
  );
});

test('2.12 a kubelet that dies meanwhile holds the machine up no longer', () => {
  const cluster = start({ shutdownGracePeriod: '30s' });
  cluster.apply(pod('low'));
  cluster.settle();
  cluster.node().shutdown();
  cluster.advance('5s');
  expect(cluster.pod('low').container().state).toBe('running');
  cluster.node().kubelet.stop();
  expect(cluster.trace.records.at(-1)).toMatchObject({ type: 'lifecycle', what: 'rebooted' });
  expect(cluster.node().kubelet.running).toBe(false);
});
