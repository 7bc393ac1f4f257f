import { describe, expect, test } from 'vitest';
import type { ApiServer } from '../../src/api/index.ts';
import { createCluster } from '../../src/index.ts';
import { refusal, server } from './validation/refusals.ts';

const METADATA = { namespace: 'default' };
const claim = (name: string, storage = '1Gi', spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, ...METADATA },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, ...spec },
});
const pod = (name: string, resources: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...METADATA },
  spec: {
    automountServiceAccountToken: false,
    containers: [{ name: 'c', image: 'busybox:1', resources }],
  },
});
const storageClass = (name: string, fields: object = {}, annotations: object = {}) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name, annotations },
  provisioner: 'p',
  ...fields,
});
const DEFAULT = { 'storageclass.kubernetes.io/is-default-class': 'true' };

const classOf = (api: ApiServer, name: string): unknown =>
  api.get('PersistentVolumeClaim', name)?.spec.storageClassName;

describe('DefaultStorageClass', () => {
  test('a claim without a class gets the default one; "" is a class of its own', () => {
    const api = server();
    api.create([claim('before'), storageClass('fast', {}, DEFAULT)]);
    api.create([claim('after'), claim('none', '1Gi', { storageClassName: '' })]);
    expect(['before', 'after', 'none'].map((name) => classOf(api, name))).toEqual([
      undefined,
      'fast',
      '',
    ]);
  });

  test('of several defaults the newest counts; before 1.26 they are an error', () => {
    const two = [storageClass('a', {}, DEFAULT), storageClass('b', {}, DEFAULT)];
    const api = server();
    api.create([...two, claim('c')]);
    expect(classOf(api, 'c')).toBe('a');
    expect(refusal(() => server({ version: '1.25' }).create([...two, claim('c')]))).toBe(
      'Forbidden 403: persistentvolumeclaims "c" is forbidden: Internal error occurred: 2 default StorageClasses were found',
    );
  });
});

describe('PersistentVolumeClaimResize', () => {
  const grow = (status: object, spec: object, fields: object): string => {
    const api = server();
    api.create(storageClass('fast', fields));
    api.restore({ ...claim('c', '1Gi', spec), status });
    const patch = { spec: { resources: { requests: { storage: '2Gi' } } } };
    return refusal(() => api.patch('PersistentVolumeClaim', 'c', patch));
  };
  const bound = { phase: 'Bound', capacity: { storage: '1Gi' } };
  const start = 'Forbidden 403: persistentvolumeclaims "c" is forbidden: ';

  test('only bound claims grow, of a class that allows it', () => {
    const fast = { storageClassName: 'fast' };
    const support =
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
    expect(grow(bound, fast, {})).toBe(start + support);
    expect(grow(bound, {}, { allowVolumeExpansion: true })).toBe(start + support);
    expect(grow(bound, fast, { allowVolumeExpansion: true })).toBe('nothing was refused');
    expect(grow({ phase: 'Pending' }, fast, { allowVolumeExpansion: true })).toMatch(
      /spec is immutable after creation except resources\.requests/,
    );
  });
});

describe('StorageObjectInUseProtection', () => {
  test('claims and volumes have a finalizer, from 1.10', () => {
    const finalizers = (version?: string): unknown => {
      const api = server(version ? { version } : {});
      api.create(claim('c'));
      return api.get('PersistentVolumeClaim', 'c')?.metadata.finalizers;
    };
    expect(finalizers()).toEqual(['kubernetes.io/pvc-protection']);
    expect(finalizers('1.8')).toBe(undefined);
  });
});

describe('LimitRanger', () => {
  const limits = (item: object) => ({
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'l', ...METADATA },
    spec: { limits: [item] },
  });

  test('claims that are too small or too large', () => {
    const api = server();
    const type = 'PersistentVolumeClaim';
    api.create(limits({ type, min: { storage: '1Gi' }, max: { storage: '5Gi' } }));
    const start = 'Forbidden 403: persistentvolumeclaims "c" is forbidden: ';
    expect(refusal(() => api.create(claim('c', '500Mi')))).toBe(
      `${start}minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi`,
    );
    expect(refusal(() => api.create(claim('c', '6Gi')))).toBe(
      `${start}maximum storage usage per PersistentVolumeClaim is 5Gi, but request is 6Gi`,
    );
    expect(refusal(() => api.create(claim('c', '5Gi')))).toBe('nothing was refused');
  });

  test('containers get what they do not say, and may not have more than the most', () => {
    const api = server();
    api.create(
      limits({
        type: 'Container',
        max: { 'ephemeral-storage': '2Gi' },
        default: { 'ephemeral-storage': '1Gi' },
        defaultRequest: { 'ephemeral-storage': '500Mi' },
      }),
    );
    api.create(pod('p'));
    const { metadata, spec } = api.get('Pod', 'p') ?? {};
    expect(spec?.containers[0]?.resources).toEqual({
      requests: { 'ephemeral-storage': '500Mi' },
      limits: { 'ephemeral-storage': '1Gi' },
    });
    expect(metadata?.annotations?.['kubernetes.io/limit-ranger']).toBe(
      'LimitRanger plugin set: ephemeral-storage request for container c; ephemeral-storage limit for container c',
    );
    const large = { limits: { 'ephemeral-storage': '3Gi' } };
    expect(refusal(() => api.create(pod('q', large)))).toBe(
      'Forbidden 403: pods "q" is forbidden: maximum ephemeral-storage usage per Container is 2Gi, but limit is 3Gi',
    );
  });
});

describe('LimitRanger: several containers', () => {
  const limits = (name: string, item: object) => ({
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name, ...METADATA },
    spec: { limits: [item] },
  });
  const storage = (request: string, limit: string) => ({
    requests: { 'ephemeral-storage': request },
    limits: { 'ephemeral-storage': limit },
  });
  const two = (main: object, init: object) => {
    const made = pod('p', main);
    const first = { name: 'i', image: 'busybox:1', resources: init };
    return { ...made, spec: { ...made.spec, initContainers: [first] } };
  };
  const start = 'Forbidden 403: pods "p" is forbidden: ';

  test('what was filled in stands in an annotation', () => {
    const api = server();
    api.create(limits('l', { type: 'Container', default: { 'ephemeral-storage': '1Gi' } }));
    api.create(two({}, { requests: { 'ephemeral-storage': '1Gi' } }));
    expect(api.get('Pod', 'p')?.metadata.annotations?.['kubernetes.io/limit-ranger']).toBe(
      'LimitRanger plugin set: ephemeral-storage request for container c; ephemeral-storage limit for container c; ephemeral-storage limit for init container i',
    );
  });

  test('how far limits may be from requests', () => {
    const api = server();
    api.create(
      limits('l', { type: 'Container', maxLimitRequestRatio: { 'ephemeral-storage': '2' } }),
    );
    const rule = 'ephemeral-storage max limit to request ratio per Container is 2';
    expect(refusal(() => api.create(two(storage('1Gi', '3Gi'), {})))).toBe(
      `${start}[${rule}, but provided ratio is 3.000000, ${rule}, but no request is specified or request is 0]`,
    );
    expect(refusal(() => api.create(two(storage('1Gi', '2Gi'), storage('1Gi', '1Gi'))))).toBe(
      'nothing was refused',
    );
  });

  test('a whole Pod is what it needs at a time; the first range that refuses is told of', () => {
    const api = server();
    const amounts = { min: { 'ephemeral-storage': '2Gi' }, max: { 'ephemeral-storage': '4Gi' } };
    api.create([
      limits('a', { type: 'Pod', ...amounts }),
      limits('b', { type: 'Pod', max: { 'ephemeral-storage': '1Gi' } }),
    ]);
    const least = `${start}minimum ephemeral-storage usage per Pod is 2Gi, but request is 1Gi`;
    expect(refusal(() => api.create(two(storage('1Gi', '1Gi'), storage('1Gi', '1Gi'))))).toBe(
      least,
    );
    expect(refusal(() => api.create(two(storage('2Gi', '2Gi'), storage('3Gi', '5Gi'))))).toBe(
      `${start}maximum ephemeral-storage usage per Pod is 4Gi, but limit is 5Gi`,
    );
    api.delete('LimitRange', 'b');
    expect(refusal(() => api.create(two(storage('2Gi', '2Gi'), storage('3Gi', '4Gi'))))).toBe(
      'nothing was refused',
    );
  });
});

describe('ResourceQuota', () => {
  const quota = (hard: object) => ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q', ...METADATA },
    spec: { hard },
  });

  test('storage of a namespace, of one class, and how many claims', () => {
    const api = server();
    const ofClass = 'fast.storageclass.storage.k8s.io/requests.storage';
    api.create(
      quota({ 'requests.storage': '10Gi', [ofClass]: '2Gi', persistentvolumeclaims: '3' }),
    );
    api.create(claim('a', '8Gi'));
    const start =
      'Forbidden 403: persistentvolumeclaims "b" is forbidden: exceeded quota: q, requested: ';
    expect(refusal(() => api.create(claim('b', '3Gi')))).toBe(
      `${start}requests.storage=3Gi, used: requests.storage=8Gi, limited: requests.storage=10Gi`,
    );
    const fast = { storageClassName: 'fast' };
    api.create(claim('fast-1', '1Gi', fast));
    expect(refusal(() => api.create(claim('b', '2Gi', fast)))).toBe(
      `${start}${ofClass}=2Gi,requests.storage=2Gi, used: ${ofClass}=1Gi,requests.storage=9Gi, limited: ${ofClass}=2Gi,requests.storage=10Gi`,
    );
    api.create(claim('c', '100Mi'));
    expect(refusal(() => api.create(claim('b', '100Mi')))).toBe(
      `${start}persistentvolumeclaims=1, used: persistentvolumeclaims=3, limited: persistentvolumeclaims=3`,
    );
    api.delete('PersistentVolumeClaim', 'c');
    api.patch('PersistentVolumeClaim', 'c', { metadata: { finalizers: null } });
    expect(refusal(() => api.create(claim('b', '100Mi')))).toBe('nothing was refused');
  });

  test('cpu and memory have to be stated, by containers of every kind', () => {
    const api = server();
    api.create(quota({ 'limits.memory': '1Gi', cpu: '2', 'requests.ephemeral-storage': '1Gi' }));
    const made = pod('p', { requests: { cpu: '1' } });
    const initContainers = [{ name: 'a', image: 'busybox:1' }];
    const { spec } = made;
    expect(refusal(() => api.create({ ...made, spec: { ...spec, initContainers } }))).toBe(
      'Forbidden 403: pods "p" is forbidden: failed quota: q: must specify cpu for: a; limits.memory for: a,c',
    );
  });

  test('until 1.23 nobody said by which', () => {
    const said = (version: string): string => {
      const api = server({ version });
      api.create(quota({ 'limits.memory': '1Gi', cpu: '2' }));
      return refusal(() => api.create(pod('p', {})));
    };
    const what = 'Forbidden 403: pods "p" is forbidden: failed quota: q: must specify';
    expect(said('1.23')).toBe(`${what} cpu,limits.memory`);
    expect(said('1.5')).toBe(`${what} cpu,limits.memory`);
    expect(said('1.24')).toBe(`${what} cpu for: c; limits.memory for: c`);
  });

  test('what is asked for as a whole counts as such, and with overhead', () => {
    const api = server();
    api.create(quota({ 'requests.cpu': '3' }));
    const made = (name: string, more: object): object => {
      const one = pod(name, {});
      return { ...one, spec: { ...one.spec, ...more } };
    };
    api.create(made('a', { resources: { requests: { cpu: '2' } } }));
    expect(refusal(() => api.create(made('b', { resources: { requests: { cpu: '2' } } })))).toMatch(
      'exceeded quota: q, requested: requests.cpu=2, used: requests.cpu=2',
    );
    const asking = pod('c', { requests: { cpu: '500m' } });
    const spec = { ...asking.spec, overhead: { cpu: '1' } };
    expect(refusal(() => api.create({ ...asking, spec }))).toMatch('requested: requests.cpu=1500m');
  });

  test('a quota with scopes counts what is in all of them', () => {
    const api = server();
    const scoped = (name: string, scope: object) => ({
      ...quota({ pods: '1' }),
      metadata: { name, ...METADATA },
      spec: { hard: { pods: '1' }, ...scope },
    });
    api.create(scoped('best-effort', { scopes: ['BestEffort'] }));
    const high = { scopeName: 'PriorityClass', operator: 'In', values: ['high'] };
    api.create(scoped('high', { scopeSelector: { matchExpressions: [high] } }));
    const some = { requests: { cpu: '1' } };
    api.create([pod('a', some), pod('b', some), pod('c')]);
    expect(refusal(() => api.create(pod('d')))).toBe(
      'Forbidden 403: pods "d" is forbidden: exceeded quota: best-effort, requested: pods=1, used: pods=1, limited: pods=1',
    );
    const metadata = { name: 'high' };
    api.create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata, value: 7 });
    const important = (name: string) => {
      const made = pod(name, some);
      return { ...made, spec: { ...made.spec, priorityClassName: 'high' } };
    };
    api.create(important('e'));
    expect(refusal(() => api.create(important('f')))).toMatch('exceeded quota: high, ');
    expect(refusal(() => api.create(claim('c', '1Gi')))).toBe('nothing was refused');
  });

  test('claims are counted by their class of attributes', () => {
    const api = server();
    const scope = { scopeName: 'VolumeAttributesClass', operator: 'In', values: ['gold'] };
    const spec = {
      hard: { persistentvolumeclaims: '1' },
      scopeSelector: { matchExpressions: [scope] },
    };
    api.create({ ...quota({}), spec });
    const gold = { volumeAttributesClassName: 'gold' };
    api.create([claim('a', '1Gi'), claim('b', '1Gi', gold)]);
    expect(refusal(() => api.create(claim('c', '1Gi', gold)))).toMatch('exceeded quota: q, ');
    expect(refusal(() => api.create(claim('c', '1Gi')))).toBe('nothing was refused');
  });

  test('what is not valid is told before what there is no room for', () => {
    const api = server();
    const item = { type: 'PersistentVolumeClaim', min: { storage: '1Gi' } };
    const range = { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'l', ...METADATA } };
    api.create([quota({ pods: '0' }), { ...range, spec: { limits: [item] } }]);
    const made = pod('p');
    const bad = { ...made, spec: { ...made.spec, restartPolicy: 'x' } };
    expect(refusal(() => api.create(bad))).toMatch('Invalid 422: Pod "p" is invalid');
    const sizeless = claim('c', '1Gi', { resources: {} });
    expect(refusal(() => api.create(sizeless))).toMatch('Invalid 422: PersistentVolumeClaim "c"');
  });

  test('ephemeral storage fits or does not', () => {
    const api = server();
    api.create(quota({ 'requests.ephemeral-storage': '1Gi' }));
    const start = 'Forbidden 403: pods "p" is forbidden: ';
    const some = { requests: { 'ephemeral-storage': '600Mi' } };
    api.create(pod('first', some));
    expect(refusal(() => api.create(pod('p', some)))).toBe(
      `${start}exceeded quota: q, requested: requests.ephemeral-storage=600Mi, used: requests.ephemeral-storage=600Mi, limited: requests.ephemeral-storage=1Gi`,
    );
  });

  test('sidecars count beside the containers, and beside what comes after them', () => {
    const api = server();
    api.create(quota({ 'requests.ephemeral-storage': '3Gi' }));
    const container = (name: string, storage: string, more: object = {}) => ({
      name,
      image: 'busybox:1',
      resources: { requests: { 'ephemeral-storage': storage } },
      ...more,
    });
    const made = pod('p');
    const sidecar = container('s', '1Gi', { restartPolicy: 'Always' });
    const of = (init: string) => ({
      ...made,
      spec: {
        ...made.spec,
        initContainers: [sidecar, container('i', init)],
        containers: [container('c', '1Gi')],
      },
    });
    expect(refusal(() => api.create(of('2500Mi')))).toBe(
      'Forbidden 403: pods "p" is forbidden: exceeded quota: q, requested: requests.ephemeral-storage=3524Mi, used: requests.ephemeral-storage=0, limited: requests.ephemeral-storage=3Gi',
    );
    expect(refusal(() => api.create(of('2Gi')))).toBe('nothing was refused');
  });

  test('what is used stands in its status', () => {
    const cluster = createCluster();
    cluster.apply(quota({ 'requests.storage': '10Gi', pods: '5' }));
    cluster.apply([claim('a', '8Gi'), pod('p')]);
    cluster.settle();
    expect(cluster.get('ResourceQuota', 'q')?.status).toEqual({
      hard: { 'requests.storage': '10Gi', pods: '5' },
      used: { 'requests.storage': '8Gi', pods: '1' },
    });
    const scoped = { hard: { pods: '5' }, scopes: ['NotBestEffort'] };
    cluster.apply({ ...quota({}), metadata: { name: 's', ...METADATA }, spec: scoped });
    cluster.settle();
    expect(cluster.get('ResourceQuota', 's')?.status?.used?.['pods']).toBe('0');
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(cluster.get('ResourceQuota', 'q')?.status?.used?.['pods']).toBe('0');
  });
});

describe('Priority', () => {
  test('a Pod has the value of its class, and may not say another', () => {
    const api = server();
    api.create({
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'high' },
      value: 7,
    });
    const of = (name: string, priority?: number) => {
      const { spec, ...rest } = pod(name);
      return {
        ...rest,
        spec: { ...spec, priorityClassName: 'high', ...(priority !== undefined && { priority }) },
      };
    };
    api.create(of('p'));
    expect(api.get('Pod', 'p')?.spec.priority).toBe(7);
    expect(refusal(() => api.create(of('q', 8)))).toMatch(
      /priority admission controller computed 7/,
    );
  });

  test.each(['low', 'constructor'])('there is no class %s', (priorityClassName) => {
    const { spec, ...rest } = pod('p');
    const refused = refusal(() =>
      server().create({ ...rest, spec: { ...spec, priorityClassName } }),
    );
    expect(refused).toBe(
      `Forbidden 403: pods "p" is forbidden: no PriorityClass with name ${priorityClassName} was found`,
    );
  });
});

describe('NamespaceLifecycle', () => {
  test('nothing comes into a namespace that is not there', () => {
    const { metadata, ...rest } = pod('p');
    const inside = { ...rest, metadata: { ...metadata, namespace: 'nowhere' } };
    expect(refusal(() => server().create(inside))).toBe(
      'NotFound 404: namespaces "nowhere" not found',
    );
  });
});
