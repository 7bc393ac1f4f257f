import { describe, expect, test } from 'vitest';
import { ApiError, type ApiServer } from '../../src/api/index.ts';
import { server } from './validation/refusals.ts';

const deployment = (spec: object = {}, pod: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd', namespace: 'default' },
  spec: {
    selector: { matchLabels: { a: 'b' } },
    template: {
      metadata: { labels: { a: 'b' } },
      spec: { containers: [{ name: 'c', image: 'i' }], ...pod },
    },
    ...spec,
  },
});

const configMap = (data: object) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'default' },
  data,
});

function podSpec(api: ApiServer) {
  const spec = api.get('Deployment', 'd')?.spec.template.spec;
  if (!spec) throw new Error('no Deployment d');
  return spec;
}

function refusal(action: () => unknown): string {
  try {
    action();
    return '';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.reason}: ${error.message}`;
  }
}

const names = (list: readonly { name?: string }[] | undefined): unknown[] | undefined =>
  list?.map(({ name }) => name);

describe('apply', () => {
  test('takes away what the last apply had and this one has not, and leaves what others set', () => {
    const api = server();
    api.apply(configMap({ mine: '1', gone: '2' }));
    api.patch('ConfigMap', 'a', { data: { others: '3' }, metadata: { labels: { by: 'other' } } });
    api.apply(configMap({ mine: '4' }));
    const { data, metadata } = api.get('ConfigMap', 'a') ?? {};
    expect(data).toEqual({ mine: '4', others: '3' });
    expect(metadata?.labels).toEqual({ by: 'other' });
    const last = metadata?.annotations?.['kubectl.kubernetes.io/last-applied-configuration'];
    expect(JSON.parse(last ?? '')).toMatchObject({ data: { mine: '4' } });
  });

  test('lists are merged by their keys: containers and volumes by name, mounts by path, ports by number', () => {
    const api = server();
    const container = (volumeMounts: object[]) => ({ name: 'c', image: 'i', volumeMounts });
    const mount = (name: string) => ({ name, mountPath: `/${name}` });
    const volume = (name: string) => ({ name, emptyDir: {} });
    const of = (...volumes: string[]) =>
      deployment({}, { containers: [container(volumes.map(mount))], volumes: volumes.map(volume) });
    api.apply(of('x', 'y'));
    const sidecar = { name: 'sidecar', image: 's' };
    const added = { spec: { template: { spec: { containers: [sidecar] } } } };
    api.patch('Deployment', 'd', added, { type: 'strategic' });
    expect(names(podSpec(api).containers)).toEqual(['sidecar', 'c']);
    api.apply(of('y', 'z'));
    expect(names(podSpec(api).volumes)).toEqual(['y', 'z']);
    expect(new Set(names(podSpec(api).containers))).toEqual(new Set(['c', 'sidecar']));
    const c = podSpec(api).containers.find(({ name }) => name === 'c');
    expect(c?.volumeMounts?.map(({ mountPath }) => mountPath)).toEqual(['/y', '/z']);
  });

  test('of an object that was created otherwise it becomes the applier, and says so', () => {
    const said: string[] = [];
    const api = server({ onWarning: (text) => said.push(text) });
    api.create(configMap({ x: '1' }));
    api.apply(configMap({ y: '2' }));
    expect(api.get('ConfigMap', 'a')?.data).toEqual({ x: '1', y: '2' });
    const start = /^resource configmaps\/a is missing the .*last-applied-configuration annotation/;
    expect(said).toEqual([expect.stringMatching(start)]);
    api.apply(configMap({ y: '3' }));
    expect(said).toHaveLength(1);
  });

  test('what was applied is noted as it was given, in its namespace', () => {
    const api = server();
    const { metadata, ...rest } = configMap({ x: '<&>' });
    api.apply({ ...rest, metadata: { name: metadata.name } });
    const noted = api.get('ConfigMap', 'a')?.metadata.annotations;
    expect(noted?.['kubectl.kubernetes.io/last-applied-configuration']).toBe(
      '{"apiVersion":"v1","data":{"x":"\\u003c\\u0026\\u003e"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"a","namespace":"default"}}\n',
    );
  });

  test('null takes away what others set', () => {
    const api = server();
    api.apply(configMap({ x: '1' }));
    api.patch('ConfigMap', 'a', { data: { others: '2' } });
    api.apply(configMap({ x: '1', others: null }));
    expect(api.get('ConfigMap', 'a')?.data).toEqual({ x: '1' });
  });

  test('another strategy of a Deployment takes what belonged to the one before along', () => {
    const api = server();
    const rollingUpdate = { maxSurge: 2, maxUnavailable: 0 };
    api.apply(deployment({ strategy: { type: 'RollingUpdate' } }));
    api.patch('Deployment', 'd', { spec: { strategy: { rollingUpdate } } });
    api.apply(deployment({ strategy: { type: 'RollingUpdate' } }));
    expect(api.get('Deployment', 'd')?.spec.strategy).toMatchObject({ rollingUpdate });
    api.apply(deployment({ strategy: { type: 'Recreate' } }));
    expect(api.get('Deployment', 'd')?.spec.strategy).toEqual({ type: 'Recreate' });
  });

  test('of an object that is being deleted says so', () => {
    const said: string[] = [];
    const api = server({ onWarning: (text) => said.push(text) });
    const held = configMap({});
    const metadata = { ...held.metadata, finalizers: ['a.b/hold'] };
    api.apply({ ...held, metadata });
    api.delete('ConfigMap', 'a');
    api.apply({ ...held, metadata, data: { x: '1' } });
    expect(said).toEqual([
      'Detected changes to resource configmaps/a which is currently being deleted.',
    ]);
  });

  test('the same twice changes nothing', () => {
    const api = server();
    const [first] = api.apply(deployment());
    const [second] = api.apply(deployment());
    expect(second?.metadata.resourceVersion).toBe(first?.metadata.resourceVersion);
  });
});

describe('strategic patches', () => {
  const patched = (pod: object, spec: object): ApiServer => {
    const api = server();
    api.create(deployment({}, pod));
    api.patch('Deployment', 'd', { spec: { template: { spec } } }, { type: 'strategic' });
    return api;
  };
  const volumes = [
    { name: 'x', emptyDir: {} },
    { name: 'y', emptyDir: {} },
  ];

  test('$patch: delete takes an entry out of a list, $patch: replace puts another list there', () => {
    const without = patched({ volumes }, { volumes: [{ name: 'x', $patch: 'delete' }] });
    expect(names(podSpec(without).volumes)).toEqual(['y']);
    const z = { name: 'z', emptyDir: {} };
    const replaced = patched({ volumes }, { volumes: [z, { $patch: 'replace' }] });
    expect(names(podSpec(replaced).volumes)).toEqual(['z']);
  });

  test('$retainKeys: another source takes the place of the one before', () => {
    const change = { name: 'x', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/p' } };
    const api = patched({ volumes }, { volumes: [change] });
    expect(podSpec(api).volumes?.find(({ name }) => name === 'x')).toEqual({
      name: 'x',
      hostPath: { path: '/p', type: '' },
    });
  });

  test('$setElementOrder puts a list in order', () => {
    const api = patched(
      { volumes },
      {
        '$setElementOrder/volumes': [{ name: 'y' }, { name: 'x' }],
        volumes: [{ name: 'x', emptyDir: { medium: 'Memory' } }],
      },
    );
    expect(names(podSpec(api).volumes)).toEqual(['y', 'x']);
  });

  test('$deleteFromPrimitiveList takes values out of a list of values', () => {
    const api = server();
    const finalizers = ['a.b/one', 'a.b/two'];
    api.create({ ...configMap({}), metadata: { name: 'a', namespace: 'default', finalizers } });
    const patch = { metadata: { '$deleteFromPrimitiveList/finalizers': ['a.b/one'] } };
    api.patch('ConfigMap', 'a', patch, { type: 'strategic' });
    expect(api.get('ConfigMap', 'a')?.metadata.finalizers).toEqual(['a.b/two']);
  });

  test('what belongs to the patch itself is not stored', () => {
    const marked = [
      { name: 'x', emptyDir: {} },
      { name: 'y', $patch: 'delete' },
    ];
    expect(podSpec(patched({}, { volumes: marked })).volumes).toEqual([
      { name: 'x', emptyDir: {} },
    ]);
    const affinity = { nodeAffinity: { $patch: 'replace', a: 1 } };
    expect(podSpec(patched({}, { affinity })).affinity).toEqual({});
  });

  test.each([
    [{ volumes: [{ name: 'x', $patch: 'foo' }] }, 'unknown patch type: foo in map: '],
    [{ $patch: {} }, 'unknown patch type: {} in map: {"$patch":{}}'],
    [{ $patch: 'foo' }, 'unknown patch type: foo in map: {"$patch":"foo"}'],
    [{ volumes: [{ name: 'x', $patch: 'merge' }] }, 'merging lists cannot yet be specified in'],
    [{ volumes: [{ emptyDir: {} }] }, 'does not contain declared merge key: name'],
    [{ $retainKeys: ['volumes'], nodeName: 'n' }, 'invalid patch format of retainKeys'],
    [{ $retainKeys: 'volumes' }, 'invalid patch format of retainKeys'],
  ])('%j is refused', (spec, message) => {
    expect(refusal(() => patched({ volumes }, spec))).toContain(`BadRequest: `);
    expect(refusal(() => patched({ volumes }, spec))).toContain(message);
  });

  test('null takes a field away; lists without a key are replaced', () => {
    const api = patched({ nodeSelector: { a: 'b', c: 'd' } }, { nodeSelector: { a: null } });
    expect(podSpec(api).nodeSelector).toEqual({ c: 'd' });
    const containers = [{ name: 'c', image: 'i', args: ['one', 'two'] }];
    const args = patched({ containers }, { containers: [{ name: 'c', args: ['three'] }] });
    expect(podSpec(args).containers[0]?.args).toEqual(['three']);
  });
});

describe('merge patches (RFC 7396)', () => {
  test('objects are merged, null removes, lists are replaced', () => {
    const api = server();
    api.create(deployment({}, { volumes: [{ name: 'x', emptyDir: {} }] }));
    const volumes = [{ name: 'y', emptyDir: {} }];
    api.patch('Deployment', 'd', { spec: { template: { spec: { volumes } } } });
    expect(names(podSpec(api).volumes)).toEqual(['y']);
    api.patch('Deployment', 'd', { spec: { template: { spec: { volumes: null } } } });
    expect(podSpec(api).volumes).toBe(undefined);
  });

  test('an odd key is a key', () => {
    const api = server();
    api.create(configMap({ x: '1' }));
    const patch = JSON.parse('{"data":{"__proto__":"2"}}') as object;
    expect(refusal(() => api.patch('ConfigMap', 'a', patch))).toBe('');
    expect(Object.keys(api.get('ConfigMap', 'a')?.data ?? {})).toEqual(['x', '__proto__']);
    expect(({} as Record<string, unknown>)['2']).toBe(undefined);
  });
});

describe('a patch is of one object, and leaves it that', () => {
  test.each([
    [
      { metadata: { name: 'b' } },
      'BadRequest: the name of the object (b) does not match the name on the URL (a)',
    ],
    [
      { metadata: { namespace: 'n' } },
      'BadRequest: the namespace of the object (n) does not match the namespace on the request (default)',
    ],
    [
      { kind: 'Secret' },
      'BadRequest: the type in the data (/v1, Kind=Secret) is not the one that is patched (/v1, Kind=ConfigMap)',
    ],
    [
      { metadata: { uid: 'x' } },
      /^Conflict: .*"a": Precondition failed: UID in precondition: x, UID in object meta: /,
    ],
  ])('%j', (patch, message) => {
    const api = server();
    api.create(configMap({ x: '1' }));
    const said = refusal(() => api.patch('ConfigMap', 'a', patch));
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });
});

describe('JSON patches (RFC 6902)', () => {
  const patched = (...operations: object[]): unknown => {
    const api = server();
    api.create({
      ...configMap({ x: '1' }),
      metadata: { ...configMap({}).metadata, labels: { 'a/b': '2' } },
    });
    const said = refusal(() => api.patch('ConfigMap', 'a', operations, { type: 'json' }));
    const { data, metadata } = api.get('ConfigMap', 'a') ?? {};
    return said || { ...data, ...metadata?.labels };
  };

  test.each([
    [[{ op: 'add', path: '/data/y', value: '3' }], { x: '1', 'a/b': '2', y: '3' }],
    [[{ op: 'replace', path: '/metadata/labels/a~1b', value: '3' }], { x: '1', 'a/b': '3' }],
    [[{ op: 'remove', path: '/data/x' }], { 'a/b': '2' }],
    [[{ op: 'move', from: '/data/x', path: '/data/z' }], { 'a/b': '2', z: '1' }],
    [[{ op: 'copy', from: '/data/x', path: '/data/z' }], { x: '1', 'a/b': '2', z: '1' }],
    [[{ op: 'test', path: '/data/x', value: '1' }], { x: '1', 'a/b': '2' }],
  ])('%j', (operations, data) => {
    expect(patched(...operations)).toEqual(data);
  });

  test.each([
    [{ op: 'test', path: '/data/x', value: '2' }, /^Invalid: .*testing value \/data\/x failed/],
    [{ op: 'remove', path: '/data/none' }, /^Invalid: /],
    [{ op: 'dance', path: '/data' }, /^(Invalid|BadRequest): /],
    [{ op: 'add', path: 'data' }, /^(Invalid|BadRequest): /],
  ])('%j is refused', (operation, message) => {
    expect(patched(operation)).toMatch(message);
  });
});
