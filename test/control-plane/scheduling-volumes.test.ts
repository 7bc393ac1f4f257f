import { describe, expect, test } from 'vitest';
import { claim, node, Plane, pod, podWith, type Seen, volume } from './harness.ts';

const HELPLESS = 'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
const UNAVAILABLE = '0/1 nodes are available: ';
const SELECTED = 'volume.kubernetes.io/selected-node';
const BINDING = 'running PreBind plugin "VolumeBinding": binding volumes:';
const OLD_ZONE = 'failure-domain.beta.kubernetes.io/zone';
const OLD_REGION = 'failure-domain.beta.kubernetes.io/region';
const ZONE = 'topology.kubernetes.io/zone';
const REGION = 'topology.kubernetes.io/region';

const storageClass = (provisioner: string, more: object = {}): object => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'wait' },
  provisioner,
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
  ...more,
});
const STATIC = storageClass('kubernetes.io/no-provisioner');
const EXTERNAL = storageClass('example.com/disk');
const waiting = { storageClassName: 'wait' };

function onNode(name: string): object {
  const requirement = { key: 'kubernetes.io/hostname', operator: 'In', values: [name] };
  return {
    nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [requirement] }] } },
  };
}

function withMetadata(object: object, more: object): object {
  const { metadata } = object as { metadata: object };
  return { ...object, metadata: { ...metadata, ...more } };
}

/** Claim and volume that are bound to each other. */
function bound(name: string, spec: object = {}, labels: Record<string, string> = {}): object[] {
  const claimRef = { namespace: 'default', name, uid: `uid-of-${name}` };
  const annotations = { 'pv.kubernetes.io/bind-completed': 'yes' };
  return [
    withMetadata(volume(`pv-${name}`, { claimRef, ...spec }, { phase: 'Bound' }), { labels }),
    withMetadata(claim(name, { volumeName: `pv-${name}` }, { phase: 'Bound' }), { annotations }),
  ];
}

/** What is said of a Pod that uses the claims, where the scheduler alone runs. */
function said(objects: readonly object[], claims: readonly string[], version?: string): string[] {
  const plane = new Plane(['scheduler'], { before: objects, ...(version && { version }) });
  const volumes = claims.map((claimName) => ({
    name: claimName,
    persistentVolumeClaim: { claimName },
  }));
  plane.create(pod('p', { volumes }));
  plane.settle();
  return plane.eventsOf('Pod/p');
}

describe('zones of volumes', () => {
  test.each<[string, Record<string, string>, Record<string, string>, boolean]>([
    ['a node without zones', { [ZONE]: 'a' }, {}, true],
    ['the same', { [ZONE]: 'a' }, { [ZONE]: 'a' }, true],
    ['another', { [ZONE]: 'a' }, { [ZONE]: 'b' }, false],
    ['the same region', { [REGION]: 'r', other: 'x' }, { [REGION]: 'r' }, true],
    ['another region', { [REGION]: 'r' }, { [REGION]: 's' }, false],
    ['the region is not said', { [ZONE]: 'a', [REGION]: 'r' }, { [ZONE]: 'a' }, false],
    ['a volume without zones', {}, { [ZONE]: 'a' }, true],
    ['one of several', { [ZONE]: 'c__a' }, { [ZONE]: 'a' }, true],
    ['none of several', { [ZONE]: 'c__a' }, { [ZONE]: 'b' }, false],
    ['a list that cannot be read', { [ZONE]: 'c__' }, { [ZONE]: 'b' }, true],
    ['old names', { [OLD_ZONE]: 'a' }, { [OLD_ZONE]: 'a' }, true],
    ['old names, another', { [OLD_REGION]: 'r' }, { [OLD_REGION]: 's' }, false],
    ['the old name of a volume', { [OLD_ZONE]: 'a' }, { [ZONE]: 'a' }, true],
    ['the old name of a volume, another', { [OLD_ZONE]: 'a' }, { [ZONE]: 'b' }, false],
    ['the old name of a node', { [ZONE]: 'a' }, { [OLD_ZONE]: 'a' }, false],
  ])('%s: %j on %j', (_, ofVolume, ofNode, fits) => {
    const events = said([node('a', { labels: ofNode }), ...bound('c', {}, ofVolume)], ['c']);
    expect(events).toEqual([
      fits
        ? '1 Scheduled: Successfully assigned default/p to a'
        : `1 FailedScheduling: ${UNAVAILABLE}1 node(s) had no available volume zone. ${HELPLESS}`,
    ]);
  });

  test.each([
    ['1.16', 'Scheduled'],
    ['1.17', 'FailedScheduling'],
  ])('%s looks at the new names: %s', (version, reason) => {
    const objects = [node('a', { labels: { [ZONE]: 'a' } }), ...bound('c', {}, { [ZONE]: 'b' })];
    expect(said(objects, ['c'], version)[0]).toContain(reason);
  });

  test('a node that changes its zone is looked at again', () => {
    const before = [node('a', { labels: { [ZONE]: 'b' } }), ...bound('c', {}, { [ZONE]: 'a' })];
    const plane = new Plane(['scheduler'], { before });
    plane.create(podWith('c', 'p'));
    plane.settle();
    plane.edit('Node', 'a', ({ metadata }) => Object.assign(metadata, { labels: { [ZONE]: 'a' } }));
    plane.settle();
    expect(plane.get('Pod', 'p').spec.nodeName).toBe('a');
  });
});

describe('why claims keep a Pod from a node', () => {
  const unfound = "1 node(s) didn't find available persistent volumes to bind";
  const elsewhere = "1 node(s) didn't match PersistentVolume's node affinity";
  const going = { deletionTimestamp: '2024-01-01T00:00:00Z', finalizers: ['example.com/hold'] };
  const free = (name: string, spec: object = {}): object =>
    volume(name, { ...waiting, ...spec }, { phase: 'Available' });
  test.each<[string, object[], string[], string]>([
    [
      'one is elsewhere, one finds nothing',
      [STATIC, ...bound('c', onNode('z')), claim('d', waiting)],
      ['c', 'd'],
      `${unfound}, ${elsewhere}`,
    ],
    [
      'lost',
      [claim('c', { volumeName: 'pv' }, { phase: 'Lost' })],
      ['c'],
      'persistentvolumeclaim "c" bound to non-existent persistentvolume "pv"',
    ],
    ['without its volume', bound('c').slice(1), ['c'], 'persistentvolume "pv-c" not found'],
    [
      'being deleted',
      [withMetadata(claim('c'), going)],
      ['c'],
      'persistentvolumeclaim "c" is being deleted',
    ],
    ['one is missing', bound('c'), ['c', 'd'], 'persistentvolumeclaim "d" not found'],
    [
      'reserved, and not bound yet',
      [STATIC, claim('c', { ...waiting, volumeName: 'pv' })],
      ['c'],
      'pod has unbound immediate PersistentVolumeClaims',
    ],
    [
      'made only elsewhere',
      [
        storageClass('example.com/disk', {
          allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['1'] }] }],
        }),
        claim('c', waiting),
      ],
      ['c'],
      unfound,
    ],
    [
      'a node was chosen already',
      [EXTERNAL, withMetadata(claim('c', waiting), { annotations: { [SELECTED]: 'z' } })],
      ['c'],
      unfound,
    ],
    [
      'two claims, one volume',
      [STATIC, free('pv'), claim('c', waiting), claim('d', waiting)],
      ['c', 'd'],
      unfound,
    ],
    [
      'what is reserved for it is elsewhere',
      [
        STATIC,
        free('other'),
        free('pv', { ...onNode('z'), claimRef: { namespace: 'default', name: 'c' } }),
        claim('c', waiting),
      ],
      ['c'],
      unfound,
    ],
    [
      'too few modes',
      [STATIC, free('pv', { accessModes: ['ReadOnlyMany'] }), claim('c', waiting)],
      ['c'],
      unfound,
    ],
    ['not Available', [STATIC, volume('pv', waiting), claim('c', waiting)], ['c'], unfound],
  ])('%s', (_, objects, claims, message) => {
    expect(said([node('a'), ...objects], claims)).toEqual([
      `1 FailedScheduling: ${UNAVAILABLE}${message}. ${HELPLESS}`,
    ]);
  });
});

describe('a claim for one Pod that another one has', () => {
  const gate =
    'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode';
  test.each([
    [
      '1.26',
      `${UNAVAILABLE}${gate}. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling..`,
    ],
    [
      '1.27',
      `${UNAVAILABLE}1 ${gate}. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod..`,
    ],
    [
      '1.34',
      `${UNAVAILABLE}1 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
    ],
  ])('%s', (version, message) => {
    const [pv, data] = bound('c', { accessModes: ['ReadWriteOncePod'] }) as [object, Seen];
    Object.assign(data.spec, { accessModes: ['ReadWriteOncePod'] });
    const other = podWith('c', 'other', { nodeName: 'a' });
    expect(said([node('a'), pv, data, other], ['c'], version)).toEqual([
      `1 FailedScheduling: ${message}`,
    ]);
  });
});

describe('while it waits for its claims to be bound', () => {
  /** A Pod whose claim waits for a volume that was reserved, or is to be made. */
  function waits(theClass: object): Plane {
    const plane = new Plane(['scheduler'], { before: [node('a'), theClass] });
    if (theClass === STATIC) plane.create(volume('pv', waiting, { phase: 'Available' }));
    plane.create(claim('data', waiting));
    plane.create(podWith('data', 'p'));
    plane.simulation.advance(1500);
    return plane;
  }

  test.each<[string, object, (plane: Plane) => void, string]>([
    [
      'who could not make the volume says so',
      EXTERNAL,
      (plane) => annotate(plane, { 'example.com/tried': 'yes' }),
      'provisioning failed for PVC "data"',
    ],
    [
      'in the only annotation',
      EXTERNAL,
      (plane) => annotate(plane, undefined),
      'selectedNode annotation reset for PVC "data"',
    ],
    [
      'it is made elsewhere',
      EXTERNAL,
      (plane) => {
        plane.create(volume('pv', { ...waiting, ...onNode('z') }));
        plane.edit('PersistentVolumeClaim', 'data', ({ spec }) => {
          spec.volumeName = 'pv';
        });
      },
      'pv "pv" node affinity doesn\'t match node "a": no matching NodeSelectorTerms',
    ],
    [
      'the claim goes, before it is made',
      EXTERNAL,
      (plane) => plane.store.remove('PersistentVolumeClaim', 'default', 'data'),
      'failed to check provisioning pvc: could not find v1.PersistentVolumeClaim "default/data"',
    ],
    [
      'the claim goes',
      STATIC,
      (plane) => plane.store.remove('PersistentVolumeClaim', 'default', 'data'),
      'failed to check binding: could not find v1.PersistentVolumeClaim "default/data"',
    ],
    [
      'the volume goes',
      STATIC,
      (plane) => plane.store.remove('PersistentVolume', undefined, 'pv'),
      'failed to check binding: could not find v1.PersistentVolume "pv"',
    ],
    [
      'the volume is taken back',
      STATIC,
      (plane) =>
        plane.edit('PersistentVolume', 'pv', ({ spec }) => {
          spec.claimRef = undefined;
        }),
      'ClaimRef got reset for pv "pv"',
    ],
    [
      'the Pod goes',
      EXTERNAL,
      (plane) => plane.store.remove('Pod', 'default', 'p'),
      'pod does not exist any more: pod "p" not found',
    ],
  ])('%s', (_, theClass, change, message) => {
    const plane = waits(theClass);
    change(plane);
    plane.simulation.advance(600);
    expect(plane.eventsOf('Pod/p')[0]).toBe(`1 FailedScheduling: ${BINDING} ${message}`);
  });

  test('a Pod of the same name goes on where the first one left', () => {
    const plane = waits(EXTERNAL);
    plane.store.remove('Pod', 'default', 'p');
    plane.create(withMetadata(podWith('data', 'p'), { uid: 'second' }));
    plane.simulation.advance(5000);
    plane.create(volume('pv', waiting));
    plane.edit('PersistentVolumeClaim', 'data', (draft) => {
      draft.spec.volumeName = 'pv';
      Object.assign(draft.metadata.annotations ?? {}, { 'pv.kubernetes.io/bind-completed': 'yes' });
    });
    plane.simulation.advance(5000);
    expect(plane.eventsOf('Pod/p')).toEqual([
      `1 FailedScheduling: ${BINDING} pod does not exist any more: pod "p" not found`,
      '1 Scheduled: Successfully assigned default/p to a',
    ]);
  });

  function annotate(plane: Plane, annotations: Record<string, string> | undefined): void {
    plane.edit('PersistentVolumeClaim', 'data', ({ metadata }: Seen) => {
      if (annotations) metadata.annotations = annotations;
      else delete metadata.annotations;
    });
  }
});
