import { describe, expect, test } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.ts';
import { nodeResources } from '../../../src/kubelet/machine/resources.ts';
import { ended, fill, limited, MIB, mounted, pod, start } from './harness.ts';

describe('limits of local storage', () => {
  test('an emptyDir that holds more than its sizeLimit: at the next ten seconds', () => {
    const cluster = start();
    cluster.apply(pod('p', mounted({ sizeLimit: '10Mi' })));
    cluster.settle();
    fill(cluster, 'p', '/v/x', 9);
    cluster.settle();
    expect(ended(cluster, 'p').phase).toBe('Running');
    fill(cluster, 'p', '/v/y', 1); // and the directory itself takes a block
    cluster.runUntil(() => ended(cluster, 'p').phase === 'Failed');
    const message = 'Usage of EmptyDir volume "v" exceeds the limit "10Mi". ';
    expect(ended(cluster, 'p')).toEqual({ phase: 'Failed', reason: 'Evicted', message });
    expect(cluster.now.getTime() % 10_000).toBeLessThanOrEqual(2000);
    expect(cluster.events({ reason: 'Evicted' }).map((event) => event.message)).toEqual([message]);
  });

  test('the containers of a Pod together: layers, logs and what lies on the disk', () => {
    const cluster = start();
    cluster.apply(pod('p', mounted({}, limited)));
    cluster.settle();
    fill(cluster, 'p', '/v/x', 6);
    fill(cluster, 'p', '/layer', 6);
    cluster.settle();
    expect(ended(cluster, 'p').message).toBe(
      'Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. ',
    );
  });

  test('one container alone, when the others have room', () => {
    const cluster = start();
    const containers = ['a', 'b'].map((name) => ({ name, image: 'busybox', ...limited }));
    cluster.apply(pod('p', { spec: { containers } }));
    cluster.settle();
    cluster
      .pod('p')
      .container('a')
      .fs.writeFileSync('/x', Buffer.alloc(11 * MIB));
    cluster.settle();
    expect(ended(cluster, 'p').message).toBe(
      'Container a exceeded its local ephemeral storage limit "10Mi". ',
    );
  });

  test('with a disk of their own for images, layers count for the Pod, not for the container', () => {
    const cluster = start({ imageFilesystem: { size: '1Gi' } });
    const containers = ['a', 'b'].map((name) => ({ name, image: 'busybox', ...limited }));
    cluster.apply(pod('p', { spec: { containers } }));
    cluster.settle();
    cluster
      .pod('p')
      .container('a')
      .fs.writeFileSync('/x', Buffer.alloc(11 * MIB));
    cluster.settle();
    expect(ended(cluster, 'p').phase).toBe('Running');
  });

  test('what lies in memory is capped by its tmpfs, and never evicted', () => {
    const cluster = start();
    cluster.apply(pod('p', mounted({ medium: 'Memory', sizeLimit: '1Mi' })));
    cluster.settle();
    expect(() => fill(cluster, 'p', '/v/x', 2)).toThrow('ENOSPC');
    cluster.advance('1m');
    expect(ended(cluster, 'p').phase).toBe('Running');
  });

  test('switched off, there are no limits', () => {
    const cluster = createCluster({
      nodes: [{ name: 'n', kubeletConfiguration: { localStorageCapacityIsolation: false } }],
    });
    cluster.apply(pod('p', mounted({ sizeLimit: '1Mi' })));
    cluster.settle();
    fill(cluster, 'p', '/v/x', 2);
    cluster.advance('1m');
    expect(ended(cluster, 'p').phase).toBe('Running');
  });

  test('what an evicted Pod held on the node is gone, and the object stays', () => {
    const cluster = start();
    cluster.apply(pod('p', mounted({ sizeLimit: '1Mi' })));
    cluster.settle();
    const before = cluster.node().fs.statfsSync('/').bfree;
    fill(cluster, 'p', '/v/x', 2);
    cluster.settle();
    expect(ended(cluster, 'p').phase).toBe('Failed');
    expect(cluster.node().fs.statfsSync('/').bfree).toBeGreaterThan(before);
    expect(
      cluster
        .node()
        .mounts()
        .some(({ mountPoint }) => mountPoint.includes(cluster.pod('p').uid)),
    ).toBe(false);
  });
});

describe('a node that runs short', () => {
  const hard = { 'nodefs.available': '955Mi' };

  function condition(cluster: Cluster, type: string) {
    return cluster.node().object.status?.conditions?.find((one) => one.type === type);
  }

  test('one Pod after the other goes, the one with least priority and most beyond its request first', () => {
    const cluster = start({ hard });
    cluster.apply([
      {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name: 'high' },
        value: 1000,
      },
      pod('low-small'),
      pod('low-large'),
      pod('high', { spec: { priorityClassName: 'high' } }),
    ]);
    cluster.settle();
    fill(cluster, 'high', '/x', 8);
    fill(cluster, 'low-small', '/x', 6);
    fill(cluster, 'low-large', '/x', 8);
    cluster.settle();
    expect(
      cluster.events({ reason: 'Evicted' }).map(({ involvedObject }) => involvedObject.name),
    ).toEqual(['low-large']);
    expect(ended(cluster, 'low-small').phase).toBe('Running');
  });

  test('says what was short, and who used it', () => {
    const cluster = start({ hard });
    cluster.apply(pod('p'));
    cluster.settle();
    fill(cluster, 'p', '/x', 30);
    cluster.settle();
    const { message, metadata } = cluster.events({ reason: 'Evicted' })[0] ?? {};
    expect(message).toMatch(
      /^The node was low on resource: ephemeral-storage\. Threshold quantity: 955Mi, available: \d+Ki\. Container c was using 30724Ki, request is 0, has larger consumption of ephemeral-storage\. $/,
    );
    expect(metadata?.annotations).toMatchObject({
      starved_resource: 'ephemeral-storage',
      offending_containers: 'c',
    });
    const target = cluster.pod('p').conditions.find(({ type }) => type === 'DisruptionTarget');
    expect(target).toMatchObject({ status: 'True', reason: 'TerminationByKubelet', message });
  });

  test('its condition holds for five minutes after', () => {
    const cluster = start({ hard });
    cluster.apply(pod('p'));
    cluster.settle();
    expect(condition(cluster, 'DiskPressure')).toMatchObject({
      status: 'False',
      reason: 'KubeletHasNoDiskPressure',
    });
    fill(cluster, 'p', '/x', 30);
    cluster.settle();
    cluster.advance('20s');
    expect(condition(cluster, 'DiskPressure')).toMatchObject({
      status: 'True',
      reason: 'KubeletHasDiskPressure',
      message: 'kubelet has disk pressure',
    });
    cluster.advance('4m');
    expect(condition(cluster, 'DiskPressure')?.status).toBe('True');
    cluster.advance('2m');
    expect(condition(cluster, 'DiskPressure')?.status).toBe('False');
  });

  test('a soft threshold counts when it has lasted', () => {
    const cluster = start({
      soft: { 'nodefs.available': '955Mi' },
      grace: { 'nodefs.available': '2m' },
    });
    cluster.apply(pod('p'));
    cluster.settle();
    fill(cluster, 'p', '/x', 30);
    cluster.advance('110s');
    expect(ended(cluster, 'p').phase).toBe('Running');
    cluster.advance('30s');
    expect(ended(cluster, 'p').phase).toBe('Failed');
  });

  test('inodes can run short too', () => {
    const cluster = start({ hard: { 'nodefs.inodesFree': '99%' } });
    cluster.apply(pod('p', mounted({})));
    cluster.settle();
    const { fs } = cluster.pod('p').container();
    for (let i = 0; i < 700; i++) fs.writeFileSync(`/v/${i}`, '');
    cluster.settle();
    expect(ended(cluster, 'p').message).toMatch(/^The node was low on resource: inodes\. /);
  });

  test('a static Pod or one of the system is never ended for others', () => {
    const cluster = start({ hard });
    cluster.apply([
      {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name: 'system-node-critical' },
        value: 2000001000,
      },
      pod('system', { spec: { priorityClassName: 'system-node-critical' } }),
    ]);
    cluster.settle();
    fill(cluster, 'system', '/x', 30);
    expect(cluster.settle().idle).toBe(true);
    cluster.advance('1m');
    expect(ended(cluster, 'system').phase).toBe('Running');
  });

  test.each([
    [
      { hard: { 'nodefs.avail': '1Gi' } },
      'evictionHard: unknown eviction signal "nodefs.avail"; known: ',
    ],
    [
      { hard: { 'nodefs.available': 'much' } },
      'node node-1: evictionHard: "much" is not a quantity',
    ],
    [
      { hard: { 'imagefs.available': '0' } },
      'evictionHard.imagefs.available: "0" must be positive',
    ],
    [
      { hard: { 'imagefs.available': '101%' } },
      'evictionHard.imagefs.available: "101%" must be <= 100%',
    ],
    [{ hard: { 'imagefs.available': '5%%' } }, 'is neither a quantity such as'],
    [
      { soft: { 'nodefs.available': '1Gi' } },
      'evictionSoftGracePeriod: grace period must be specified for the soft eviction threshold nodefs.available',
    ],
    [{ grace: { nodefs: '1m' } }, 'evictionSoftGracePeriod: unknown eviction signal "nodefs"'],
    [
      { kubelet: { evictionMinimumReclaim: { 'nodefs.available': '0%' } } },
      'evictionMinimumReclaim.nodefs.available: "0%" must be positive',
    ],
  ])('a bad threshold is refused: %j', (bad, message) => {
    expect(() => start(bad)).toThrow(message);
  });

  test('percentages are reckoned in single precision, as the kubelet does', () => {
    const cluster = start({ hard: { 'nodefs.available': '94%' } });
    cluster.apply(pod('p'));
    cluster.settle();
    fill(cluster, 'p', '/x', 60);
    cluster.settle();
    expect(ended(cluster, 'p').message).toContain('Threshold quantity: 1009317312, available: ');
    // An EC2 node of this size reports 18242267924 with another 1Gi kept back.
    const { allocatable } = nodeResources({
      name: 'n',
      capacity: { ephemeralStorage: '20959212Ki' },
    });
    expect(allocatable['ephemeral-storage']).toBe(String(18242267924 + 2 ** 30));
  });
});
