import { describe, expect, test } from 'vitest';
import { type ApiServer, type KindMap, Store } from '../../src/api/index.ts';
import { type Cluster, createCluster } from '../../src/index.ts';
import { Random } from '../../src/sim/index.ts';
import { pod, refusal, server } from './validation/refusals.ts';

type Stored<K extends keyof KindMap> = KindMap[K] & {
  metadata: { uid: string; resourceVersion: string; generation?: number };
};

const configMap = (name: string, data: object = {}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', ...metadata },
  data,
});

const deployment = (replicas: number, labels: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd', labels },
  spec: {
    replicas,
    selector: { matchLabels: { a: 'b' } },
    template: {
      metadata: { labels: { a: 'b' } },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    },
  },
});

/** All that is stored, as text. */
const everything = (api: ApiServer): string =>
  JSON.stringify(['ConfigMap', 'Pod', 'Namespace', 'Secret'].map((kind) => api.list(kind)));

describe('what an object gets', () => {
  test('uid, resourceVersion and creationTimestamp; a generation where there is one', () => {
    const api = server();
    const [a, b] = api.create([configMap('a'), configMap('b')]) as Stored<'ConfigMap'>[];
    expect(a?.metadata).toMatchObject({ creationTimestamp: '1970-01-01T00:00:00Z' });
    expect(a?.metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    expect(a?.metadata.uid).not.toBe(b?.metadata.uid);
    expect(Number(b?.metadata.resourceVersion)).toBeGreaterThan(
      Number(a?.metadata.resourceVersion),
    );
    expect(a?.metadata).not.toHaveProperty('generation');
  });

  test('generation counts changes of the spec alone', () => {
    const api = server();
    const generation = (): unknown => api.get('Deployment', 'd')?.metadata.generation;
    api.apply(deployment(1));
    expect(generation()).toBe(1);
    api.apply(deployment(1, { x: 'y' }));
    expect(generation()).toBe(1);
    api.apply(deployment(2, { x: 'y' }));
    expect(generation()).toBe(2);
  });

  test('Pods have a generation from 1.33 on; a class counts all that it says', () => {
    const generationOf = (version: string): unknown => {
      const api = server({ version });
      api.create(pod());
      return api.get('Pod', 'p')?.metadata.generation;
    };
    expect([generationOf('1.32'), generationOf('1.33')]).toEqual([undefined, 1]);
    const api = server();
    api.create({
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshotClass',
      metadata: { name: 'c' },
      driver: 'd',
      deletionPolicy: 'Delete',
    });
    api.patch('VolumeSnapshotClass', 'c', { deletionPolicy: 'Retain' });
    expect(api.get('VolumeSnapshotClass', 'c')?.metadata.generation).toBe(2);
  });

  test('what a user claims of it is not taken', () => {
    const metadata = {
      uid: 'mine',
      resourceVersion: undefined,
      creationTimestamp: '2000-01-01T00:00:00Z',
    };
    const [made] = server().create(configMap('a', {}, metadata)) as Stored<'ConfigMap'>[];
    expect(made?.metadata.uid).not.toBe('mine');
    expect(made?.metadata.creationTimestamp).toBe('1970-01-01T00:00:00Z');
  });

  test('generateName: five letters that are not easily confused, another each time', () => {
    const api = server();
    const make = () =>
      api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'job-' } });
    const names = [make(), make()].map(([made]) => made?.metadata.name);
    for (const name of names) expect(name).toMatch(/^job-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(names[0]).not.toBe(names[1]);
  });

  test('stored objects are frozen and shared; what was given is copied, and stays the user’s', () => {
    const api = server();
    const mine = configMap('a', { x: '1' });
    api.create(mine);
    mine.data = { x: '2' };
    const stored = api.get('ConfigMap', 'a');
    expect(stored?.data).toEqual({ x: '1' });
    expect(Object.isFrozen(stored) && Object.isFrozen(stored?.metadata)).toBe(true);
    expect(Object.isFrozen(mine.metadata)).toBe(false);
    expect(api.get('ConfigMap', 'a')).toBe(stored);
  });
});

describe('two who write', () => {
  test('the second gets a Conflict, and changes nothing', () => {
    const api = server();
    const [old] = api.create(configMap('a')) as Stored<'ConfigMap'>[];
    api.replace({ ...structuredClone(old), data: { x: '1' } } as never);
    const before = everything(api);
    expect(refusal(() => api.replace({ ...structuredClone(old), data: { x: '2' } } as never))).toBe(
      'Conflict 409: Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    );
    expect(everything(api)).toBe(before);
  });

  test('a write that changes nothing gives no new version', () => {
    const api = server();
    const [old] = api.create(configMap('a', { x: '1' })) as Stored<'ConfigMap'>[];
    api.patch('ConfigMap', 'a', { data: { x: '1' } });
    expect(api.get('ConfigMap', 'a')?.metadata.resourceVersion).toBe(old?.metadata.resourceVersion);
  });
});

describe('refusals', () => {
  test.each([
    [
      'AlreadyExists 409: configmaps "a" already exists',
      (api: ApiServer) => api.create(configMap('a')),
    ],
    ['NotFound 404: configmaps "b" not found', (api: ApiServer) => api.delete('ConfigMap', 'b')],
    [
      'NotFound 404: storageclasses.storage.k8s.io "b" not found',
      (api: ApiServer) => api.delete('StorageClass', 'b'),
    ],
    [
      'NotFound 404: namespaces "n" not found',
      (api: ApiServer) => api.create(configMap('x', {}, { namespace: 'n' })),
    ],
    ['NotFound 404: configmaps "b" not found', (api: ApiServer) => api.patch('ConfigMap', 'b', {})],
    [
      'BadRequest 400: error decoding patch: it must be an object',
      (api: ApiServer) => api.patch('ConfigMap', 'a', 5 as never),
    ],
    [
      'BadRequest 400: from a-: cannot use generate name with apply',
      (api: ApiServer) =>
        api.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'a-' } }),
    ],
    [
      'BadRequest 400: resource name may not be empty',
      (api: ApiServer) => api.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }),
    ],
  ])('%s', (message, action) => {
    const api = server();
    api.create(configMap('a', { x: '1' }));
    const before = everything(api);
    expect(refusal(() => action(api))).toBe(message);
    expect(everything(api)).toBe(before);
  });

  test.each([
    ['kind must be a text: not number', (api: ApiServer) => api.get(5 as never, 'a')],
    ['kind must be a text: not undefined', (api: ApiServer) => api.list(undefined as never)],
    [
      'labelSelector must be a text: not number',
      (api: ApiServer) => api.list('Pod', { labelSelector: 5 as never }),
    ],
    ['name must be a text: it may not be empty', (api: ApiServer) => api.delete('Pod', '')],
    [
      'options must be an object: not null',
      (api: ApiServer) => api.delete('Pod', 'a', null as never),
    ],
    ['listener must be a function: not number', (api: ApiServer) => api.watch('Pod', 5 as never)],
    [
      'change must be a function: not a list',
      (api: ApiServer) => api.edit('ConfigMap', 'a', [] as never),
    ],
    ['options must be an object: not number', (api: ApiServer) => api.events(5 as never)],
    [
      'json: cannot unmarshal null into Go value of type map[string]interface {}',
      (api: ApiServer) => api.replace(null as never),
    ],
  ])('%s', (message, action) => {
    expect(refusal(() => action(server()))).toBe(`BadRequest 400: ${message}`);
  });

  test('of several documents all are taken or none; what comes earlier counts for what comes later', () => {
    const api = server();
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } };
    const inside = configMap('x', {}, { namespace: 'n' });
    const before = everything(api);
    expect(refusal(() => api.apply([namespace, inside, configMap('A')]))).toMatch(/^Invalid 422: /);
    expect(everything(api)).toBe(before);
    expect(api.apply([namespace, inside])).toHaveLength(2);
  });
});

describe('status is a part of its own', () => {
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'c', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };

  test('a write of the object leaves it alone, and one of it leaves the object alone', () => {
    const api = server();
    api.create({ ...claim, status: { phase: 'Bound' } });
    const status = (): unknown => api.get('PersistentVolumeClaim', 'c')?.status;
    expect(status()).toEqual({ phase: 'Pending' });
    const change = { status: { phase: 'Bound' }, metadata: { labels: { a: 'b' } } };
    api.patch('PersistentVolumeClaim', 'c', change);
    expect(status()).toEqual({ phase: 'Pending' });
    api.patch(
      'PersistentVolumeClaim',
      'c',
      { status: { phase: 'Bound' }, spec: { volumeName: 'v' } },
      { subresource: 'status' },
    );
    expect(status()).toEqual({ phase: 'Bound' });
    expect(api.get('PersistentVolumeClaim', 'c')?.spec.volumeName).toBe(undefined);
  });
});

describe('deletion', () => {
  test('finalizers hold an object, and none can be added any more', () => {
    const api = server();
    api.create(configMap('a', {}, { finalizers: ['example.com/hold'] }));
    api.delete('ConfigMap', 'a');
    expect(api.get('ConfigMap', 'a')?.metadata.deletionTimestamp).toBe('1970-01-01T00:00:00Z');
    const more = { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } };
    expect(refusal(() => api.patch('ConfigMap', 'a', more))).toMatch(
      /Forbidden: no new finalizers can be added if the object is being deleted/,
    );
    api.patch('ConfigMap', 'a', { metadata: { finalizers: null } });
    expect(api.get('ConfigMap', 'a')).toBe(undefined);
  });

  test('what is asked for last decides what happens to what it owned', () => {
    const api = server();
    const finalizers = (): unknown => api.get('ConfigMap', 'a')?.metadata.finalizers;
    api.create(configMap('a'));
    api.delete('ConfigMap', 'a', { propagationPolicy: 'Foreground' });
    expect(finalizers()).toEqual(['foregroundDeletion']);
    api.delete('ConfigMap', 'a', { propagationPolicy: 'Orphan' });
    expect(finalizers()).toEqual(['orphan']);
    api.delete('ConfigMap', 'a');
    expect(finalizers()).toEqual(['orphan']);
    api.delete('ConfigMap', 'a', { propagationPolicy: 'Background' });
    expect(api.get('ConfigMap', 'a')).toBe(undefined);
  });

  test.each([
    [
      'default',
      {},
      'Forbidden 403: namespaces "default" is forbidden: this namespace may not be deleted',
    ],
    ['kube-node-lease', {}, 'nothing was refused'],
    [
      'kube-node-lease',
      { propagationPolicy: 'Later' },
      'Invalid 422: DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Later": supported values: "Foreground", "Background", "Orphan", "nil"',
    ],
    [
      'kube-node-lease',
      { force: true, gracePeriodSeconds: 1 },
      'BadRequest 400: --force and --grace-period greater than 0 cannot be specified together',
    ],
    [
      'kube-node-lease',
      { gracePeriodSeconds: 1.5 },
      'BadRequest 400: gracePeriodSeconds: 1.5 is not a whole number',
    ],
  ])('of namespace %s with %j: %s', (name, options, message) => {
    const api = server();
    expect(refusal(() => api.delete('Namespace', name, options as object))).toBe(message);
  });

  const running = (): Cluster => {
    const cluster = createCluster();
    cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: 'i' }], terminationGracePeriodSeconds: 60 },
    });
    cluster.settle();
    return cluster;
  };

  test('of a Pod is graceful; a shorter period shortens it, a longer does not lengthen it', () => {
    const cluster = running();
    const metadata = () => cluster.get('Pod', 'p')?.metadata;
    cluster.delete('Pod', 'p');
    expect(metadata()).toMatchObject({ deletionGracePeriodSeconds: 60 });
    cluster.delete('Pod', 'p', { gracePeriodSeconds: 5 });
    expect(metadata()).toMatchObject({ deletionGracePeriodSeconds: 5 });
    cluster.delete('Pod', 'p', { gracePeriodSeconds: 50 });
    expect(metadata()).toMatchObject({ deletionGracePeriodSeconds: 5 });
    cluster.delete('Pod', 'p', { force: true });
    expect(metadata()).toBe(undefined);
  });

  test('a period of 0 without force is one second, as kubectl does it', () => {
    const cluster = running();
    cluster.delete('Pod', 'p', { gracePeriodSeconds: 0 });
    expect(cluster.get('Pod', 'p')?.metadata.deletionGracePeriodSeconds).toBe(1);
  });
});

describe('owners', () => {
  function family(propagationPolicy: 'Background' | 'Foreground' | 'Orphan') {
    const cluster = createCluster();
    const [owner] = cluster.create(configMap('owner'));
    const { uid } = owner?.metadata ?? {};
    const reference = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'owner',
      uid,
      blockOwnerDeletion: true,
    };
    cluster.create(
      configMap('child', {}, { ownerReferences: [reference], finalizers: ['a.b/hold'] }),
    );
    cluster.settle();
    cluster.delete('ConfigMap', 'owner', { propagationPolicy });
    cluster.settle();
    const child = cluster.get('ConfigMap', 'child')?.metadata;
    return { cluster, owner: cluster.get('ConfigMap', 'owner')?.metadata, child };
  }

  test('Background: the owner goes at once, what it owned after it', () => {
    const { owner, child } = family('Background');
    expect(owner).toBe(undefined);
    expect(child?.deletionTimestamp).toBeTruthy();
  });

  test('Foreground: the owner waits for what it owned', () => {
    const { cluster, owner, child } = family('Foreground');
    expect(owner).toMatchObject({ finalizers: ['foregroundDeletion'] });
    expect(child?.deletionTimestamp).toBeTruthy();
    cluster.patch('ConfigMap', 'child', { metadata: { finalizers: null } });
    cluster.settle();
    expect(cluster.get('ConfigMap', 'owner')).toBe(undefined);
  });

  test('Orphan: what it owned stays, and belongs to nobody', () => {
    const { owner, child } = family('Orphan');
    expect(owner).toBe(undefined);
    expect(child).toMatchObject({ finalizers: ['a.b/hold'] });
    expect(child?.deletionTimestamp).toBe(undefined);
    expect(child?.ownerReferences ?? []).toEqual([]);
  });

  test('an object whose owner never was goes too', () => {
    const cluster = createCluster();
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'nobody', uid: '123' };
    cluster.create(configMap('child', {}, { ownerReferences: [reference] }));
    cluster.settle();
    expect(cluster.get('ConfigMap', 'child')).toBe(undefined);
  });
});

describe('owners that cannot be', () => {
  const scene = (owner: object, child: object) => {
    const cluster = createCluster();
    cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } });
    const [made] = cluster.create(configMap('owner'));
    const uid = made?.metadata.uid ?? '';
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid, ...owner };
    cluster.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      ...child,
      metadata: {
        name: 'child',
        ...(child as { metadata?: object }).metadata,
        ownerReferences: [reference],
      },
    });
    cluster.settle();
    return { cluster, uid };
  };

  test('one in another namespace: the object goes, and an event says why', () => {
    const { cluster, uid } = scene({}, { metadata: { namespace: 'n' } });
    expect(cluster.get('ConfigMap', 'child', 'n')).toBe(undefined);
    expect(cluster.events({ reason: 'OwnerRefInvalidNamespace' })).toMatchObject([
      {
        type: 'Warning',
        message: `ownerRef [v1/ConfigMap, namespace: n, name: owner, uid: ${uid}] does not exist in namespace "n"`,
      },
    ]);
  });

  test('one in a namespace, of an object that is in none: it stays', () => {
    const child = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', provisioner: 'a.b/c' };
    const { cluster } = scene({}, child);
    cluster.delete('ConfigMap', 'owner');
    cluster.settle();
    expect(cluster.get('StorageClass', 'child')).toBeTruthy();
  });

  test('one of a kind that nobody knows: it stays', () => {
    const { cluster } = scene({ apiVersion: 'a.b/v1', kind: 'Mystery', uid: '1' }, {});
    expect(cluster.get('ConfigMap', 'child')).toBeTruthy();
  });
});

describe('namespaces', () => {
  test('one that is deleted takes all that is in it along, and lets nothing more in', () => {
    const cluster = createCluster();
    cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } });
    cluster.apply(configMap('a', {}, { namespace: 'n', finalizers: ['a.b/hold'] }));
    cluster.settle();
    cluster.delete('Namespace', 'n');
    expect(cluster.get('Namespace', 'n')?.status?.phase).toBe('Terminating');
    expect(refusal(() => cluster.apply(configMap('b', {}, { namespace: 'n' })))).toBe(
      'Forbidden 403: configmaps "b" is forbidden: unable to create new content in namespace n because it is being terminated',
    );
    cluster.settle();
    const conditions = cluster.get('Namespace', 'n')?.status?.conditions ?? [];
    expect(conditions.filter(({ status }) => status === 'True')).toMatchObject([
      {
        type: 'NamespaceContentRemaining',
        reason: 'SomeResourcesRemain',
        message: 'Some resources are remaining: configmaps. has 1 resource instances',
      },
      {
        type: 'NamespaceFinalizersRemaining',
        reason: 'SomeFinalizersRemain',
        message:
          'Some content in the namespace has finalizers remaining: a.b/hold in 1 resource instances',
      },
    ]);
    expect(conditions).toHaveLength(5);
    cluster.patch('ConfigMap', 'a', { metadata: { finalizers: null } }, { namespace: 'n' });
    cluster.settle();
    expect(cluster.get('Namespace', 'n')).toBe(undefined);
    expect(cluster.list('ConfigMap', { namespace: 'n' })).toEqual([]);
  });
});

test.each([
  ['1.32', undefined],
  ['1.33', 'ConfigMap'],
])('what a Pod may need, in %s: %s', (kubernetesVersion, kind) => {
  const cluster = createCluster({ kubernetesVersion });
  cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } });
  cluster.settle();
  cluster.apply([configMap('a', {}, { namespace: 'n' }), pod({}, { namespace: 'n' })]);
  cluster.settle();
  const hold = cluster.faults.hold('StopContainer');
  cluster.delete('Namespace', 'n');
  cluster.advance('5s');
  expect(cluster.get('Pod', 'p', 'n')?.metadata.deletionTimestamp).toBeTruthy();
  expect(cluster.get('ConfigMap', 'a', 'n')?.kind).toBe(kind);
  hold.unsubscribe();
  cluster.settle();
  cluster.advance('1m');
  expect(cluster.get('Namespace', 'n')).toBe(undefined);
});

describe('watches and lists', () => {
  test('every change comes, in order, with the object as it then was', () => {
    const api = server();
    const seen: string[] = [];
    const watch = api.watch('ConfigMap', ({ type, object }) => {
      seen.push(`${type} ${object.metadata.name} ${JSON.stringify(object['data'])}`);
    });
    api.create(configMap('a', { x: '1' }));
    api.patch('ConfigMap', 'a', { data: { x: '2' } });
    api.delete('ConfigMap', 'a');
    watch.unsubscribe();
    api.create(configMap('b'));
    expect(seen).toEqual(['ADDED a {"x":"1"}', 'MODIFIED a {"x":"2"}', 'DELETED a {"x":"2"}']);
  });

  test('nothing is heard of what was refused', () => {
    const api = server();
    const seen: unknown[] = [];
    api.watch('ConfigMap', (event) => seen.push(event));
    expect(refusal(() => api.create([configMap('a'), configMap('A')]))).toMatch(/^Invalid/);
    expect(seen).toEqual([]);
  });

  test('lists are ordered, and selected by labels and fields', () => {
    const api = server();
    for (const [name, app] of [
      ['c', 'x'],
      ['a', 'x'],
      ['b', 'y'],
    ] as const) {
      api.create(configMap(name, {}, { labels: { app } }));
    }
    const names = (options: object): string[] =>
      api
        .list('ConfigMap', { namespace: 'default', ...options })
        .map(({ metadata }) => metadata.name);
    expect(names({})).toEqual(['a', 'b', 'c']);
    expect(names({ labelSelector: 'app=x' })).toEqual(['a', 'c']);
    expect(names({ labelSelector: 'app in (y, z)' })).toEqual(['b']);
    expect(names({ labelSelector: '!app' })).toEqual([]);
    expect(names({ fieldSelector: 'metadata.name!=a' })).toEqual(['b', 'c']);
    expect(refusal(() => names({ labelSelector: 'a in x' }))).toMatch(/^BadRequest 400: /);
  });

  test('lists and watches of 10,000 Pods copy nothing', () => {
    const store = new Store({ clock: { now: 0 }, random: new Random(0) });
    const seen: unknown[] = [];
    store.watch('Pod', ({ object }) => seen.push(object));
    for (let i = 0; i < 10_000; i++) store.create(pod({}, { name: `p-${i}` }) as never);
    const [listed, again] = [store.list('Pod'), store.list('Pod', { labelSelector: '!x' })];
    expect(listed).toHaveLength(10_000);
    expect(listed.every((object, i) => object === again[i])).toBe(true);
    expect(new Set([...seen, ...listed]).size).toBe(10_000);
  });

  test('what a listener throws comes out of the call, once all have been told of everything', () => {
    const api = server();
    const seen: string[] = [];
    api.watch('ConfigMap', ({ object }) => {
      seen.push(`first ${object.metadata.name}`);
      throw new Error(`mine ${object.metadata.name}`);
    });
    api.watch('ConfigMap', ({ object }) => seen.push(`second ${object.metadata.name}`));
    expect(() => api.create([configMap('a'), configMap('b')])).toThrow(/^mine a$/);
    expect(seen).toEqual(['first a', 'second a', 'first b', 'second b']);
    expect(api.list('ConfigMap', { namespace: 'default' })).toHaveLength(2);
  });

  test('what a listener writes is told after what it was told of; one that has left hears nothing', () => {
    const api = server();
    const seen: string[] = [];
    const other = { unsubscribe: (): void => {} };
    api.watch('ConfigMap', ({ object: { metadata } }) => {
      seen.push(`first ${metadata.name}`);
      if (metadata.name === 'a') api.create(configMap('b'));
      if (metadata.name === 'b') other.unsubscribe();
    });
    const second = api.watch('ConfigMap', ({ object }) =>
      seen.push(`second ${object.metadata.name}`),
    );
    other.unsubscribe = () => second.unsubscribe();
    api.create(configMap('a'));
    expect(seen).toEqual(['first a', 'second a', 'first b']);
  });
});
