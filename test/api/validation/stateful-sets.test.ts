import { describe, expect, test } from 'vitest';
import type { Fields } from './objects.ts';
import { template, workload } from './workload-subjects.ts';

describe('StatefulSet', () => {
  const set = workload('StatefulSet');
  const claims = (spec: Fields, name = 'data') => ({
    volumeClaimTemplates: [{ metadata: { name }, spec }],
  });
  const mounts = (name: string) =>
    template({
      containers: [{ name: 'c', image: 'i', volumeMounts: [{ name, mountPath: '/d' }] }],
    });

  test('its fields', () => {
    const spec = {
      podManagementPolicy: 'Random',
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Keep' },
      ordinals: { start: -1 },
      serviceName: 'a.b',
    };
    expect(set.create({ spec })).toEqual([
      `spec.podManagementPolicy: Invalid value: "Random": must be 'OrderedReady' or 'Parallel'`,
      'spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "Keep": supported values: "Retain", "Delete"',
      'spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0',
      'spec.serviceName: Invalid value: "a.b": must not contain dots',
    ]);
  });

  test('its name names hosts, from 1.27; its serviceName, from 1.33', () => {
    const of = (name: string, serviceName: string, version: string) =>
      set.create({ metadata: { name }, spec: { serviceName } }, { version });
    expect(of('a.b', 's', '1.26')).toEqual([]);
    expect(of('a.b', 's', '1.27')).toHaveLength(1);
    expect(of('a', 'S', '1.32')).toEqual([]);
    expect(of('a', 'S', '1.33')).toHaveLength(1);
  });

  test('templates of claims have the rules of claims, from 1.34', () => {
    const spec = claims({ resources: { requests: { storage: '1Gi' } } });
    expect(set.create({ spec })).toEqual([
      'spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required',
    ]);
    expect(set.create({ spec }, { version: '1.33' })).toEqual([]);
    // What was taken once may stay.
    expect(set.update({ spec }, { spec: { ...spec, replicas: 2 } })).toEqual([]);
  });

  test("its Pods are looked at with the claims' volumes, from 1.34", () => {
    const good = {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    };
    const of = (name: string) => ({ ...claims(good), template: mounts(name) });
    expect(set.create({ spec: of('data') })).toEqual([]);
    expect(set.create({ spec: of('other') })).toEqual([
      'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "other"',
    ]);
    expect(set.create({ spec: of('other') }, { version: '1.33' })).toEqual([]);
    expect(set.update({ spec: of('data') }, { spec: of('other') })).toHaveLength(1);
    const still = { ...of('other'), replicas: 2 };
    expect(set.update({ spec: of('other') }, { spec: still })).toEqual([]);
  });
});
