import { describe, expect, test } from 'vitest';
import { allPlugins } from '../../plugins/index.ts';
import type { Pod, Volume } from '../../src/api/index.ts';
import { type ObjectReader, PluginRegistry, resolveVolumeSpec } from '../../src/plugin/index.ts';
import { makePod } from './harness.ts';
import { rules } from './rules.ts';

const plugins = new PluginRegistry(allPlugins, rules('all'));
const CLAIM = {
  metadata: { name: 'c', namespace: 'default', uid: 'claim-uid' },
  spec: { volumeName: 'pv' },
  status: { phase: 'Bound' },
};
const VOLUME = {
  metadata: { name: 'pv' },
  spec: { hostPath: { path: '/p' }, claimRef: { uid: 'claim-uid' } },
};

/** Resolves `volume` where the API has a claim and a PersistentVolume. */
function resolve(
  volume: object,
  {
    claim = CLAIM,
    persistent = VOLUME,
    pod = makePod(),
  }: { claim?: unknown; persistent?: unknown; pod?: Pod } = {},
) {
  const objects = {
    get: (kind: string) => (kind === 'PersistentVolume' ? persistent : claim),
  } as unknown as ObjectReader;
  return resolveVolumeSpec(pod, { name: 'v', ...volume } as Volume, objects, plugins);
}

const claimed = { persistentVolumeClaim: { claimName: 'c', readOnly: true } };
const ephemeral = { ephemeral: {} };

describe('a volume is resolved', () => {
  test('to itself', () => {
    expect(resolve({ emptyDir: {} })).toMatchObject({ name: 'v', readOnly: false, source: {} });
  });

  test('to the PersistentVolume of its claim', () => {
    const spec = resolve(claimed);
    expect(spec).toMatchObject({ name: 'pv', readOnly: true, source: { path: '/p' } });
    expect(plugins.bySpec(spec).source).toBe('hostPath');
  });

  test('to that of the claim that belongs to the Pod', () => {
    const metadata = { ...CLAIM.metadata, ownerReferences: [{ uid: 'uid-1', controller: true }] };
    expect(resolve(ephemeral, { claim: { ...CLAIM, metadata } }).name).toBe('pv');
  });
});

test('a claim that is being deleted can be used while its finalizer keeps it', () => {
  const metadata = { ...CLAIM.metadata, deletionTimestamp: 'x' };
  const kept = { ...metadata, finalizers: ['kubernetes.io/pvc-protection'] };
  const use = (how: object, beingDeleted?: 'unless protected'): string => {
    const objects = {
      get: (kind: string) => (kind === 'PersistentVolume' ? VOLUME : { ...CLAIM, metadata: how }),
    } as unknown as ObjectReader;
    const volume = { name: 'v', ...claimed } as Volume;
    return resolveVolumeSpec(makePod(), volume, objects, plugins, beingDeleted).name;
  };
  expect(() => use(kept)).toThrow('PVC is being deleted');
  expect(() => use(metadata, 'unless protected')).toThrow('PVC is being deleted');
  expect(use(kept, 'unless protected')).toBe('pv');
});

describe('a claim cannot be used', () => {
  const bad = (change: object) => ({ claim: { ...CLAIM, ...change } });
  const prefix = 'error processing PVC default/c: ';

  test.each([
    [
      'that is being deleted',
      bad({ metadata: { ...CLAIM.metadata, deletionTimestamp: 'x' } }),
      'PVC is being deleted',
    ],
    ['that is not bound', bad({ status: { phase: 'Pending' } }), 'PVC is not bound'],
    ['without a volume', bad({ spec: {} }), 'PVC has empty pvc.Spec.VolumeName'],
    [
      'whose volume says nothing',
      { persistent: { ...VOLUME, spec: {} } },
      'found PV object pv but it has a nil pv.Spec.ClaimRef indicating it is not yet bound to the claim',
    ],
    [
      'whose volume says another',
      { persistent: { ...VOLUME, spec: { claimRef: { uid: 'other' } } } },
      'found PV object pv but its pv.Spec.ClaimRef.UID other does not point to claim.UID claim-uid',
    ],
  ])('%s', (_, world, message) => {
    expect(() => resolve(claimed, world)).toThrow(prefix + message);
  });

  test('that there is not', () => {
    const objects = { get: () => undefined } as unknown as ObjectReader;
    const volume = { name: 'v', ...claimed } as Volume;
    expect(() => resolveVolumeSpec(makePod(), volume, objects, plugins)).toThrow(
      `${prefix}failed to fetch PVC from API server: persistentvolumeclaims "c" not found`,
    );
  });

  test('that belongs to another', () => {
    expect(() => resolve(ephemeral)).toThrow(
      'PVC default/c was not created for pod default/p (pod is not owner)',
    );
  });
});

test.each([
  ['Block', { volumeMounts: [{ name: 'v', mountPath: '/x' }] }, 'volumeMounts'],
  ['Filesystem', { volumeDevices: [{ name: 'v', devicePath: '/x' }] }, 'volumeDevices'],
])('a volume of mode %s is not for %j', (volumeMode, fields, where) => {
  const pod = makePod({ containers: [{ name: 'c', image: 'busybox', ...fields }] });
  const persistent = { ...VOLUME, spec: { ...VOLUME.spec, volumeMode } };
  expect(() => resolve(claimed, { pod, persistent })).toThrow(
    `volume v has volumeMode ${volumeMode}, but is specified in ${where}`,
  );
});
