import { describe, expect, test } from 'vitest';
import { type ClusterOptions, createCluster } from '../../src/index.ts';
import { container, pod, podErrors, server } from './validation/refusals.ts';

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

describe('huge pages', () => {
  const gates = { PodLevelResources: true };
  const stored = (version: string, resources: object, containers: object[]): unknown => {
    const api = server({ version, gates });
    api.create(pod({ resources, containers }));
    return api.get('Pod', 'p')?.spec.resources;
  };
  const both = (amount: string): object => ({ cpu: '1', 'hugepages-2Mi': amount });
  const page = { requests: both('2Mi'), limits: both('2Mi') };
  const two = ['a', 'b'].map((name) => container({ name, resources: page }));

  test('of containers are the whole’s limit, and by that its request', () => {
    const whole = { requests: both('4Mi'), limits: { 'hugepages-2Mi': '4Mi' } };
    expect(stored('1.34', { requests: { cpu: '1' } }, [two[0] as object])).toEqual({
      requests: both('2Mi'),
      limits: { 'hugepages-2Mi': '2Mi' },
    });
    expect(stored('1.33', { limits: { memory: '1Gi' } }, two)).toEqual({
      requests: { cpu: '2', memory: '1Gi', 'hugepages-2Mi': '4Mi' },
      limits: { memory: '1Gi', 'hugepages-2Mi': '4Mi' },
    });
    expect(stored('1.33', whole, two.slice(1))).toEqual(whole);
  });

  test('that are asked for get no limit since 1.34', () => {
    const said = (version: string): string[] =>
      podErrors({ resources: { requests: both('2Mi') }, containers: [two[0]] }, { version, gates });
    expect(said('1.33')).toEqual([]);
    expect(said('1.34')).toEqual([
      'spec.resources.limits: Required value: Limit must be set for non overcommitable resources',
    ]);
  });

  test('are not for the whole in 1.32', () => {
    const resources = { requests: both('2Mi'), limits: both('2Mi') };
    const not = 'Unsupported value: "hugepages-2Mi": supported values: "cpu", "memory"';
    const said = (version: string): string[] => podErrors({ resources }, { version, gates });
    expect(said('1.32')).toEqual([
      `spec.resources.limits[hugepages-2Mi]: ${not}`,
      `spec.resources.requests[hugepages-2Mi]: ${not}`,
    ]);
    expect(said('1.33')).toEqual([]);
  });

  test('of all containers fit into the whole’s, which 1.34 says of limits too', () => {
    const resources = { requests: both('2Mi'), limits: both('2Mi') };
    const said = (version: string): string[] =>
      podErrors({ resources, containers: two }, { version, gates });
    const sum = (list: string): string =>
      `spec.resources.${list}[hugepages-2Mi]: Invalid value: "2Mi": must be greater than or equal to aggregate container ${list} of 4Mi`;
    const cpu =
      'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2';
    expect(said('1.33')).toEqual([cpu, sum('requests')]);
    expect(said('1.34')).toEqual([cpu, sum('requests'), sum('limits')]);
  });
});

test('until 1.33 containers ask for nothing that the whole does not', () => {
  const gates = { PodLevelResources: true };
  const containers = [container({ resources: { requests: { cpu: '1', memory: '1Gi' } } })];
  const resources = { requests: { cpu: '1' } };
  const said = (version: string): string[] =>
    podErrors({ resources, containers }, { version, gates });
  expect(said('1.33')).toEqual([
    'spec.resources.requests[memory]: Invalid value: "0": must be greater than or equal to aggregate container requests of 1Gi',
  ]);
  expect(said('1.34')).toEqual([]);
});

test('since 1.37 limits of every container make one of the whole', () => {
  const amounts = { requests: { cpu: '1' }, limits: { cpu: '2' } };
  const containers = ['a', 'b'].map((name) => container({ name, resources: amounts }));
  const limits = (version: string, all: object[]): unknown => {
    const api = server({ version });
    api.create(pod({ resources: { requests: { cpu: '2' } }, containers: all }));
    return api.get('Pod', 'p')?.spec.resources?.limits;
  };
  expect(limits('1.37', containers)).toEqual({ cpu: '4' });
  expect(limits('1.36', containers)).toBeUndefined();
  expect(limits('1.37', [...containers, container()])).toBeUndefined();
});

test('versions without it drop it', () => {
  const old = created('5', { kubernetesVersion: '1.33' });
  expect(old.spec.resources).toBeUndefined();
  expect(old.status).toMatchObject({ phase: 'Running', qosClass: 'BestEffort' });
});
