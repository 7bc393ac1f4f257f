import { describe, expect, test } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../src/index.ts';

const priorityClass = (name: string, value: number, more: object = {}): object => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
  ...more,
});

const pod = (name: string, cpu: string, priorityClassName?: string, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: 'main', image: 'x', resources: { requests: { cpu } } }],
    ...(priorityClassName !== undefined && { priorityClassName }),
    ...more,
  },
});

function cluster(nodes: number, options: ClusterOptions = {}): Cluster {
  const names = Array.from({ length: nodes }, (_, i) => ({
    name: `node-${i + 1}`,
    allocatable: { cpu: '4' },
  }));
  const made = createCluster({ nodes: names, ...options });
  made.apply([
    priorityClass('high', 1000),
    priorityClass('middle', 500),
    priorityClass('shy', 1000, { preemptionPolicy: 'Never' }),
  ]);
  made.settle();
  return made;
}

const running = (world: Cluster): string[] =>
  world
    .list('Pod')
    .filter(({ status }) => status?.phase === 'Running')
    .map(({ metadata, spec }) => `${metadata.name} on ${spec.nodeName}`)
    .sort();

const failures = (world: Cluster, name: string): string[] =>
  world.events({ involved: `Pod/${name}`, reason: 'FailedScheduling' }).map((e) => e.message ?? '');

describe('preemption', () => {
  test('a Pod of higher priority takes the place of lower ones, which are told', () => {
    const world = cluster(1);
    world.apply([pod('low', '3'), pod('small', '1')]);
    world.settle();
    world.apply(pod('important', '2', 'high'));
    const { uid } = world.pod('important');
    world.settle();
    expect(running(world)).toEqual(['important on node-1', 'small on node-1']);
    expect(world.events({ reason: 'Preempted' })).toMatchObject([
      {
        involvedObject: { kind: 'Pod', name: 'low' },
        type: 'Normal',
        message: `Preempted by pod ${uid} on node node-1`,
        source: { component: 'default-scheduler' },
      },
    ]);
    expect(failures(world, 'important')[0]).toBe('0/1 nodes are available: 1 Insufficient cpu.');
  });

  test('while they end it has the node by name, they are marked, and nobody of lower priority takes their place', () => {
    const world = cluster(1);
    world.apply(pod('low', '4', undefined, { terminationGracePeriodSeconds: 30 }));
    world.settle();
    const hold = world.faults.hold('StopContainer', { pod: 'low' });
    world.apply(pod('important', '3', 'high'));
    world.settle();
    expect(world.pod('important').object.status?.nominatedNodeName).toBe('node-1');
    const condition = world.pod('low').conditions.find(({ type }) => type === 'DisruptionTarget');
    expect(condition).toMatchObject({
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: 'default-scheduler: preempting to accommodate a higher priority pod',
    });
    world.apply([pod('sneaky', '2', 'middle'), pod('fits', '1')]);
    world.settle();
    expect(world.pod('sneaky').phase).toBe('Pending');
    expect(world.pod('sneaky').object.status?.nominatedNodeName).toBeUndefined();
    hold.unsubscribe();
    world.settle();
    expect(running(world)).toEqual(['fits on node-1', 'important on node-1']);
  });

  test('while a victim ends nobody goes again', () => {
    const world = cluster(1);
    world.apply([pod('low', '3'), pod('small', '500m')]);
    world.settle();
    const hold = world.faults.hold('StopContainer', { pod: 'low' });
    world.apply(pod('important', '3', 'high'));
    world.settle();
    world.delete('Pod', 'small');
    world.settle();
    expect(failures(world, 'important').at(-1)).toBe(
      '0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to a terminating pod on the nominated node.',
    );
    expect(world.events({ reason: 'Preempted' }).map(({ count }) => count)).toEqual([1]);
    hold.unsubscribe();
    world.settle();
    expect(running(world)).toEqual(['important on node-1']);
  });

  test('only as many go as must, the least important', () => {
    const world = cluster(1);
    world.apply([pod('a', '1', 'middle'), pod('b', '1'), pod('c', '1'), pod('d', '1', 'middle')]);
    world.settle();
    world.apply(pod('important', '1', 'high'));
    world.settle();
    expect(running(world)).toHaveLength(4);
    const gone = world.events({ reason: 'Preempted' }).map((e) => e.involvedObject.name);
    expect(gone).toHaveLength(1);
    expect(['b', 'c']).toContain(gone[0]);
  });

  test('of several nodes the one whose victims matter least', () => {
    const world = cluster(2);
    world.apply(pod('dear', '4', 'middle'));
    world.settle();
    world.apply(pod('cheap', '4'));
    world.settle();
    world.apply(pod('important', '4', 'high'));
    world.settle();
    expect(running(world)).toContain('dear on node-1');
    expect(running(world)).toContain('important on node-2');
  });

  /* Models GetEarliestPodStartTime of pkg/scheduler/util: of victims that matter less nobody asks. */
  test('of equal ones that whose most important victim began last', () => {
    const world = cluster(2);
    const on = (nodeName: string, name: string, priorityClassName?: string): void => {
      world.apply(pod(name, '2', priorityClassName, { nodeName }));
      world.advance('10s');
    };
    on('node-2', 'low-2');
    on('node-1', 'dear-1', 'middle');
    on('node-1', 'low-1');
    on('node-2', 'dear-2', 'middle');
    world.apply(pod('important', '4', 'high'));
    world.settle();
    expect(running(world)).toEqual(['dear-1 on node-1', 'important on node-2', 'low-1 on node-1']);
  });

  test.each([
    ['equal', 'middle', '0/1 nodes are available: 1 No preemption victims found for incoming pod.'],
    ['shy', 'shy', 'not eligible due to preemptionPolicy=Never.'],
  ])('a Pod that is %s waits', (name, className, why) => {
    const world = cluster(1);
    world.apply(pod('first', '4', 'middle'));
    world.settle();
    world.apply(pod(name, '4', className));
    world.settle();
    expect(running(world)).toEqual(['first on node-1']);
    expect(failures(world, name)).toEqual([
      `0/1 nodes are available: 1 Insufficient cpu. preemption: ${why}`,
    ]);
  });

  test('where it would not fit even then, nobody goes', () => {
    const world = cluster(2);
    world.apply(pod('low', '4'));
    world.settle();
    world.apply(pod('huge', '5', 'high'));
    world.settle();
    expect(running(world)).toEqual(['low on node-1']);
    expect(failures(world, 'huge')).toEqual([
      '0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 1 Insufficient cpu, 1 No preemption victims found for incoming pod.',
    ]);
  });

  test('before 1.8 there are no priorities', () => {
    const world = createCluster({
      nodes: [{ name: 'node-1', allocatable: { cpu: '4' } }],
      kubernetesVersion: '1.7',
    });
    world.settle();
    world.apply(pod('low', '4'));
    world.settle();
    world.apply(pod('other', '4'));
    world.settle();
    expect(running(world)).toEqual(['low on node-1']);
  });

  test('a claim for one Pod only goes to the more important Pod', () => {
    const world = cluster(1);
    world.apply([
      {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: 'disk' },
        spec: {
          capacity: { storage: '1Gi' },
          accessModes: ['ReadWriteOncePod'],
          storageClassName: '',
          hostPath: { path: '/tmp/disk', type: 'DirectoryOrCreate' },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data' },
        spec: {
          accessModes: ['ReadWriteOncePod'],
          storageClassName: '',
          resources: { requests: { storage: '1Gi' } },
        },
      },
    ]);
    const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }];
    world.apply(pod('low', '1', undefined, { volumes }));
    world.settle();
    world.apply(pod('important', '1', 'high', { volumes }));
    world.settle();
    expect(running(world)).toEqual(['important on node-1']);
  });
});
