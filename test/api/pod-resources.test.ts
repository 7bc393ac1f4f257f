import { expect, test } from 'vitest';
import { type ClusterOptions, createCluster } from '../../src/index.ts';
import { container, pod, podErrors } from './validation/refusals.ts';

const amounts = (cpu: string): object => ({ cpu, memory: '64Mi' });

/** A Pod that asks as a whole, with two containers that ask for nothing. */
function created(cpu: string, options: ClusterOptions = {}) {
  const cluster = createCluster(options);
  cluster.settle();
  const containers = ['a', 'b'].map((name) => ({ name, image: 'busybox' }));
  const resources = { requests: amounts(cpu), limits: amounts(cpu) };
  const spec = { automountServiceAccountToken: false, containers, resources };
  cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec });
  cluster.settle();
  return cluster.pod('p').object;
}

test('what a Pod asks for as a whole decides its class, and where it fits', () => {
  const small = created('1');
  expect(small.status).toMatchObject({ phase: 'Running', qosClass: 'Guaranteed' });
  const large = created('5');
  expect(large.status?.phase).toBe('Pending');
  expect(large.status?.conditions?.[0]?.message).toContain('Insufficient cpu');
});

test('its containers do not ask for more', () => {
  const said = (resources: object, containers: object, version = 'all', more: object = {}) => {
    const one = container({ resources: containers });
    const gates = { PodLevelResources: true };
    return podErrors({ resources, containers: [one], ...more }, { version, gates });
  };
  expect(said({ requests: { cpu: '1' } }, { requests: { cpu: '2' } })).toEqual([
    'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2',
  ]);
  expect(said({ limits: { cpu: '1' } }, { limits: { cpu: '2' } })[0]).toBe(
    'spec.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
  );
  const limits = { requests: { cpu: '1' }, limits: { cpu: '2' } };
  expect(said({ limits: { cpu: '1' } }, limits)).toEqual([
    'spec.resources.containers[0][cpu].limits: Invalid value: "2": must be less than or equal to pod limits of 1',
  ]);
  const huge = { cpu: '1', 'hugepages-2Mi': '4Mi' };
  const less = { ...huge, 'hugepages-2Mi': '2Mi' };
  expect(said({ limits: less }, { limits: huge })[0]).toMatch(
    'aggregate container requests of 4Mi',
  );
  expect(said({ limits: { 'ephemeral-storage': '1Gi' } }, {})[0]).toBe(
    'spec.resources.limits[ephemeral-storage]: Unsupported value: "ephemeral-storage": supported values: "cpu", "memory"',
  );
  const windows = { os: { name: 'windows' } };
  expect(said({ limits: { cpu: '1' } }, {}, '1.34', windows)).toEqual([
    'spec.resources: Forbidden: may not be set for a windows pod',
  ]);
});

test('what it does not say is what its containers ask for, or its limit', () => {
  const cluster = createCluster();
  const resources = { limits: { cpu: '2', memory: '1Gi' } };
  const asking = container({ resources: { requests: { cpu: '1' } } });
  cluster.apply(pod({ containers: [asking], resources }) as object);
  expect(cluster.pod('p').object.spec.resources?.requests).toEqual({ cpu: '1', memory: '1Gi' });
});

test('versions without it drop it', () => {
  const old = created('5', { kubernetesVersion: '1.33' });
  expect(old.spec.resources).toBeUndefined();
  expect(old.status).toMatchObject({ phase: 'Running', qosClass: 'BestEffort' });
});
