import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/index.ts';
import { configurationOf } from '../../../src/kubelet/configuration.ts';
import { rules } from '../../plugin/rules.ts';
import { ended, fill, MIB, mounted, pod, start } from './harness.ts';

/** What is free on the empty node's disk of 1 GiB, less 20 MiB: what `hard` keeps free. */
const hard = { 'nodefs.available': '955Mi' };

function condition(cluster: Cluster, type: string): string | undefined {
  return cluster.node().object.status?.conditions?.find((one) => one.type === type)?.status;
}

const taints = (cluster: Cluster) =>
  (cluster.node().object.spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);

const evicted = (cluster: Cluster) =>
  cluster.events({ reason: 'Evicted' }).map(({ involvedObject }) => involvedObject.name ?? '');

const criticalClass = {
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name: 'system-node-critical' },
  value: 2000001000,
};

describe('node pressure', () => {
  test('is told by an event of the Node before anything is done', () => {
    const cluster = start({ hard });
    cluster.apply(pod('p'));
    cluster.settle();
    fill(cluster, 'p', '/x', 30);
    cluster.settle();
    expect(cluster.events({ reason: 'EvictionThresholdMet' })).toMatchObject([
      {
        type: 'Warning',
        message: 'Attempting to reclaim ephemeral-storage',
        involvedObject: { kind: 'Node', name: 'node-1', uid: 'node-1' },
      },
    ]);
  });

  test('K71: one Pod at a time, the next once the first has let go of its things', () => {
    const cluster = start({ hard });
    const names = ['a', 'b', 'c'];
    cluster.apply(names.map((name) => pod(name, mounted({}))));
    cluster.settle();
    for (const name of names) fill(cluster, name, '/v/x', 15);
    const times: number[] = [];
    cluster.on('event', (record) => {
      if (record.reason === 'Evicted') times.push(record.at.getTime());
    });
    const start_ = cluster.now.getTime();
    cluster.settle();
    expect(evicted(cluster)).toEqual(['a', 'b']);
    expect(ended(cluster, 'c').phase).toBe('Running');
    // The next look is at the first full second after the end of the first Pod, not ten seconds later.
    const [first = 0, second = 0] = times;
    expect(first - start_).toBeLessThanOrEqual(10_000);
    expect(second - first).toBeGreaterThanOrEqual(1000);
    expect(second - first).toBeLessThan(10_000);
  });

  test('K71: a look that ends Pods for their limits ends none for the node', () => {
    const cluster = start({ hard });
    cluster.apply([pod('limited', mounted({ sizeLimit: '5Mi' })), pod('other')]);
    cluster.settle();
    fill(cluster, 'limited', '/v/x', 30);
    cluster.settle();
    expect(evicted(cluster)).toEqual(['limited']);
    expect(cluster.events({ reason: 'EvictionThresholdMet' })).toEqual([]);
  });

  test('K67, K71: every Pod over a limit goes in one look, each for one reason', () => {
    const cluster = start();
    const both = { resources: { limits: { 'ephemeral-storage': '5Mi' } } };
    for (const name of ['a', 'b']) cluster.apply(pod(name, mounted({ sizeLimit: '5Mi' }, both)));
    cluster.settle();
    for (const name of ['a', 'b']) fill(cluster, name, '/v/x', 6);
    cluster.settle();
    const events = cluster.events({ reason: 'Evicted' });
    expect(events.map(({ message }) => message)).toEqual([
      'Usage of EmptyDir volume "v" exceeds the limit "5Mi". ',
      'Usage of EmptyDir volume "v" exceeds the limit "5Mi". ',
    ]);
    expect(cluster.metrics.value('kubelet_evictions')).toBe(2);
  });

  test('is counted by version: evictions since 1.16, for limits since 1.18; the age of what was measured since 1.14', () => {
    const counts = ['1.13', '1.14', '1.15', '1.16', '1.17', '1.18'].map((kubernetesVersion) => {
      const cluster = start({ hard, kubernetesVersion });
      cluster.apply([pod('p', mounted({ sizeLimit: '5Mi' })), pod('q')]);
      cluster.settle();
      fill(cluster, 'p', '/v/x', 6);
      cluster.settle();
      const limits = cluster.metrics.value('kubelet_evictions');
      fill(cluster, 'q', '/x', 30);
      cluster.settle();
      expect(evicted(cluster)).toEqual(['p', 'q']);
      const names = ['kubelet_evictions', 'kubelet_eviction_stats_age_seconds_count'];
      return [limits, ...names.map((name) => cluster.metrics.value(name))];
    });
    const none = undefined;
    expect(counts).toEqual([
      [none, none, none],
      [none, none, 1],
      [none, none, 1],
      [none, 1, 1],
      [none, 1, 1],
      [1, 2, 1],
    ]);
  });

  test('containers of Pods that have ended go first: then nobody has to be evicted', () => {
    const cluster = start({ hard });
    cluster.apply([pod('done'), pod('p')]);
    cluster.settle();
    fill(cluster, 'done', '/x', 15);
    cluster.pod('done').container().exit(0);
    cluster.settle();
    expect(cluster.node().fs.readdirSync('/var/lib/kubelet/pods')).toHaveLength(2);
    fill(cluster, 'p', '/x', 15);
    cluster.settle();
    expect(evicted(cluster)).toEqual([]);
    expect(ended(cluster, 'done').phase).toBe('Succeeded');
    expect(cluster.events({ reason: 'EvictionThresholdMet' })).toHaveLength(1);
  });

  test('a minimum has to be won back, where one is named', () => {
    const evictions = (kubelet: object): string[] => {
      const cluster = start({ hard, kubelet });
      const names = ['a', 'b', 'c'];
      cluster.apply(names.map((name) => pod(name)));
      cluster.settle();
      for (const name of names) fill(cluster, name, '/x', 8);
      cluster.settle();
      return evicted(cluster);
    };
    expect(evictions({})).toEqual(['a']);
    expect(evictions({ evictionMinimumReclaim: { 'nodefs.available': '8Mi' } })).toEqual([
      'a',
      'b',
    ]);
  });

  test('inodes of images have a threshold since 1.30', () => {
    const hard = (version: string) =>
      Object.keys(configurationOf(undefined, rules(version)).evictionHard);
    const before = [
      'memory.available',
      'nodefs.available',
      'nodefs.inodesFree',
      'imagefs.available',
    ];
    expect(hard('1.29')).toEqual(before);
    expect(hard('1.30')).toEqual([...before, 'imagefs.inodesFree']);
  });

  test('one threshold drops the defaults of the others, unless they are to be merged', () => {
    const allocatable = (kubelet: object) => {
      const cluster = start({ hard: { 'nodefs.available': '100Mi' }, kubelet });
      cluster.settle();
      return cluster.node().object.status?.allocatable;
    };
    expect(allocatable({})).toMatchObject({ memory: '8Gi' });
    expect(allocatable({ mergeDefaultEvictionSettings: true })).toMatchObject({
      memory: `${8 * 2 ** 20 - 100 * 1024}Ki`,
    });
  });

  test('with a disk of their own for images, layers are what is short of there', () => {
    const cluster = start({
      hard: { 'imagefs.available': '955Mi' },
      imageFilesystem: { size: '1Gi' },
    });
    cluster.apply([pod('volume', mounted({})), pod('layer')]);
    cluster.settle();
    fill(cluster, 'volume', '/v/x', 50);
    fill(cluster, 'layer', '/x', 30);
    cluster.settle();
    expect(evicted(cluster)).toEqual(['layer']);
  });

  test('inodes of a writable layer count, too', () => {
    const cluster = start({ hard: { 'nodefs.inodesFree': '99%' } });
    cluster.apply([pod('quiet'), pod('hog')]);
    cluster.settle();
    const { fs } = cluster.pod('hog').container();
    fs.mkdirSync('/many');
    for (let i = 0; i < 700; i++) fs.writeFileSync(`/many/${i}`, '');
    cluster.settle();
    expect(evicted(cluster)).toEqual(['hog']);
    expect(ended(cluster, 'hog').message).toMatch(/^The node was low on resource: inodes\. /);
  });

  test('a Pod that is being deleted is ended faster when its place is needed', () => {
    const cluster = start({ hard });
    cluster.images.add('stubborn', function* (process) {
      process.on('SIGTERM', () => undefined);
      yield* process.sleep('1h');
    });
    cluster.apply(
      pod('p', {
        spec: { terminationGracePeriodSeconds: 600 },
        container: { image: 'stubborn' },
      }),
    );
    cluster.settle();
    fill(cluster, 'p', '/x', 30);
    cluster.delete('Pod', 'p');
    cluster.advance('1m');
    expect(evicted(cluster)).toEqual(['p']);
    expect(cluster.get('Pod', 'p')).toBeUndefined();
  });

  test('a soft threshold gives the Pod the time that it is allowed at most', () => {
    const cluster = start({
      soft: { 'nodefs.available': '955Mi' },
      grace: { 'nodefs.available': '1m' },
      kubelet: { evictionMaxPodGracePeriod: 20 },
    });
    cluster.images.add('stubborn', function* (process) {
      process.on('SIGTERM', () => undefined);
      yield* process.sleep('1h');
    });
    cluster.apply(pod('p', { container: { image: 'stubborn' } }));
    cluster.settle();
    fill(cluster, 'p', '/x', 30);
    cluster.advance('59s');
    expect(evicted(cluster)).toEqual([]);
    expect(cluster.runUntil(() => evicted(cluster).length > 0, { within: '30s' })).toBe(true);
    cluster.advance('18s');
    expect(cluster.pod('p').container().state).toBe('running');
    cluster.advance('4s');
    expect(ended(cluster, 'p').phase).toBe('Failed');
  });

  test('a soft threshold that is not met for a while begins anew', () => {
    const cluster = start({
      soft: { 'nodefs.available': '955Mi' },
      grace: { 'nodefs.available': '1m' },
    });
    cluster.apply(pod('p'));
    cluster.settle();
    fill(cluster, 'p', '/x', 30);
    cluster.advance('50s');
    cluster.pod('p').container().fs.unlinkSync('/x');
    cluster.advance('20s');
    fill(cluster, 'p', '/x', 30);
    cluster.advance('50s');
    expect(evicted(cluster)).toEqual([]);
    cluster.advance('30s');
    expect(evicted(cluster)).toEqual(['p']);
  });

  test('was told in fewer words before', () => {
    const told = (kubernetesVersion: string) => {
      const cluster = start({ hard, kubernetesVersion });
      cluster.apply(pod('p'));
      cluster.settle();
      fill(cluster, 'p', '/x', 30);
      cluster.settle();
      return ended(cluster, 'p').message;
    };
    expect(told('1.11')).toBe('The node was low on resource: ephemeral-storage.');
    expect(told('1.25')).toBe(
      'The node was low on resource: ephemeral-storage. Container c was using 30724Ki, which exceeds its request of 0. ',
    );
  });
});

describe('memory', () => {
  const options = { memory: '64Mi', hard: { 'memory.available': '24Mi' } };
  const memory = mounted({ medium: 'Memory' });

  test('files in it can run the node short: whoever uses most beyond the request goes', () => {
    const cluster = start(options);
    const asks = { resources: { requests: { memory: '30Mi' } } };
    cluster.apply([
      pod('asked', mounted({ medium: 'Memory' }, asks)),
      pod('not', memory),
      pod('idle'),
    ]);
    cluster.settle();
    fill(cluster, 'asked', '/v/x', 25);
    fill(cluster, 'not', '/v/x', 20);
    cluster.settle();
    expect(evicted(cluster)).toEqual(['not']);
    expect(ended(cluster, 'not').message).toMatch(
      /^The node was low on resource: memory\. Threshold quantity: 24Mi, available: \d+\w+\. Container c was using 20992Ki, request is 0, has larger consumption of memory\. $/,
    );
    cluster.advance('10s');
    expect(condition(cluster, 'MemoryPressure')).toBe('True');
    expect(taints(cluster)).toEqual(['node.kubernetes.io/memory-pressure:NoSchedule']);
    cluster.advance('6m');
    const told = cluster
      .events({ involved: 'Node/node-1' })
      .filter(({ reason = '' }) => reason.startsWith('NodeHas'));
    expect(told.map(({ message }) => message)).toEqual([
      'Node node-1 status is now: NodeHasInsufficientMemory',
      'Node node-1 status is now: NodeHasSufficientMemory',
    ]);
  });

  test('its pressure refuses Pods that ask for nothing, and takes others', () => {
    const cluster = start(options);
    cluster.apply(['p', 'q'].map((name) => pod(name, memory)));
    cluster.settle();
    for (const name of ['p', 'q']) fill(cluster, name, '/v/x', 22);
    cluster.settle();
    const onNode = { spec: { nodeName: 'node-1' } };
    const asks = { container: { resources: { requests: { cpu: '10m' } } } };
    const tolerations = [{ key: 'node.kubernetes.io/memory-pressure', operator: 'Exists' }];
    cluster.apply([
      pod('nothing', onNode),
      pod('some', { ...onNode, ...asks }),
      pod('tolerant', { spec: { nodeName: 'node-1', tolerations } }),
    ]);
    cluster.settle();
    expect(ended(cluster, 'nothing')).toMatchObject({
      phase: 'Failed',
      reason: 'Evicted',
      message: 'Pod was rejected: The node had condition: [MemoryPressure]. ',
    });
    expect(ended(cluster, 'some').phase).toBe('Running');
    expect(ended(cluster, 'tolerant').phase).toBe('Running');
  });
});

describe('a node under pressure gets no more Pods', () => {
  function short(kubernetesVersion = 'all'): Cluster {
    const cluster = start({ hard, kubernetesVersion });
    cluster.settle();
    cluster.node().fs.writeFileSync('/x', Buffer.alloc(30 * MIB));
    cluster.advance('30s');
    return cluster;
  }

  test('by a taint, for as long as the condition holds', () => {
    const cluster = short();
    expect(condition(cluster, 'DiskPressure')).toBe('True');
    expect(taints(cluster)).toEqual(['node.kubernetes.io/disk-pressure:NoSchedule']);
    cluster.apply(pod('p'));
    cluster.settle();
    expect(ended(cluster, 'p').phase).toBe('Pending');
    const [scheduled] = cluster.pod('p').conditions;
    expect(scheduled?.message).toContain('untolerated taint');
    cluster.node().fs.unlinkSync('/x');
    cluster.advance('4m');
    expect(ended(cluster, 'p').phase).toBe('Pending');
    cluster.advance('2m');
    expect(condition(cluster, 'DiskPressure')).toBe('False');
    const told = cluster
      .events({ involved: 'Node/node-1' })
      .filter(({ reason = '' }) => reason.startsWith('Node'));
    expect(told.map(({ type, message }) => `${type} ${message}`)).toEqual([
      'Normal Node node-1 status is now: NodeHasDiskPressure',
      'Normal Node node-1 status is now: NodeHasNoDiskPressure',
    ]);
    expect(taints(cluster)).toEqual([]);
    cluster.settle();
    expect(ended(cluster, 'p').phase).toBe('Running');
  });

  test('by the scheduler’s own look at conditions until 1.11', () => {
    const cluster = short('1.11');
    expect(taints(cluster)).toEqual([]);
    cluster.apply(pod('p'));
    cluster.settle();
    const [scheduled] = cluster.pod('p').conditions;
    expect(scheduled?.message).toContain('node(s) had disk pressure');
  });

  test('by the kubelet, when the scheduler is not asked; the system’s own come all the same', () => {
    const cluster = short();
    cluster.apply([
      criticalClass,
      pod('p', { spec: { nodeName: 'node-1' } }),
      pod('other', { spec: { nodeName: 'node-1', priorityClassName: 'system-node-critical' } }),
    ]);
    cluster.settle();
    expect(ended(cluster, 'p')).toEqual({
      phase: 'Failed',
      reason: 'Evicted',
      message: 'Pod was rejected: The node had condition: [DiskPressure]. ',
    });
    expect(evicted(cluster)).toEqual(['p']);
    expect(ended(cluster, 'other').phase).toBe('Running');
  });

  test('taints of others stay as they are', () => {
    const cluster = short();
    cluster.edit('Node', 'node-1', ({ spec }) => {
      const taints_ = spec?.taints ?? [];
      Object.assign(spec ?? {}, {
        taints: [...taints_, { key: 'mine', effect: 'NoSchedule' }],
        unschedulable: true,
      });
    });
    cluster.settle();
    expect(taints(cluster).sort()).toEqual([
      'mine:NoSchedule',
      'node.kubernetes.io/disk-pressure:NoSchedule',
      'node.kubernetes.io/unschedulable:NoSchedule',
    ]);
    cluster.node().fs.unlinkSync('/x');
    cluster.edit('Node', 'node-1', ({ spec }) => {
      if (spec) spec.unschedulable = false;
    });
    cluster.advance('10m');
    expect(taints(cluster)).toEqual(['mine:NoSchedule']);
  });
});

describe('what a look costs', () => {
  test('an idle node takes no step, whatever its Pods’ limits', () => {
    const cluster = start({ hard });
    cluster.apply(['a', 'b'].map((name) => pod(name, mounted({ sizeLimit: '5Mi' }))));
    cluster.settle();
    const before = cluster.steps;
    cluster.advance('24h');
    expect(cluster.steps).toBe(before);
  });

  test('writing below a limit makes nobody look', () => {
    const cluster = start();
    cluster.apply(pod('p', mounted({ sizeLimit: '5Mi' })));
    cluster.settle();
    fill(cluster, 'p', '/v/x', 4);
    expect(cluster.settle().steps).toBe(0);
    cluster
      .pod('p')
      .container()
      .fs.appendFileSync('/v/x', Buffer.alloc(2 * MIB));
    expect(cluster.settle().steps).toBeGreaterThan(0);
    expect(ended(cluster, 'p').phase).toBe('Failed');
  });

  test('K66: as much as the limit is not too much', () => {
    const cluster = start();
    cluster.apply(pod('p', mounted({ sizeLimit: '5Mi' })));
    cluster.settle();
    // The directory itself takes a block.
    cluster
      .pod('p')
      .container()
      .fs.writeFileSync('/v/x', Buffer.alloc(5 * MIB - 4096));
    cluster.settle();
    expect(ended(cluster, 'p').phase).toBe('Running');
    cluster.pod('p').container().fs.writeFileSync('/v/y', 'x');
    cluster.settle();
    expect(ended(cluster, 'p').phase).toBe('Failed');
  });
});

test('every container takes something, so that of Pods that ask for nothing the priority decides', () => {
  const cluster = start({ hard });
  const important = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', value: 10 };
  cluster.apply([
    { ...important, metadata: { name: 'important' } },
    pod('large', { spec: { priorityClassName: 'important' } }),
    pod('idle'),
  ]);
  cluster.settle();
  fill(cluster, 'large', '/x', 30);
  cluster.advance('5s');
  expect(cluster.runUntil(() => evicted(cluster).length > 0, { within: '20s' })).toBe(true);
  expect(evicted(cluster)).toEqual(['idle']);
});
