import { describe, expect, test } from 'vitest';
import { ApiError } from '../../../src/api/index.ts';
import {
  container,
  containerErrors,
  pod,
  podErrors,
  refusals,
  server,
  updateErrors,
  volumeErrors,
} from './refusals.ts';

const IDS = 'must be between 0 and 2147483647, inclusive';

describe('7.1 users and groups', () => {
  test.each(['fsGroup', 'runAsUser', 'runAsGroup'])('the Pod’s %s', (field) => {
    expect(podErrors({ securityContext: { [field]: -1 } })).toEqual([
      `spec.securityContext.${field}: Invalid value: -1: ${IDS}`,
    ]);
    expect(podErrors({ securityContext: { [field]: 2 ** 31 } })).toHaveLength(1);
    expect(podErrors({ securityContext: { [field]: 2 ** 31 - 1 } })).toEqual([]);
  });

  test('each of supplementalGroups', () => {
    expect(podErrors({ securityContext: { supplementalGroups: [0, -5] } })).toEqual([
      `spec.securityContext.supplementalGroups[1]: Invalid value: -5: ${IDS}`,
    ]);
  });

  test('fsGroupChangePolicy', () => {
    expect(podErrors({ securityContext: { fsGroupChangePolicy: 'Never' } })).toEqual([
      'spec.securityContext.fsGroupChangePolicy: Unsupported value: "Never": supported values: "Always", "OnRootMismatch"',
    ]);
  });

  test('a container’s', () => {
    const securityContext = { runAsUser: -1, privileged: true, allowPrivilegeEscalation: false };
    expect(containerErrors({ securityContext })).toEqual([
      `.securityContext.runAsUser: Invalid value: -1: ${IDS}`,
      '.securityContext: Invalid value: {"runAsUser":-1,"privileged":true,"allowPrivilegeEscalation":false}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
    ]);
  });
});

describe('7.2 operating systems', () => {
  const windows = 'Forbidden: cannot be set for a windows pod';

  test('Windows has no users and modes of Linux, in upstream’s order', () => {
    const securityContext = {
      runAsUser: 1,
      fsGroup: 1,
      seLinuxOptions: {},
      supplementalGroups: [1],
    };
    expect(podErrors({ os: { name: 'windows' }, securityContext, hostPID: true })).toEqual([
      `spec.securityContext.seLinuxOptions: ${windows}`,
      `spec.hostPID: ${windows}`,
      `spec.securityContext.fsGroup: ${windows}`,
      `spec.securityContext.runAsUser: ${windows}`,
      `spec.securityContext.supplementalGroups: ${windows}`,
    ]);
  });

  test('nor have its containers, so that none is privileged', () => {
    const securityContext = { privileged: false, readOnlyRootFilesystem: true };
    expect(
      podErrors({ os: { name: 'windows' }, containers: [container({ securityContext })] }),
    ).toEqual([
      `spec.containers[0].securityContext.readOnlyRootFilesystem: ${windows}`,
      `spec.containers[0].securityContext.privileged: ${windows}`,
    ]);
  });

  test('Linux has no windowsOptions', () => {
    const securityContext = { windowsOptions: {} };
    expect(podErrors({ os: { name: 'linux' }, securityContext })).toEqual([
      'spec.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod',
    ]);
  });

  test('there are two', () => {
    expect(podErrors({ os: { name: 'plan9' } })).toEqual([
      'spec.os: Unsupported value: "plan9": supported values: "linux", "windows"',
    ]);
    expect(podErrors({ os: {} })).toEqual(['spec.os.name: Required value: cannot be empty']);
  });

  test('any volume goes with any', () => {
    const volumes = [{ name: 'v', hostPath: { path: '/', type: 'Socket' } }];
    expect(podErrors({ os: { name: 'windows' }, volumes })).toEqual([]);
  });
});

describe('7.3 ephemeral containers', () => {
  const volumes = [{ name: 'v', emptyDir: {} }];
  const add = (...added: object[]): string[] =>
    updateErrors(
      { volumes },
      ({ spec }) => {
        spec.ephemeralContainers = [...(spec.ephemeralContainers ?? []), ...(added as never[])];
      },
      { subresource: 'ephemeralcontainers' },
    );
  const debug = { name: 'd', image: 'busybox:1' };
  const E = 'spec.ephemeralContainers[0]';
  const never = 'Forbidden: cannot be set for an Ephemeral Container';

  test('they mount volumes of the Pod, but no part of one', () => {
    const mount = { name: 'v', mountPath: '/v' };
    expect(add({ ...debug, volumeMounts: [mount] })).toEqual([]);
    expect(add({ ...debug, volumeMounts: [{ ...mount, subPath: '/a' }] })).toEqual([
      `${E}.volumeMounts.subPath: Invalid value: "/a": must be a relative path`,
      `${E}.volumeMounts[0].subPath: ${never}`,
    ]);
    expect(add({ ...debug, volumeMounts: [{ ...mount, subPathExpr: 'a' }] })).toEqual([
      `${E}.volumeMounts[0].subPathExpr: ${never}`,
    ]);
    expect(add({ ...debug, volumeMounts: [{ ...mount, name: 'w' }] })).toEqual([
      `${E}.volumeMounts[0].name: Not found: "w"`,
    ]);
  });

  test('they serve nobody', () => {
    const ports = [{ containerPort: 80 }];
    const resources = { requests: { cpu: '1' } };
    expect(add({ ...debug, ports, resources })).toEqual([
      `${E}.ports: ${never}`,
      `${E}.resources: ${never}`,
    ]);
  });

  test('names and targets', () => {
    expect(add({ ...debug, name: 'c' })).toEqual([`${E}.name: Duplicate value: "c"`]);
    expect(add({ ...debug, targetContainerName: 'x' })).toEqual([
      `${E}.targetContainerName: Not found: "x"`,
    ]);
  });

  test('they are not there from the start', () => {
    expect(podErrors({ ephemeralContainers: [debug] })).toEqual([
      'spec.ephemeralContainers: Forbidden: cannot be set on create',
    ]);
  });

  test('what is there stays', () => {
    const api = server();
    api.create(pod());
    const options = { subresource: 'ephemeralcontainers' } as const;
    const set = (list: object[]): string[] =>
      refusals(() =>
        api.edit(
          'Pod',
          'p',
          ({ spec }) => void (spec.ephemeralContainers = list as never[]),
          options,
        ),
      );
    expect(set([debug])).toEqual([]);
    expect(set([{ ...debug, name: 'e' }])).toEqual([
      'spec.ephemeralContainers: Forbidden: existing ephemeral containers "d" may not be removed\n',
    ]);
    expect(set([{ ...debug, image: 'other' }])[0]).toMatch(
      /^spec\.ephemeralContainers: Forbidden: existing ephemeral containers "d" may not be changed\n- image: "busybox:1"\n\+ image: "other"/,
    );
    expect(set([{ ...debug, name: 'e' }, debug])).toEqual([]);
  });

  test('static Pods have none', () => {
    const api = server();
    const annotations = { 'kubernetes.io/config.mirror': 'x' };
    api.create(pod({ nodeName: 'n' }, { annotations }));
    const change = (): unknown =>
      api.edit('Pod', 'p', ({ spec }) => void (spec.ephemeralContainers = [debug]), {
        subresource: 'ephemeralcontainers',
      });
    expect(refusals(change)).toEqual([
      '[]: Forbidden: static pods do not support ephemeral containers',
    ]);
  });
});

describe('7.4 what is dropped in silence', () => {
  const mounted = (volume: object): object =>
    pod({
      volumes: [{ name: 'v', ...volume }],
      containers: [
        container({
          volumeMounts: [
            { name: 'v', mountPath: '/v', readOnly: true, recursiveReadOnly: 'Enabled' },
          ],
        }),
      ],
    });
  const specOf = (manifest: object, rules: object): Record<string, unknown> =>
    server(rules).create(manifest)[0]?.['spec'] as Record<string, unknown>;

  test('volumes of images, with the mounts that name them', () => {
    const spec = specOf(mounted({ image: { reference: 'r' } }), { version: '1.33' });
    expect(spec['volumes']).toEqual([]);
    expect(spec['containers']).toMatchObject([{ volumeMounts: [] }]);
    const on = specOf(mounted({ image: { reference: 'r' } }), {
      version: '1.33',
      gates: { ImageVolume: true },
    });
    expect(on['volumes']).toHaveLength(1);
  });

  test('recursiveReadOnly in 1.30', () => {
    const [first] = specOf(mounted({ emptyDir: {} }), { version: '1.30' })[
      'containers'
    ] as object[];
    expect(first).toMatchObject({ volumeMounts: [{ name: 'v', readOnly: true }] });
    expect(JSON.stringify(first)).not.toContain('recursiveReadOnly');
  });

  test('an ephemeral volume while its gate is off is a volume without a source', () => {
    const template = {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1' } } },
    };
    const volume = { ephemeral: { volumeClaimTemplate: template } };
    expect(volumeErrors(volume, { version: '1.20' })).toEqual([
      'Required value: must specify a volume type',
    ]);
    expect(volumeErrors(volume, { version: '1.21' })).toEqual([]);
  });
});

describe('7.5 variables from files', () => {
  const variable = (reference: object): string[] =>
    containerErrors(
      {
        env: [
          {
            name: 'A',
            valueFrom: { fileKeyRef: { volumeName: 'v', path: 'f', key: 'A', ...reference } },
          },
        ],
      },
      { gates: { EnvFiles: true } },
    );
  const F = '.env[0].valueFrom.fileKeyRef';

  test('of an emptyDir of the Pod, below it', () => {
    expect(variable({})).toEqual([]);
    expect(variable({ volumeName: 'w' })).toEqual([`${F}.volumeName: Not found: "w"`]);
    expect(variable({ volumeName: 'claim' })).toEqual([
      `${F}.volumeName: Invalid value: "claim": referenced volume must be of type emptyDir`,
    ]);
    expect(variable({ path: '../a' })).toEqual([
      `${F}.path: Invalid value: "../a": must not contain '..'`,
    ]);
    expect(variable({ path: '', key: '' })).toEqual([
      `${F}.key: Required value`,
      `${F}.path: Required value`,
    ]);
    expect(variable({ volumeName: '', key: 'a=b' })).toEqual([
      `${F}.key: Invalid value: "a=b": a valid environment variable name must consist only of printable ASCII characters other than '='`,
      `${F}.volumeName: Required value`,
      `${F}.volumeName: Not found: ""`,
    ]);
  });

  test('while the gate is off they are dropped', () => {
    const valueFrom = { fileKeyRef: { volumeName: 'v', path: 'f', key: 'A' } };
    expect(containerErrors({ env: [{ name: 'A', valueFrom }] }, { version: '1.34' })).toEqual([
      '.env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
    ]);
  });
});

describe('7.6 updates', () => {
  const may =
    'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n';
  const volumes = [{ name: 'v', emptyDir: {} }];
  const mounting = {
    volumes,
    containers: [container({ volumeMounts: [{ name: 'v', mountPath: '/v' }] })],
  };

  test.each<[string, Parameters<typeof updateErrors>[1], string]>([
    [
      'a mount',
      ({ spec }) => void (spec.containers[0]!.volumeMounts![0]!.mountPath = '/w'),
      '- containers[0].volumeMounts[0].mountPath: "/v"\n+ containers[0].volumeMounts[0].mountPath: "/w"',
    ],
    [
      'a volume more',
      ({ spec }) => void spec.volumes!.push({ name: 'w', emptyDir: {} }),
      '+ volumes[1]: {"name":"w","emptyDir":{}}',
    ],
    [
      'fsGroup',
      ({ spec }) => void (spec.securityContext!.fsGroup = 1),
      '+ securityContext.fsGroup: 1',
    ],
    [
      'a variable',
      ({ spec }) => void (spec.containers[0]!.env = [{ name: 'A', value: 'b' }]),
      '+ containers[0].env: [{"name":"A","value":"b"}]',
    ],
  ])('not %s', (_, change, diff) => {
    expect(updateErrors(mounting, change)).toEqual([`${may}${diff}`]);
  });

  test.each<[string, Parameters<typeof updateErrors>[1]]>([
    ['labels', ({ metadata }) => void (metadata.labels = { a: 'b' })],
    ['an image', ({ spec }) => void (spec.containers[0]!.image = 'other')],
    ['a deadline', ({ spec }) => void (spec.activeDeadlineSeconds = 5)],
    [
      'a toleration',
      ({ spec }) => void (spec.tolerations = [...(spec.tolerations ?? []), { operator: 'Exists' }]),
    ],
    [
      'nothing, said otherwise',
      ({ spec }) => {
        spec.containers[0]!.volumeMounts![0]!.readOnly = false;
        spec.hostNetwork = false;
        spec.containers[0]!.args = [];
      },
    ],
  ])('but %s', (_, change) => {
    expect(updateErrors(mounting, change)).toEqual([]);
  });

  test('containers stay, and only their number is told', () => {
    expect(
      updateErrors(mounting, ({ spec }) => void spec.containers.push({ name: 'd', image: 'i' })),
    ).toEqual(['spec.containers: Forbidden: pod updates may not add or remove containers']);
  });

  test('a deadline only shortens', () => {
    const spec = { ...mounting, activeDeadlineSeconds: 5 };
    expect(updateErrors(spec, (pod) => void (pod.spec.activeDeadlineSeconds = 6))).toEqual([
      'spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value',
    ]);
    expect(updateErrors(spec, (pod) => void delete pod.spec.activeDeadlineSeconds)[0]).toBe(
      'spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value',
    );
    expect(updateErrors(spec, (pod) => void (pod.spec.activeDeadlineSeconds = 4))).toEqual([]);
  });

  test('what is wrong in itself is told too', () => {
    const said = updateErrors(mounting, ({ spec }) => void (spec.containers[0]!.image = ' x'));
    expect(said).toEqual([
      'spec.containers[0].image: Invalid value: " x": must not have leading or trailing whitespace',
    ]);
  });

  test('a refused update changes nothing', () => {
    const api = server();
    const [made] = api.create(pod(mounting));
    const change = (): unknown => api.edit('Pod', 'p', ({ spec }) => void (spec.hostname = 'x'));
    expect(change).toThrow(ApiError);
    expect(api.get('Pod', 'p')).toEqual(made);
  });

  test('the status keeps its QoS class', () => {
    const set = (pod: { status: { qosClass?: string } }): void =>
      void (pod.status.qosClass = 'Guaranteed');
    expect(updateErrors(mounting, set, { subresource: 'status' })).toEqual([
      'status.qosClass: Invalid value: "Guaranteed": field is immutable',
    ]);
  });
});

describe('7.7 warnings', () => {
  const warnings = (volumes: object[], version = '1.35'): string[] => {
    const said: string[] = [];
    server({ version, onWarning: (text) => said.push(text) }).create(pod({ volumes }));
    return said;
  };

  test('of volume types that are gone', () => {
    const git = { name: 'v', gitRepo: { repository: 'r' } };
    expect(warnings([git])).toEqual([
      'spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+',
    ]);
    expect(warnings([git], '1.32')).toEqual(['spec.volumes[0].gitRepo: deprecated in v1.11']);
    expect(warnings([git], '1.20')).toEqual([]);
    const storageos = { name: 's', storageos: { volumeName: 'v' } };
    expect(warnings([{ name: 'e' }, storageos])).toEqual([
      'spec.volumes[1].storageOS: deprecated in v1.22, non-functional in v1.25+',
    ]);
    expect(warnings([storageos], '1.21')).toEqual([]);
  });

  const items = (...paths: string[]): object[] => paths.map((path) => ({ key: 'k', path }));

  test('of paths that hide each other', () => {
    const configMap = { name: 'c', items: items('a', 'b', 'a/c/', 'b') };
    expect(warnings([{ name: 'v', configMap }])).toEqual([
      'volume "v" (ConfigMap "c"): overlapping paths: "a/c" with "a"',
      'volume "v" (ConfigMap "c"): overlapping paths: "b" with "b"',
    ]);
    const sources = [
      { secret: { name: 's', items: items('t') } },
      { serviceAccountToken: { path: 't/u' } },
      {},
    ];
    expect(warnings([{ name: 'v', projected: { sources } }])).toEqual([
      'volume "v" (Projected) has no sources provided',
      'volume "v" (Projected): overlapping paths: "t/u" (ServiceAccountToken) with "t" (Secret "s")',
    ]);
  });

  test('of parts of bytes', () => {
    const said: string[] = [];
    const containers = [container({ resources: { requests: { memory: '100m' } } })];
    server({ onWarning: (text) => said.push(text) }).create(pod({ containers }));
    expect(said).toEqual([
      'spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer',
    ]);
  });
});
