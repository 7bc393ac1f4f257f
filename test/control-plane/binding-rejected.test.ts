import { describe, expect, test } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', finalizers: ['example.com/kept'] },
  spec: { containers: [{ name: 'main', image: 'x' }] },
};

const failures = (world: Cluster): (string | undefined)[] =>
  world.events({ involved: 'Pod/p', reason: 'FailedScheduling' }).map(({ message }) => message);

/** Models bindingCycle of pkg/scheduler/schedule_one.go, and RunBindPlugins of its framework. */
describe('a binding that is rejected', () => {
  test.each([
    ['1.17', 'Binding rejected: timeout'],
    ['1.18', 'Binding rejected: plugin "DefaultBinder" failed to bind pod "default/p": timeout'],
    ['1.20', 'binding rejected: running Bind plugin "DefaultBinder": timeout'],
    ['1.25', 'binding rejected: running Bind plugin "DefaultBinder": timeout'],
    ['1.26', 'running Bind plugin "DefaultBinder": timeout'],
  ])('is told in the words of %s, and tried again', (kubernetesVersion, message) => {
    const world = createCluster({ kubernetesVersion });
    world.settle();
    world.faults.fail('Bind', { times: 1, error: 'timeout' });
    world.apply(pod);
    world.settle();
    expect(failures(world)).toEqual([message]);
    expect(world.pod('p').phase).toBe('Running');
  });

  /* Models setPodHostAndAnnotations of pkg/registry/core/pod/storage/storage.go. */
  test.each([
    [
      'is to end',
      (world: Cluster) => void world.delete('Pod', 'p'),
      'pod p is being deleted, cannot be assigned to a host',
    ],
    [
      'has a node',
      (world: Cluster) => {
        const { spec, ...rest } = world.pod('p').object;
        world.restore({ ...rest, spec: { ...spec, nodeName: 'elsewhere' } });
      },
      'pod p is already assigned to node "elsewhere"',
    ],
  ])('of a Pod that meanwhile %s', (_, change, why) => {
    const world = createCluster();
    world.settle();
    const hold = world.faults.hold('Bind');
    world.apply(pod);
    world.settle();
    change(world);
    hold.unsubscribe();
    world.settle();
    expect(failures(world)).toEqual([
      `running Bind plugin "DefaultBinder": Operation cannot be fulfilled on pods/binding "p": ${why}`,
    ]);
    expect(world.pod('p').object.spec.nodeName).not.toBe('node-1');
  });
});
