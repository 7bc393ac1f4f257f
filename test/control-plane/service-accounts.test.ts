import { expect, test } from 'vitest';
import { Plane } from './harness.ts';

const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' }, status: {} };

test('every namespace gets its account and certificate, again when they are deleted', () => {
  const plane = new Plane(['serviceaccount', 'root-ca-cert-publisher']);
  plane.create(NAMESPACE);
  plane.settle();
  const { data } = plane.get('ConfigMap', 'kube-root-ca.crt', 'team');
  expect(data?.['ca.crt']).toMatch(
    /^-----BEGIN CERTIFICATE-----\n[\s\S]+\n-----END CERTIFICATE-----\n$/,
  );
  expect(plane.get('ServiceAccount', 'default', 'team')).toBeDefined();
  plane.store.delete('ServiceAccount', 'team', 'default');
  plane.store.delete('ConfigMap', 'team', 'kube-root-ca.crt');
  plane.settle();
  expect(plane.get('ServiceAccount', 'default', 'team')).toBeDefined();
  expect(plane.get('ConfigMap', 'kube-root-ca.crt', 'team').data).toEqual(data);
});

test('a certificate that was changed is put right', () => {
  const plane = new Plane(['root-ca-cert-publisher'], { before: [NAMESPACE] });
  plane.settle();
  const right = plane.get('ConfigMap', 'kube-root-ca.crt', 'team');
  plane.store.update({ ...structuredClone(right), data: { 'ca.crt': 'x' } } as never);
  plane.settle();
  expect(plane.get('ConfigMap', 'kube-root-ca.crt', 'team').data).toEqual(right.data);
});

test('a namespace that is going gets nothing', () => {
  const plane = new Plane(['serviceaccount']);
  plane.create({ ...NAMESPACE, status: { phase: 'Terminating' } });
  plane.settle();
  expect(plane.get('ServiceAccount', 'default', 'team')).toBeUndefined();
});

test('a controller that is not known is refused', () => {
  const names = ['binder'] as unknown as ['scheduler'];
  expect(() => new Plane(names)).toThrow('controllers: "binder" is not known; known: scheduler,');
});
