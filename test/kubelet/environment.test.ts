import { describe, expect, test } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../src/index.ts';
import { valueInFile } from '../../src/kubelet/pod/env-file.ts';

interface Fields {
  [field: string]: unknown;
}

/** What a file gives for a key, or what is wrong with it. */
function readValue(lines: string[], key: string, quoted: boolean): string {
  try {
    return valueInFile(lines.map((line) => `${line}\n`).join(''), key, quoted);
  } catch (error) {
    return `error: ${(error as Error).message}`;
  }
}

const AT = 'error: invalid environment variable format at line';

describe('files of variables until 1.34', () => {
  test.each<[string, string[], string, string]>([
    ['blanks before a name', ['  K1=v1', '\t\tK2=v2'], 'K2', 'v2'],
    ['blank lines and comments', ['# c', '', 'K1=foo', '  # c', '\t', 'K2=bar'], 'K2', 'bar'],
    ['blanks around = and at the end', ['K1 = v1  ', 'K2=  v2 '], 'K1', 'v1'],
    ['a name that is not there', ['K1=foo'], 'K3', ''],
    ['no value', ['K1=  ', 'K2=b'], 'K1', ''],
    ['# and = in a value', ['K1=a#b=c # d'], 'K1', 'a#b=c # d'],
    ['quotes and variables are only text', [`K1='$A'"\${B}"`], 'K1', `'$A'"\${B}"`],
    ['the first of two wins', ['K1=a', 'K1=b'], 'K1', 'a'],
    ['a value that goes on', ['K1=foo \\', 'bar   \\', '  baz  ', 'K2=x'], 'K1', 'foo bar baz'],
    ['what is behind the value is not looked at', ['K1=foo', 'WRONG'], 'K1', 'foo'],
    ['a line without =', ['K1=foo', 'WRONG', 'K2=x'], 'K2', `${AT} 2`],
    ['no name', ['=foo', 'K2=bar'], 'K2', `${AT} 1`],
    [
      'a blank line where it goes on',
      ['K1=a \\', '', 'b'],
      'K1',
      `${AT} 2: blank line in continuation`,
    ],
    [
      'a comment where it goes on',
      ['K1=a \\', '# c', 'b'],
      'K1',
      `${AT} 2: comment in continuation`,
    ],
    [
      'no more line',
      ['K1=a \\'],
      'K1',
      'error: unexpected end of file: unfinished line continuation',
    ],
  ])('%s', (_, lines, key, value) => {
    expect(readValue(lines, key, false)).toBe(value);
  });
});

describe('files of variables since 1.35', () => {
  test.each<[string, string[], string, string]>([
    ['blanks before a name', ["  K1='v1'", "\tK2='v2'"], 'K2', 'v2'],
    ['blank lines and comments', ['# c', '', "K1='foo'", '  # c', '\t', "K2='bar'"], 'K2', 'bar'],
    ['all between the quotes is only text', ["K1=' $A \"\\n# x= '"], 'K1', ' $A "\\n# x= '],
    ['a comment behind the quote', ["K1='v' # c", "K2='w'#c"], 'K2', 'w'],
    ['several lines', ["K1='a", '  b', '# c', "d' # e", "K2='x'"], 'K1', 'a\n  b\n# c\nd'],
    ['a name behind several lines', ["K1='a", "b'", "K2='x'"], 'K2', 'x'],
    ['a blank behind =', ["K1= 'v'", "K2='w'"], 'K1', ''],
    ['a blank behind the = of another', ["K1= 'v'", "K2='w'"], 'K2', 'w'],
    ['nothing between the quotes', ["K1=''"], 'K1', ''],
    ['a name that is not there', ["K1='foo'"], 'K3', ''],
    ['no quotes', ['K1=v'], 'K1', `${AT} 1: value must be enclosed in single quotes`],
    ['other quotes', ['K1="v"'], 'K1', `${AT} 1: value must be enclosed in single quotes`],
    ['nothing behind =', ['K1='], 'K1', `${AT} 1: value must be enclosed in single quotes`],
    ['a blank before =', ["K1 ='v'"], 'K1', `${AT} 1: whitespace before '=' is not allowed`],
    ['no name', ["='v'"], 'K1', `${AT} 1: empty variable name`],
    ['no =', ["K1='v'", 'WRONG', "K2='w'"], 'K2', `${AT} 2: missing '='`],
    ['more behind the quote', ["K1='v'w"], 'K1', `${AT} 1: unexpected content after closing quote`],
    [
      'no closing quote',
      ["K0='x'", "K1='a", 'b'],
      'K1',
      'error: invalid environment variable format starting at line 2: unclosed single quote',
    ],
  ])('%s', (_, lines, key, value) => {
    expect(readValue(lines, key, true)).toBe(value);
  });

  test('a line that is too long, and one that ends as on Windows', () => {
    expect(readValue([`K1='${'x'.repeat(65_536)}'`], 'K1', true)).toBe(
      'error: bufio.Scanner: token too long',
    );
    expect(readValue(["K1='v'\r"], 'K1', true)).toBe('v');
  });
});

const started = (objects: Fields[], options: ClusterOptions = {}): Cluster => {
  const cluster = createCluster(options);
  cluster.settle();
  for (const object of objects) cluster.apply(object);
  cluster.settle();
  return cluster;
};

const variable = (name: string, more: Fields = {}): Fields => ({
  name,
  valueFrom: { fileKeyRef: { volumeName: 'config', path: 'config.env', key: name, ...more } },
});

/** A Pod whose first container writes a file that the others have variables of. */
function podWith(script: string, env: Fields[], more: Fields = {}): Fields {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: {
      restartPolicy: 'Never',
      initContainers: [
        {
          name: 'setup',
          image: 'busybox',
          command: ['sh', '-c', script],
          volumeMounts: [{ name: 'config', mountPath: '/data' }],
        },
      ],
      containers: [{ name: 'c', image: 'busybox', command: ['env'], env, ...more }],
      volumes: [{ name: 'config', emptyDir: {} }],
    },
  };
}

const logOf = (cluster: Cluster): string[] =>
  cluster
    .pod('p')
    .container('c')
    .logs()
    .split('\n')
    .filter((line) => /^[A-Z]_/.test(line));

const waits = (cluster: Cluster): string => {
  const waiting = cluster.pod('p').object.status?.containerStatuses?.[0]?.state?.waiting;
  return `${waiting?.reason}: ${waiting?.message}`;
};

describe('fileKeyRef', () => {
  const WRITE = `echo "A_1='one'" > /data/config.env && echo "A_2='two'" >> /data/config.env`;

  test('a container has variables of a file in a volume that it does not mount', () => {
    const cluster = started([podWith(WRITE, [variable('A_2'), variable('A_1')])]);
    expect(cluster.pod('p').phase).toBe('Succeeded');
    expect(logOf(cluster)).toEqual(['A_2=two', 'A_1=one']);
  });

  test('other variables and subPathExpr may refer to them', () => {
    const env = [variable('A_1'), { name: 'B_1', value: '<$(A_1)>' }];
    const volumeMounts = [{ name: 'config', mountPath: '/m', subPathExpr: 'x-$(B_1)' }];
    const command = ['sleep', 'infinity'];
    const cluster = started([podWith(WRITE, env, { volumeMounts, command })]);
    const { path = '' } = cluster.pod('p').volume('config');
    expect(cluster.node().fs.readdirSync(path)).toEqual(['config.env', 'x-<one>']);
  });

  test('1.34 has another syntax, and only where the gate is on', () => {
    const pod = podWith('echo A_1=one > /data/config.env', [variable('A_1')]);
    const featureGates = { EnvFiles: true };
    expect(logOf(started([pod], { kubernetesVersion: '1.34', featureGates }))).toEqual(['A_1=one']);
    expect(waits(started([pod], { kubernetesVersion: '1.35' }))).toBe(
      "CreateContainerConfigError: couldn't parse env file",
    );
  });

  test('a name that is not in the file', () => {
    const cluster = started([podWith(WRITE, [variable('A_3')])]);
    const file = `${cluster.pod('p').volume('config').path}/config.env`;
    expect(waits(cluster)).toBe(
      `CreateContainerConfigError: environment variable key "A_3" not found in file "${file}"`,
    );
    cluster.node().fs.writeFileSync(file, "A_3='late'");
    cluster.advance('2m');
    expect(logOf(cluster)).toEqual(['A_3=late']);
  });

  test('optional means the name, not the file', () => {
    const env = [variable('A_1'), variable('A_3', { optional: true })];
    expect(logOf(started([podWith(WRITE, env)]))).toEqual(['A_1=one']);
    const missing = [variable('A_1', { path: 'none.env', optional: true })];
    expect(waits(started([podWith(WRITE, missing)]))).toBe(
      "CreateContainerConfigError: couldn't parse env file",
    );
  });

  test('links in the volume lead nowhere else', () => {
    const files = { '/etc/secret.env': "A_1='of the node'" };
    const cluster = createCluster({ nodes: [{ name: 'node-1', files }] });
    cluster.images.add('linker', (process) => {
      process.fs.symlinkSync('/etc/secret.env', '/data/config.env');
      process.fs.mkdirSync('/data/etc');
      process.fs.writeFileSync('/data/etc/secret.env', "A_1='of the volume'");
    });
    cluster.settle();
    const pod = podWith('', [variable('A_1')]);
    const [setup] = (pod['spec'] as { initContainers: Fields[] }).initContainers;
    Object.assign(setup as Fields, { image: 'linker', command: undefined });
    cluster.apply(pod);
    cluster.settle();
    expect(logOf(cluster)).toEqual(['A_1=of the volume']);
  });

  test('a volume that nobody mounts is not there', () => {
    const pod = podWith('true', [variable('A_1')]);
    (pod['spec'] as Fields)['initContainers'] = [];
    expect(waits(started([pod]))).toBe(
      'CreateContainerConfigError: cannot find the volume "config" referenced by FileKeyRef',
    );
  });
});

describe('envFrom', () => {
  const objects = [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'm' },
      data: { '1z': 'a', A_1: 'b', '1234': 'c' },
    },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { '1z': 'd' } },
  ];
  const sources = (prefix = ''): Fields[] => [
    { prefix, configMapRef: { name: 'm' } },
    { prefix, secretRef: { name: 's' } },
  ];
  const run = (envFrom: Fields[], kubernetesVersion: string): Cluster =>
    started([...objects, podWith('true', [], { envFrom })], { kubernetesVersion });
  const told = (cluster: Cluster): (string | undefined)[] =>
    cluster
      .events({ involved: 'Pod/p', reason: 'InvalidEnvironmentVariableNames' })
      .map(({ type, message }) => `${type} ${message}`);
  const printed = (cluster: Cluster): string[] =>
    cluster
      .pod('p')
      .container('c')
      .logs()
      .split('\n')
      .filter((line) => /^(A_|P_|1)/.test(line));

  test('until 1.29 keys that are no names of variables are skipped, and told', () => {
    const cluster = run(sources(), '1.29');
    expect(printed(cluster)).toEqual(['A_1=b']);
    const why = 'were skipped since they are considered invalid environment variable names.';
    expect(told(cluster)).toEqual([
      `Warning Keys [1234, 1z] from the EnvFrom configMap default/m ${why}`,
      `Warning Keys [1z] from the EnvFrom secret default/s ${why}`,
    ]);
  });

  test('with a prefix they are names', () => {
    const cluster = run(sources('P_'), '1.29');
    expect(printed(cluster).sort()).toEqual(['P_1234=c', 'P_1z=d', 'P_A_1=b']);
    expect(told(cluster)).toEqual([]);
  });

  test('since 1.30 every key is a name', () => {
    const cluster = run(sources(), '1.30');
    expect(printed(cluster).sort()).toEqual(['1234=c', '1z=d', 'A_1=b']);
    expect(told(cluster)).toEqual([]);
  });
});

describe('resourceFieldRef', () => {
  // 4Gi, less the 100Mi that evictionHard keeps.
  const MEMORY = 4 * 2 ** 30 - 100 * 2 ** 20;
  const limit = (name: string, resource: string, containerName?: string): Fields => ({
    name,
    valueFrom: { resourceFieldRef: { resource: `limits.${resource}`, containerName } },
  });
  const run = (env: Fields[], spec: Fields, kubernetesVersion = '1.34'): string[] => {
    const pod = podWith('true', env);
    const capacity = { cpu: '6', memory: '4Gi', ephemeralStorage: '1Gi' };
    Object.assign(pod['spec'] as Fields, spec);
    return logOf(started([pod], { kubernetesVersion, nodes: [{ name: 'node-1', capacity }] }));
  };
  const all = [limit('L_C', 'cpu'), limit('L_M', 'memory'), limit('L_E', 'ephemeral-storage')];
  const resources = { limits: { cpu: '1500m', memory: '64Mi' } };

  test('a container without limits has those of its Pod as a whole, since 1.34', () => {
    const ofPod = run(all, { resources });
    expect(ofPod).toEqual(['L_C=2', 'L_M=67108864', expect.stringMatching(/^L_E=[1-9]/)]);
    const [cpu, memory, storage] = run(all, {});
    expect(ofPod[2]).toBe(storage);
    expect([cpu, memory]).toEqual(['L_C=6', `L_M=${MEMORY}`]);
  });

  test('a limit that the Pod does not say is what the node can allocate', () => {
    expect(run(all, { resources: { limits: { cpu: '2' } } })[1]).toBe(`L_M=${MEMORY}`);
  });

  test('of a container that is named; one that starts the Pod has no default', () => {
    const env = [limit('L_A', 'memory', 'c'), limit('L_B', 'memory', 'setup')];
    expect(run(env, {})).toEqual([`L_A=${MEMORY}`, 'L_B=0']);
  });
});
