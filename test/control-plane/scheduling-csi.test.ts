import { describe, expect, test } from 'vitest';
import { claim, node, Plane, pod, volume } from './harness.ts';

const DISK = 'disk.example.com';
const OTHER = 'other.example.com';
const SCHEDULED = '1 Scheduled: Successfully assigned default/p to a';

const storageClass = (name: string, provisioner: string): object => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner,
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
});

const csiNode = (drivers: Record<string, number | undefined>): object => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'CSINode',
  metadata: { name: 'a' },
  spec: {
    drivers: Object.entries(drivers).map(([name, count]) => ({
      name,
      nodeID: 'a',
      ...(count !== undefined && { allocatable: { count } }),
    })),
  },
});

/** A claim that is bound to a volume of a CSI driver; or of a hostPath, without one. */
function bound(name: string, driver?: string, volumeHandle = name): object[] {
  const claimRef = { namespace: 'default', name, uid: `uid-of-${name}` };
  const source = driver && { hostPath: undefined, csi: { driver, volumeHandle } };
  const done = claim(name, { volumeName: `pv-${name}` }, { phase: 'Bound' }) as {
    metadata: object;
  };
  Object.assign(done.metadata, { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } });
  return [volume(`pv-${name}`, { claimRef, ...source }, { phase: 'Bound' }), done];
}

const waiting = (name: string, storageClassName = 'csi'): object =>
  claim(name, { storageClassName });

function podOf(name: string, claims: readonly string[], spec: object = {}): object {
  const volumes = claims.map((claimName) => ({
    name: claimName,
    persistentVolumeClaim: { claimName },
  }));
  return pod(name, { volumes, ...spec });
}

const running = (name: string, ...claims: string[]): object =>
  podOf(name, claims, { nodeName: 'a' });

function plane(objects: readonly object[], version?: string): Plane {
  return new Plane(['scheduler'], {
    before: [node('a'), storageClass('csi', DISK), ...objects],
    ...(version && { version }),
  });
}

/** What comes of a Pod with these claims, as soon as the node is chosen. */
function fits(world: Plane, ...claims: string[]): boolean {
  world.create(podOf('p', claims));
  world.simulation.advance(100);
  const told = world.eventsOf('Pod/p');
  if (told.length > 0 && told[0] !== SCHEDULED) {
    expect(told[0]).toContain('1 node(s) exceed max volume count');
  }
  return told.length === 0 || told[0] === SCHEDULED;
}

describe('how many volumes a driver can attach to a node', () => {
  const [one, two, three] = [bound('one', DISK), bound('two', DISK), bound('three', DISK)];
  const others = [...bound('x', OTHER), ...bound('y', OTHER)];
  const known = [...one, ...two, ...three, ...others, ...bound('plain')];
  test.each<[string, object[], string[], boolean]>([
    ['room for one more', [csiNode({ [DISK]: 3 }), running('q', 'one', 'two')], ['three'], true],
    ['no room', [csiNode({ [DISK]: 2 }), running('q', 'one', 'two')], ['three'], false],
    ['two at once', [csiNode({ [DISK]: 1 })], ['one', 'two'], false],
    ['no limit', [csiNode({ [DISK]: undefined }), running('q', 'one', 'two')], ['three'], true],
    ['nothing is said', [running('q', 'one', 'two')], ['three'], true],
    [
      'one of two is there already',
      [csiNode({ [DISK]: 3 }), running('q', 'one', 'two')],
      ['two', 'three'],
      true,
    ],
    ['it is there already', [csiNode({ [DISK]: 2 }), running('q', 'one', 'two')], ['two'], true],
    [
      'by its handle, not by its claim',
      [...bound('same', DISK, 'two'), csiNode({ [DISK]: 2 }), running('q', 'one', 'two')],
      ['same'],
      true,
    ],
    [
      'a handle is its driver’s own',
      [...bound('twin', OTHER, 'one'), csiNode({ [OTHER]: 1 }), running('q', 'one', 'x')],
      ['twin'],
      false,
    ],
    [
      'other drivers do not count',
      [csiNode({ [DISK]: 2, [OTHER]: 2 }), running('q', 'one', 'x', 'y')],
      ['three'],
      true,
    ],
    [
      'each driver for itself',
      [csiNode({ [DISK]: 9, [OTHER]: 1 }), running('q', 'one', 'x')],
      ['three', 'y'],
      false,
    ],
    ['other volumes do not count', [csiNode({ [DISK]: 1 }), running('q', 'one')], ['plain'], true],
    [
      'claims that wait count for their class',
      [waiting('w'), csiNode({ [DISK]: 2 }), running('q', 'one', 'w')],
      ['three'],
      false,
    ],
    [
      'once each',
      [waiting('w'), csiNode({ [DISK]: 3 }), running('q', 'one', 'w'), running('r', 'w')],
      ['three'],
      true,
    ],
    [
      'also when their volume is gone',
      [
        claim('lost', { volumeName: 'gone', storageClassName: 'csi' }),
        csiNode({ [DISK]: 2 }),
        running('q', 'one', 'lost'),
      ],
      ['three'],
      false,
    ],
    [
      'but not without a class',
      [waiting('w', 'none'), csiNode({ [DISK]: 2 }), running('q', 'one', 'w')],
      ['three'],
      true,
    ],
    ['the claim of the Pod itself waits', [waiting('w'), csiNode({ [DISK]: 0 })], ['w'], false],
  ])('%s', (_, objects, claims, expected) => {
    expect(fits(plane([...known, ...objects]), ...claims)).toBe(expected);
  });

  test('a Pod that goes makes room, and so does another limit', () => {
    const full = [...known, csiNode({ [DISK]: 1 }), running('q', 'one')];
    const first = plane(full);
    expect(fits(first, 'two')).toBe(false);
    first.store.remove('Pod', 'default', 'q');
    first.settle();
    expect(first.eventsOf('Pod/p').at(-1)).toBe(SCHEDULED);
    const second = plane(full);
    expect(fits(second, 'two')).toBe(false);
    second.edit('CSINode', 'a', (draft) =>
      Object.assign(draft, csiNode({ [DISK]: 2 }), { metadata: draft.metadata }),
    );
    second.settle();
    expect(second.eventsOf('Pod/p').at(-1)).toBe(SCHEDULED);
  });

  test('until 1.16 nobody reads it there', () => {
    expect(fits(plane([...known, csiNode({ [DISK]: 0 })], '1.16'), 'one')).toBe(true);
  });
});

describe('room for volumes that are to be made', () => {
  const driver = (storageCapacity?: boolean): object => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: DISK },
    spec: storageCapacity === undefined ? {} : { storageCapacity },
  });
  const capacity = (fields: object): object => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIStorageCapacity',
    metadata: { name: 'room', namespace: 'kube-system' },
    storageClassName: 'csi',
    nodeTopology: { matchLabels: { 'kubernetes.io/hostname': 'a' } },
    ...fields,
  });
  const elsewhere = { matchLabels: { 'kubernetes.io/hostname': 'z' } };
  const NO_ROOM = '1 node(s) did not have enough free storage';
  test.each<[string, object[], boolean]>([
    ['no driver', [], true],
    ['a driver that does not say', [driver()], true],
    ['a driver that need not be asked', [driver(false)], true],
    ['a driver that says nothing yet', [driver(true)], false],
    ['enough', [driver(true), capacity({ capacity: '1Gi' })], true],
    ['too little', [driver(true), capacity({ capacity: '1000Mi' })], false],
    [
      'for smaller volumes only',
      [driver(true), capacity({ capacity: '9Gi', maximumVolumeSize: '1Mi' })],
      false,
    ],
    [
      'the largest volume decides',
      [driver(true), capacity({ capacity: '1Mi', maximumVolumeSize: '9Gi' })],
      true,
    ],
    ['how much is not known', [driver(true), capacity({})], false],
    [
      'of another class',
      [driver(true), capacity({ capacity: '9Gi', storageClassName: 'x' })],
      false,
    ],
    ['elsewhere', [driver(true), capacity({ capacity: '9Gi', nodeTopology: elsewhere })], false],
    ['everywhere', [driver(true), capacity({ capacity: '9Gi', nodeTopology: {} })], true],
    ['nowhere', [driver(true), capacity({ capacity: '9Gi', nodeTopology: undefined })], false],
  ])('%s', (_, objects, fitting) => {
    const world = plane([...objects, waiting('w')]);
    world.create(podOf('p', ['w']));
    world.simulation.advance(100);
    const told = world.eventsOf('Pod/p');
    if (fitting) expect(told).toEqual([]);
    else expect(told[0]).toContain(NO_ROOM);
  });

  test('a Pod is looked at again when there is more', () => {
    const world = plane([driver(true), waiting('w')]);
    world.create(podOf('p', ['w']));
    world.settle();
    world.create(capacity({ capacity: '1Gi' }));
    world.simulation.advance(2000);
    const { annotations } = world.get('PersistentVolumeClaim', 'w').metadata;
    expect(annotations?.['volume.kubernetes.io/selected-node']).toBe('a');
  });

  test('a volume that is there needs no room', () => {
    const free = volume('pv', { storageClassName: 'csi' }, { phase: 'Available' });
    const world = plane([driver(true), free, waiting('w')]);
    world.create(podOf('p', ['w']));
    world.simulation.advance(100);
    expect(world.eventsOf('Pod/p')).toEqual([]);
    expect(world.get('PersistentVolume', 'pv').spec.claimRef?.name).toBe('w');
  });

  test('1.20 does not look at it', () => {
    const world = plane([driver(true), waiting('w')], '1.20');
    world.create(podOf('p', ['w']));
    world.simulation.advance(100);
    expect(world.eventsOf('Pod/p')).toEqual([]);
  });
});
