import { expect, test } from 'vitest';
import { claim, Plane, pod } from './harness.ts';

test('a namespace goes with all that is in it', () => {
  const plane = new Plane([
    'namespace',
    'pvc-protection',
    'serviceaccount',
    'root-ca-cert-publisher',
  ]);
  plane.store.create({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'team' },
    spec: { finalizers: ['kubernetes'] },
  });
  const inTeam = claim('c') as { metadata: { namespace: string } };
  inTeam.metadata.namespace = 'team';
  plane.create(inTeam);
  plane.settle();
  plane.store.delete('Namespace', undefined, 'team');
  plane.settle();
  const all = plane.store.kinds().flatMap((kind) => plane.store.list(kind));
  const left = all.filter(({ metadata }) => metadata.namespace === 'team');
  expect(left.map(({ kind }) => kind)).toEqual([]);
  expect(plane.store.get('Namespace', undefined, 'team')).toBeUndefined();
  expect(plane.store.get('Namespace', undefined, 'default')).toBeDefined();
});

test('a namespace waits for a Pod on its node', () => {
  const plane = new Plane(['namespace']);
  plane.store.create({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'team' },
    spec: { finalizers: ['kubernetes'] },
  });
  const running = pod('p', { nodeName: 'n' }) as { metadata: { namespace: string } };
  running.metadata.namespace = 'team';
  plane.create(running);
  plane.store.delete('Namespace', undefined, 'team');
  plane.settle();
  expect(plane.store.get('Namespace', undefined, 'team')?.status.phase).toBe('Terminating');
  expect(plane.get('Pod', 'p', 'team').metadata.deletionTimestamp).toBeDefined();
  plane.store.remove('Pod', 'team', 'p');
  plane.settle();
  expect(plane.store.get('Namespace', undefined, 'team')).toBeUndefined();
});

test('what a deleted object owned goes after it, unless another owner is left', () => {
  const plane = new Plane(['garbagecollector']);
  for (const name of ['p', 'q']) plane.create(pod(name));
  const owner = (name: string): object => {
    const { uid } = plane.get('Pod', name).metadata;
    return { apiVersion: 'v1', kind: 'Pod', name, uid, controller: name === 'p' };
  };
  const made = (name: string, ownerReferences: object[]): void =>
    plane.create({ ...claim(name), metadata: { name, namespace: 'default', ownerReferences } });
  made('one', [owner('p')]);
  made('both', [owner('p'), owner('q')]);
  plane.settle();
  plane.store.delete('Pod', 'default', 'p');
  plane.settle();
  expect(plane.get('PersistentVolumeClaim', 'one')).toBeUndefined();
  expect(plane.get('PersistentVolumeClaim', 'both')).toBeDefined();
  made('late', [{ ...owner('q'), uid: 'gone' }]);
  plane.store.delete('Pod', 'default', 'q');
  plane.settle();
  expect(plane.store.count('PersistentVolumeClaim')).toBe(0);
});
