import { describe, expect, test } from 'vitest';
import { ApiError, type ApiServer, type Manifest } from '../../src/api/index.ts';
import { type ClusterOptions, createCluster } from '../../src/index.ts';
import { server } from './validation/refusals.ts';

const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';

/** The refusal, or what came of it. */
function outcome(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.reason} ${error.code}: ${error.message}`;
  }
}

const apply = (text: Manifest, api: ApiServer = server()): unknown =>
  outcome(() => api.apply(text));
const data = (text: string): unknown =>
  outcome(() => (server().apply(text)[0] as unknown as { data: unknown }).data);

describe('YAML', () => {
  test.each([
    ['Windows line ends', `${HEAD}data: { x: "1" }\n`.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${HEAD}data: { x: "1" }\n`],
    ['comments', `# before\n${HEAD}data: # here\n  x: "1" # and here\n`],
    ['anchors and aliases', `${HEAD}data: { x: &one "1", z: *one }\n`],
    ['merge keys', `${HEAD}data: { <<: { x: "1" }, z: "1" }\n`],
    ['JSON', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"1"}}'],
  ])('may have %s', (_, text) => {
    expect(data(text)).toMatchObject({ x: '1' });
  });

  test.each([
    ['0644', 420],
    ['0o644', 420],
    ['0x1A4', 420],
    ['0b110', 6],
    ['1_000', 1000],
    ['yes', true],
    ['off', false],
    ['~', undefined],
    ['1e3', 1000],
    ['08', 8],
    ['e1', 'e1'],
    ['.', '.'],
    ['1e999', '1e999'],
    ['2001-12-14', '2001-12-14'],
    ['12:30:45', '12:30:45'],
    ['-0x10', -16],
    ['+12', 12],
    ['-0', 0],
    ['.5', 0.5],
    ['1_0.5', 10.5],
    ['!!str 5', '5'],
    ['!!int "5"', 5],
    ['n', false],
    ['none', 'none'],
    ['0xg', '0xg'],
    ['1.2.3', '1.2.3'],
    ['"yes"', 'yes'],
    ["'0644'", '0644'],
  ])('%s is read as Kubernetes reads it: %j', (text, value) => {
    const thing = `apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: a }\nspec:\n  x: ${text}\n`;
    const [object] = server().apply(thing) as unknown as { spec: { x: unknown } }[];
    expect(object?.spec.x ?? undefined).toBe(value);
  });

  test('a list of one kind need not say of which its entries are', () => {
    const list = 'apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: { name: c }\n';
    expect(server().apply(list)).toMatchObject([{ kind: 'ConfigMap', metadata: { name: 'c' } }]);
    expect(apply('apiVersion: v1\nkind: List\n')).toEqual([]);
  });

  test('3 MiB is the limit of one document, not of all', () => {
    const third = (name: string): string =>
      `${HEAD.replace('name: a', `name: ${name}`)}# ${'x'.repeat(1_500_000)}\n`;
    expect(apply(`${third('a')}---\n${third('b')}---\n${third('c')}`)).toHaveLength(3);
  });

  test('several documents, empty ones passed over, and lists', () => {
    const second = HEAD.replace('name: a', 'name: b');
    const list = `apiVersion: v1\nkind: List\nitems:\n- { apiVersion: v1, kind: ConfigMap, metadata: { name: c } }\n`;
    const names = server()
      .apply(`---\n${HEAD}---\n---\n# nothing\n---\n${second}---\n${list}`)
      .map(({ metadata }) => metadata.name);
    expect(names).toEqual(['a', 'b', 'c']);
  });

  test.each([
    ['a: [b\n', /^BadRequest 400: error converting YAML to JSON: yaml: line 2: .* \(column 1\)$/],
    [
      `${HEAD}data: { a: b, a: c }\n`,
      /^BadRequest 400: error converting YAML to JSON: yaml: unmarshal errors:\n {2}line 4: key "a" already set in map \(column 15\)$/,
    ],
    [
      `${HEAD}data: { a: *nothing }\n`,
      "BadRequest 400: error converting YAML to JSON: yaml: line 4: unknown anchor 'nothing' referenced",
    ],
    [
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"volumes":[{"name":"v","name":"w"}]}}',
      'BadRequest 400: Pod in version "v1" cannot be handled as a Pod: strict decoding error: duplicate field "spec.volumes[0].name"',
    ],
    [
      'just text\n',
      'BadRequest 400: json: cannot unmarshal string into Go value of type map[string]interface {}',
    ],
    ['kind: ConfigMap\n', /^BadRequest 400: Object 'apiVersion' is missing in /],
    ['apiVersion: v1\n', /^BadRequest 400: Object 'Kind' is missing in /],
    ['apiVersion: a/b/c\nkind: D\n', 'BadRequest 400: unexpected GroupVersion string: a/b/c'],
    [
      'apiVersion: v1\nkind: List\nitems: {}\n',
      'BadRequest 400: json: cannot unmarshal object into Go struct field List.items of type []runtime.RawExtension',
    ],
  ])('that is wrong says where: %j', (text, message) => {
    const said = apply(text);
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });

  test('a billion laughs, and a text without end, are refused', () => {
    let laughs = 'l0: &l0 ha\n';
    for (let i = 1; i < 20; i++) {
      laughs += `l${i}: &l${i} [${Array(9)
        .fill(`*l${i - 1}`)
        .join(', ')}]\n`;
    }
    expect(apply(`${HEAD}${laughs}`)).toBe(
      'BadRequest 400: error converting YAML to JSON: yaml: document contains excessive aliasing',
    );
    expect(apply(`${HEAD}data: { a: ${'x'.repeat(4e6)} }\n`)).toBe(
      'RequestEntityTooLarge 413: Request entity too large: limit is 3145728',
    );
  });
});

const pod = (spec: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: ${spec}\n`;
const container = 'containers: [{ name: c, image: i }]';
const START = 'BadRequest 400: Pod in version "v1" cannot be handled as a Pod: ';

describe('fields', () => {
  test('unknown ones are all named', () => {
    expect(apply(pod(`{ ${container}, volumes: [{ name: v, emptydir: {} }], hostname2: x }`))).toBe(
      `${START}strict decoding error: unknown field "spec.volumes[0].emptydir", unknown field "spec.hostname2"`,
    );
  });

  test.each([
    [
      '{ containers: c }',
      'string into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      `{ ${container}, hostNetwork: "yes" }`,
      'string into Go struct field PodSpec.spec.hostNetwork of type bool',
    ],
    [
      `{ ${container}, nodeName: 5 }`,
      'number into Go struct field PodSpec.spec.nodeName of type string',
    ],
    [
      `{ ${container}, activeDeadlineSeconds: 1.5 }`,
      'number 1.5 into Go struct field PodSpec.spec.activeDeadlineSeconds of type int64',
    ],
    [
      `{ ${container}, nodeSelector: [a] }`,
      'array into Go struct field PodSpec.spec.nodeSelector of type map[string]string',
    ],
    [
      `{ ${container}, restartPolicy: no }`,
      'bool into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy',
    ],
    [
      '{ containers: [{ name: c, image: i, resources: { limits: 5 } }] }',
      'number into Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList',
    ],
    [
      `{ ${container}, volumes: [{ name: v, emptyDir: { medium: [] } }] }`,
      'array into Go struct field EmptyDirVolumeSource.spec.volumes.emptyDir.medium of type v1.StorageMedium',
    ],
  ])('of a wrong type: %s', (spec, message) => {
    expect(apply(pod(spec))).toBe(`${START}json: cannot unmarshal ${message}`);
  });

  test('a list of texts that have a type of their own in Go', () => {
    const claim = (accessModes: unknown): Manifest => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'c' },
      spec: { accessModes },
    });
    const field = 'Go struct field PersistentVolumeClaimSpec.spec.accessModes of type ';
    const mode = 'v1.PersistentVolumeAccessMode';
    expect(apply(claim('ReadWriteOnce'))).toMatch(`unmarshal string into ${field}[]${mode}`);
    expect(apply(claim([1]))).toMatch(`unmarshal number into ${field}${mode}`);
  });

  test.each([
    [
      `{ ${container}, volumes: [{ name: v, emptyDir: { sizeLimit: 1GB } }] }`,
      'spec.volumes[0].emptyDir.sizeLimit',
    ],
    [`{ ${container}, tolerations: [{}, { key: [] }] }`, 'spec.tolerations[1].key'],
    ['{ containers: [c] }', 'spec.containers[0]'],
  ])('the cause names the field, where the words do not: %s', (spec, field) => {
    const cause = expect.objectContaining({ field, reason: 'FieldValueInvalid' });
    const expected = { causes: [cause] };
    expect(() => server().apply(pod(spec))).toThrow(expect.objectContaining(expected));
  });

  test('quantities are canonical, or refused', () => {
    const limit = (memory: string): string =>
      pod(`{ containers: [{ name: c, image: i, resources: { limits: { memory: ${memory} } } }] }`);
    const [stored] = server().apply(limit('1024Mi')) as unknown as { spec: PodSpecOf }[];
    expect(stored?.spec.containers[0]?.resources.limits).toEqual({ memory: '1Gi' });
    expect(apply(limit('much'))).toMatch(/quantities must match the regular expression/);
  });

  test('null is nothing', () => {
    expect(data(`${HEAD}data: null\nbinaryData: { a: null }\n`)).toBe(undefined);
  });

  test('those of a newer version are unknown to an older', () => {
    const text = pod(`{ ${container}, volumes: [{ name: v, emptyDir: { sizeLimit: 1Gi } }] }`);
    expect(apply(text, server({ version: '1.6' }))).toMatch(/unknown field "spec\.volumes\[0\]/);
    const gates = { LocalStorageCapacityIsolation: true };
    expect(apply(text, server({ version: '1.7', gates }))).toHaveLength(1);
  });
});

interface PodSpecOf {
  containers: { resources: { limits: Record<string, string> } }[];
}

describe('what is no JSON', () => {
  const object = (data: unknown): object => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a' },
    data,
  });
  const cyclic: Record<string, unknown> = {};
  cyclic['again'] = cyclic;
  let deep: unknown = 'x';
  for (let i = 0; i < 2000; i++) deep = [deep];

  test.each([
    ['a value that contains itself', cyclic, 'json: a value contains itself (data.again)'],
    ['a value too deep', deep, 'json: exceeded max depth'],
    ['a function', { x: () => 1 }, 'json: unsupported type: function (data.x)'],
    ['a bigint', { x: 1n }, 'json: unsupported type: bigint (data.x)'],
    ['a number that is none', { x: Number.NaN }, 'json: unsupported value: NaN (data.x)'],
  ])('%s', (_, data, message) => {
    expect(outcome(() => server().apply(object(data)))).toBe(`BadRequest 400: ${message}`);
  });

  test('a text too deep', () => {
    const text = `${HEAD}data: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`;
    expect(apply(text)).toMatch(/^BadRequest 400: .*exceeded max depth$/);
  });
});

describe('fieldValidation, as kubectl --validate', () => {
  const text = `${HEAD}metadata2: {}\n`;
  const warnings = (options: ClusterOptions, given = text): unknown[] => {
    const cluster = createCluster(options);
    cluster.settle();
    cluster.apply(given);
    expect(cluster.get('ConfigMap', 'a')).not.toHaveProperty('metadata2');
    return cluster.trace.records.flatMap((record) =>
      record.type === 'log' && record.who === 'kube-apiserver' ? [record.message] : [],
    );
  };

  test('warn notes it, ignore does not, and both leave it out', () => {
    expect(warnings({ fieldValidation: 'warn' })).toEqual(['unknown field "metadata2"']);
    expect(warnings({ fieldValidation: 'ignore' })).toEqual([]);
    const twice = `${HEAD}data: { x: "1", x: "2" }\n`;
    expect(warnings({ fieldValidation: 'warn' }, twice)).toEqual(['duplicate field "data.x"']);
    expect(warnings({ fieldValidation: 'ignore' }, twice)).toEqual([]);
    expect(() => createCluster({ fieldValidation: 'maybe' as 'warn' })).toThrow(
      `createCluster: fieldValidation: "maybe" is none of 'strict', 'warn' and 'ignore'`,
    );
  });
});

test.each([
  [5, 'not number'],
  [null, 'not null'],
  [undefined, 'not undefined'],
  [() => 1, 'not function'],
])('%j is no manifest', (value, what) => {
  expect(outcome(() => server().apply(value as never))).toBe(
    `BadRequest 400: a manifest is YAML text, an object or a list, ${what}`,
  );
});
