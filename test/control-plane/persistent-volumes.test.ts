import { describe, expect, test } from 'vitest';
import { claim, Plane, podWith, volume } from './harness.ts';

const AVAILABLE = { phase: 'Available' };
const BINDER = ['persistentvolume-binder'] as const;

/** Objects that are there before the controller starts. */
function settled(before: readonly object[], order: 'fifo' | 'random' = 'fifo', seed = 0): Plane {
  const plane = new Plane(BINDER, { before, order, seed });
  plane.settle();
  return plane;
}

function bound(plane: Plane, name: string): string | undefined {
  const { spec, status } = plane.get('PersistentVolumeClaim', name);
  return status.phase === 'Bound' ? spec.volumeName : undefined;
}

describe('claims', () => {
  test('a match is bound, in four writes and in order', () => {
    const plane = new Plane(BINDER, { before: [volume('pv', {}, AVAILABLE), claim('c')] });
    const writes: string[] = [];
    plane.store.watch('*', ({ object }) => {
      const { spec, status } = object as unknown as ReturnType<Plane['get']>;
      writes.push(`${object.kind} ${spec.claimRef?.name ?? spec.volumeName ?? ''} ${status.phase}`);
    });
    plane.settle();
    expect(writes).toEqual([
      'PersistentVolume c Available',
      'PersistentVolume c Bound',
      'PersistentVolumeClaim pv Pending',
      'PersistentVolumeClaim pv Bound',
    ]);
    const { metadata, status } = plane.get('PersistentVolumeClaim', 'c');
    expect(metadata.annotations).toEqual({
      'pv.kubernetes.io/bind-completed': 'yes',
      'pv.kubernetes.io/bound-by-controller': 'yes',
    });
    expect(status).toEqual({
      phase: 'Bound',
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
    });
    expect(plane.events).toEqual([]);
    expect(plane.simulation.waiting()).toEqual([]);
  });

  test('the smallest that is large enough, of the group with the fewest modes', () => {
    const plane = settled([
      volume('small', { capacity: { storage: '100Mi' } }, AVAILABLE),
      volume('large', { capacity: { storage: '5Gi' } }, AVAILABLE),
      volume('better', { capacity: { storage: '2Gi' } }, AVAILABLE),
      volume('many', { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] }, AVAILABLE),
      claim('c'),
    ]);
    expect(bound(plane, 'c')).toBe('better');
  });

  test.each([
    [
      'reserved for it goes first',
      { claimRef: { namespace: 'default', name: 'c' }, capacity: { storage: '9Gi' } },
      'pv',
    ],
    ['reserved for another', { claimRef: { namespace: 'default', name: 'd' } }, undefined],
    ['another class', { storageClassName: 'gold' }, undefined],
    ['another volumeMode', { volumeMode: 'Block' }, undefined],
    ['too few modes', { accessModes: ['ReadOnlyMany'] }, undefined],
  ])('a volume %s', (_, spec, expected) => {
    const plane = settled([volume('pv', spec, AVAILABLE), claim('c')]);
    expect(bound(plane, 'c')).toBe(expected);
  });

  test('nothing matches: an event every 15 s, until a volume comes', () => {
    const plane = settled([claim('c')]);
    const message = 'no persistent volumes available for this claim and no storage class is set';
    expect(plane.eventsOf('PersistentVolumeClaim/c')).toEqual([`1 FailedBinding: ${message}`]);
    expect(plane.simulation.waiting()).toMatchObject([{ nextTry: new Date(15_000) }]);
    plane.simulation.advance(45_000);
    expect(plane.eventsOf('PersistentVolumeClaim/c')).toEqual([`4 FailedBinding: ${message}`]);
    plane.create(volume('pv'));
    plane.settle();
    expect(bound(plane, 'c')).toBe('pv');
    expect(plane.simulation.now).toBe(60_000);
  });

  test('what comes together is bound at once', () => {
    const plane = new Plane(BINDER);
    plane.create(claim('c'));
    plane.create(volume('pv'));
    plane.settle();
    expect([bound(plane, 'c'), plane.simulation.now]).toEqual(['pv', 0]);
  });

  test('a volume that does not help is no reason to wait for the resync', () => {
    const plane = settled([claim('c', { resources: { requests: { storage: '2Gi' } } })]);
    plane.create(volume('pv'));
    plane.settle();
    expect(plane.simulation.now).toBe(0);
  });

  test('a named volume that does not suit', () => {
    const plane = settled([
      volume('pv', { accessModes: ['ReadOnlyMany'] }, AVAILABLE),
      claim('c', { volumeName: 'pv' }),
    ]);
    expect(plane.eventsOf('PersistentVolumeClaim/c')).toEqual([
      '1 VolumeMismatch: Cannot bind to requested volume "pv": incompatible accessMode',
    ]);
  });

  test('a named volume that is not there: pending, without a word', () => {
    const plane = settled([claim('c', { volumeName: 'pv' }, { phase: 'Bound', capacity: {} })]);
    expect(plane.get('PersistentVolumeClaim', 'c').status).toEqual({ phase: 'Pending' });
    expect([plane.events, plane.simulation.waiting()]).toEqual([[], []]);
    plane.create(volume('pv'));
    plane.settle();
    expect(bound(plane, 'c')).toBe('pv');
  });

  test('a named volume of another', () => {
    const plane = settled([volume('pv', {}, AVAILABLE), claim('a')]);
    plane.create(claim('b', { volumeName: 'pv' }));
    plane.settle();
    expect(plane.eventsOf('PersistentVolumeClaim/b')).toEqual([
      '1 FailedBinding: volume "pv" already bound to a different claim.',
    ]);
  });

  test('the bound volume vanishes, and comes back', () => {
    const plane = settled([volume('pv', {}, AVAILABLE), claim('c')]);
    plane.store.delete('PersistentVolume', undefined, 'pv');
    plane.settle();
    expect(plane.get('PersistentVolumeClaim', 'c').status).toEqual({ phase: 'Lost' });
    expect(plane.eventsOf('PersistentVolumeClaim/c')).toEqual([
      '1 ClaimLost: Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    ]);
    plane.create(volume('pv'));
    plane.settle();
    expect(bound(plane, 'c')).toBe('pv');
  });

  test('the default class comes late', () => {
    const plane = settled([claim('c', { storageClassName: undefined })]);
    plane.create({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name: 'std',
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      },
      provisioner: 'example.com/disk',
    });
    plane.settle();
    const { metadata, spec } = plane.get('PersistentVolumeClaim', 'c');
    expect(spec.storageClassName).toBe('std');
    expect(metadata.annotations?.['volume.kubernetes.io/storage-provisioner']).toBe(
      'example.com/disk',
    );
    expect(plane.eventsOf('PersistentVolumeClaim/c')[1]).toMatch(
      /^2 ExternalProvisioning: Waiting for/,
    );
  });
});

describe('volumes', () => {
  const owned = { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'c', uid: 'uid-of-c' };

  test.each([
    ['no claimRef', {}, 'Available'],
    ['reserved', { claimRef: { namespace: 'default', name: 'x' } }, 'Available'],
    ['its claim is gone', { claimRef: owned }, 'Released'],
    ['an unknown policy', { claimRef: owned, persistentVolumeReclaimPolicy: 'Burn' }, 'Failed'],
  ])('%s', (_, spec, phase) => {
    expect(settled([volume('pv', spec)]).get('PersistentVolume', 'pv').status.phase).toBe(phase);
  });

  test('the claim is deleted: Released, and no other claim of that name gets it', () => {
    const plane = settled([volume('pv', {}, AVAILABLE), claim('c')]);
    plane.store.delete('PersistentVolumeClaim', 'default', 'c');
    plane.settle();
    expect(plane.get('PersistentVolume', 'pv').status.phase).toBe('Released');
    const again = claim('c') as { metadata: { uid: string } };
    again.metadata.uid = 'another';
    plane.create(again);
    plane.settle();
    expect(bound(plane, 'c')).toBeUndefined();
    plane.edit('PersistentVolume', 'pv', (draft) => {
      draft.spec.claimRef = undefined;
    });
    plane.settle();
    expect(bound(plane, 'c')).toBe('pv');
  });

  test.each([
    [{ 'pv.kubernetes.io/bound-by-controller': 'yes' }, undefined],
    [{}, { ...owned, uid: undefined }],
  ])('the claim went elsewhere: annotations %j leave claimRef %j', (annotations, claimRef) => {
    const lonely = volume('lonely', { claimRef: owned }) as { metadata: object };
    Object.assign(lonely.metadata, { annotations });
    const plane = settled([
      lonely,
      volume('other', { claimRef: owned }, { phase: 'Bound' }),
      claim('c', { volumeName: 'other' }),
    ]);
    expect(plane.get('PersistentVolume', 'lonely').spec.claimRef).toEqual(claimRef);
    expect(plane.get('PersistentVolume', 'lonely').status.phase).toBe('Available');
  });
});

test.each([
  'UpdatePersistentVolume',
  'UpdatePersistentVolumeStatus',
  'UpdatePersistentVolumeClaim',
  'UpdatePersistentVolumeClaimStatus',
])('dying before or after %s changes nothing in the end', (name) => {
  for (const when of ['before', 'after'] as const) {
    const plane = new Plane(BINDER, { before: [volume('pv', {}, AVAILABLE), claim('c')] });
    plane.simulation.faults.crash(name, { times: 1, when });
    plane.settle();
    expect(bound(plane, 'c')).toBe('pv');
    expect(plane.get('PersistentVolume', 'pv').status.phase).toBe('Bound');
  }
});

test.each([...Array(20).keys()])('in any order all that can be bound is bound: seed %i', (seed) => {
  const names = ['a', 'b', 'c'];
  const plane = new Plane(BINDER, { order: 'random', seed });
  for (const name of names) plane.create(claim(name));
  for (const name of ['x', 'y']) plane.create(volume(name));
  plane.settle();
  plane.simulation.advance(60_000);
  const volumes = names.map((name) => bound(plane, name)).filter((name) => name !== undefined);
  expect(volumes.sort()).toEqual(['x', 'y']);
});

describe('protection', () => {
  const BOTH = ['pvc-protection', 'pv-protection', ...BINDER] as const;

  test('finalizers are added; a claim goes only after the Pods that use it', () => {
    const plane = new Plane(BOTH, { before: [volume('pv'), claim('c')] });
    plane.settle();
    expect(plane.get('PersistentVolumeClaim', 'c').metadata.finalizers).toEqual([
      'kubernetes.io/pvc-protection',
    ]);
    plane.create(podWith('c', 'p', { nodeName: 'n' }));
    plane.create(podWith('c', 'unscheduled'));
    plane.store.delete('PersistentVolumeClaim', 'default', 'c');
    plane.store.delete('PersistentVolume', undefined, 'pv');
    plane.settle();
    expect(plane.get('PersistentVolumeClaim', 'c').metadata.deletionTimestamp).toBeDefined();
    expect(plane.get('PersistentVolume', 'pv').metadata.finalizers).toEqual([
      'kubernetes.io/pv-protection',
    ]);
    plane.store.remove('Pod', 'default', 'p');
    plane.settle();
    expect(plane.get('PersistentVolumeClaim', 'c')).toBeUndefined();
    expect(plane.get('PersistentVolume', 'pv')).toBeUndefined();
  });

  test('what nobody uses goes at once', () => {
    const plane = new Plane(BOTH, {
      before: [volume('pv'), claim('d', { storageClassName: 'x' })],
    });
    plane.settle();
    plane.store.delete('PersistentVolumeClaim', 'default', 'd');
    plane.store.delete('PersistentVolume', undefined, 'pv');
    plane.settle();
    expect(plane.get('PersistentVolumeClaim', 'd')).toBeUndefined();
    expect(plane.get('PersistentVolume', 'pv')).toBeUndefined();
  });
});
