import { expect, test } from 'vitest';
import { type ClusterOptions, createCluster } from '../../src/index.ts';

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

test('versions without it drop it', () => {
  const old = created('5', { kubernetesVersion: '1.33' });
  expect(old.spec.resources).toBeUndefined();
  expect(old.status).toMatchObject({ phase: 'Running', qosClass: 'BestEffort' });
});
