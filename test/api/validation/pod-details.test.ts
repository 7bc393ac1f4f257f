import { describe, expect, test } from 'vitest';
import {
  container,
  containerErrors,
  mountErrors,
  pod,
  podErrors,
  refusals,
  SUBDOMAIN,
  server,
  updateErrors,
} from './refusals.ts';

type Rows = readonly (readonly [title: string, fields: object, said: readonly string[]])[];

const QUALIFIED =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const probe = (fields: object): object => ({ exec: { command: ['x'] }, ...fields });
const variable = (valueFrom: object): object => ({ env: [{ name: 'A', valueFrom }] });

const ofContainers: Rows = [
  [
    'names of ports once',
    { ports: [1, 2].map((containerPort) => ({ name: 'web', containerPort })) },
    ['.ports[1].name: Duplicate value: "web"'],
  ],
  [
    'resizePolicy: each resource once',
    {
      resizePolicy: ['cpu', 'cpu'].map((resourceName) => ({
        resourceName,
        restartPolicy: 'NotRequired',
      })),
    },
    ['.resizePolicy[1]: Duplicate value: "cpu"'],
  ],
  [
    'resizePolicy: what and how',
    { resizePolicy: [{ resourceName: 'x', restartPolicy: 'y' }, {}] },
    [
      '.resizePolicy: Unsupported value: "x": supported values: "cpu", "memory"',
      '.resizePolicy: Unsupported value: "y": supported values: "NotRequired", "RestartContainer"',
      '.resizePolicy: Required value',
    ],
  ],
  [
    'restartPolicy',
    { restartPolicy: 'x' },
    ['.restartPolicy: Unsupported value: "x": supported values: "Always", "OnFailure", "Never"'],
  ],
  [
    'one source of a variable',
    variable({ fieldRef: { fieldPath: 'metadata.name' }, secretKeyRef: { name: 's', key: 'k' } }),
    ['.env[0].valueFrom: Invalid value: "": may not have more than one field specified at a time'],
  ],
  [
    'keys of variables',
    variable({ configMapKeyRef: { name: 'c' } }),
    ['.env[0].valueFrom.configMapKeyRef.key: Required value'],
  ],
  [
    'envFrom',
    {
      envFrom: [
        { prefix: 'a=', secretRef: {} },
        { configMapRef: { name: 'C' }, secretRef: { name: 's' } },
      ],
    },
    [
      '  .envFrom[0].prefix: Invalid value: "a=": a valid environment variable name must consist only of printable ASCII characters other than \'=\''.trim(),
      '.envFrom[0].secretRef.name: Required value',
      `.envFrom[1].configMapRef.name: Invalid value: "C": ${SUBDOMAIN}`,
      '.envFrom: Invalid value: "": may not have more than one field specified at a time',
    ],
  ],
  [
    'probes have no negative times',
    { livenessProbe: probe({ initialDelaySeconds: -1, terminationGracePeriodSeconds: 0 }) },
    [
      '.livenessProbe.initialDelaySeconds: Invalid value: -1: must be greater than or equal to 0',
      '.livenessProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0',
    ],
  ],
  [
    'readiness ends nothing',
    { readinessProbe: probe({ terminationGracePeriodSeconds: 1 }) },
    [
      '.readinessProbe.terminationGracePeriodSeconds: Invalid value: 1: must not be set for readinessProbes',
    ],
  ],
  [
    'requests over HTTP',
    {
      startupProbe: {
        httpGet: { port: 'WEB', scheme: 'FTP', httpHeaders: [{ name: 'a b', value: '' }] },
      },
    },
    [
      '.startupProbe.httpGet.port: Invalid value: "WEB": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      '.startupProbe.httpGet.port: Invalid value: "WEB": must contain at least one letter (a-z)',
      '.startupProbe.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"',
      ".startupProbe.httpGet.httpHeaders: Invalid value: \"a b\": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
    ],
  ],
  [
    'huge pages need cpu or memory',
    { resources: { limits: { 'hugepages-2Mi': '2Mi' }, requests: { 'hugepages-2Mi': '2Mi' } } },
    ['.resources: Forbidden: HugePages require cpu or memory'],
  ],
  [
    'huge pages are whole',
    { resources: { limits: { cpu: '1', 'hugepages-2Mi': '3Mi' } } },
    [
      '.resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
      '.resources.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
    ],
  ],
  [
    'requests of what is not overcommitted are the limits',
    { resources: { limits: { 'a.b/c': '2' }, requests: { 'a.b/c': '1' } } },
    ['.resources.requests: Invalid value: "1": must be equal to a.b/c limit of 2'],
  ],
  [
    'names of resources',
    { resources: { limits: { 'a/b/c': '1' }, requests: { 'a/b/c': '1' } } },
    ['limits', 'requests'].flatMap((list) => [
      `.resources.${list}[a/b/c]: Invalid value: "a/b/c": a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
      `.resources.${list}[a/b/c]: Invalid value: "a/b/c": doesn't follow extended resource name standard`,
    ]),
  ],
  [
    'procMount',
    { securityContext: { procMount: 'Unmasked' } },
    [
      '.securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`',
    ],
  ],
  [
    'procMount is one of two',
    { securityContext: { procMount: 'x' } },
    ['.securityContext.procMount: Unsupported value: "x": supported values: "Default", "Unmasked"'],
  ],
  [
    'capabilities and escalation',
    {
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { add: ['CAP_SYS_ADMIN'] },
      },
    },
    [
      '.securityContext: Invalid value: {"allowPrivilegeEscalation":false,"capabilities":{"add":["CAP_SYS_ADMIN"]}}: cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
    ],
  ],
  [
    'a group',
    { securityContext: { runAsGroup: -1 } },
    ['.securityContext.runAsGroup: Invalid value: -1: must be between 0 and 2147483647, inclusive'],
  ],
  [
    'seccomp',
    { securityContext: { seccompProfile: { type: 'x', localhostProfile: 'p' } } },
    [
      '.securityContext.seccompProfile.type: Unsupported value: "x": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
      '.securityContext.seccompProfile.localhostProfile: Invalid value: {"type":"x","localhostProfile":"p"}: can only be set when seccomp type is Localhost',
    ],
  ],
  [
    'seccomp has a type',
    { securityContext: { seccompProfile: {} } },
    [
      '.securityContext.seccompProfile.type: Required value: type is required when seccompProfile is set',
    ],
  ],
  [
    'seccomp of the node',
    { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: '/p' } } },
    [
      '.securityContext.seccompProfile.localhostProfile: Invalid value: "/p": must be a relative path',
    ],
  ],
  [
    'seccomp of the node has a path',
    { securityContext: { seccompProfile: { type: 'Localhost' } } },
    [
      '.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost',
    ],
  ],
  [
    'AppArmor',
    { securityContext: { appArmorProfile: { type: 'Localhost', localhostProfile: ' p' } } },
    [
      '.securityContext.appArmorProfile.localhostProfile: Invalid value: " p": must not be padded with whitespace',
    ],
  ],
  [
    'AppArmor of the node',
    { securityContext: { appArmorProfile: { type: 'Localhost' } } },
    [
      '.securityContext.appArmorProfile.localhostProfile: Required value: must be set when AppArmor type is Localhost',
    ],
  ],
  [
    'AppArmor is not long',
    {
      securityContext: {
        appArmorProfile: { type: 'Localhost', localhostProfile: 'p'.repeat(4096) },
      },
    },
    [
      '.securityContext.appArmorProfile.localhostProfile: Too long: may not be more than 4095 bytes',
    ],
  ],
  [
    'AppArmor has a type',
    { securityContext: { appArmorProfile: {} } },
    [
      '.securityContext.appArmorProfile.type: Required value: type is required when appArmorProfile is set',
    ],
  ],
  [
    'AppArmor is one of three',
    { securityContext: { appArmorProfile: { type: 'x' } } },
    [
      '.securityContext.appArmorProfile.type: Unsupported value: "x": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
    ],
  ],
  [
    'AppArmor elsewhere',
    { securityContext: { appArmorProfile: { type: 'Unconfined', localhostProfile: 'p' } } },
    [
      '.securityContext.appArmorProfile.localhostProfile: Invalid value: "p": can only be set when AppArmor type is Localhost',
    ],
  ],
  [
    'users of Windows',
    {
      securityContext: {
        windowsOptions: {
          runAsUserName: 'a\\b\\c',
          gmsaCredentialSpec: '',
          gmsaCredentialSpecName: 'A',
        },
      },
    },
    [
      `.securityContext.windowsOptions.gmsaCredentialSpecName: Invalid value: "A": ${SUBDOMAIN}`,
      '.securityContext.windowsOptions.gmsaCredentialSpec: Invalid value: "": gmsaCredentialSpec cannot be an empty string',
      '.securityContext.windowsOptions.runAsUserName: Invalid value: "a\\\\b\\\\c": runAsUserName cannot contain more than one backslash',
    ],
  ],
];

const sysctls = (...names: string[]): object => ({
  sysctls: names.map((name) => ({ name, value: '1' })),
});

const ofPods: Rows = [
  [
    'init containers are restarted',
    { initContainers: [{ name: 'i', image: 'i', restartPolicy: 'x' }] },
    [
      'spec.initContainers[0].restartPolicy: Unsupported value: "x": supported values: "Always", "OnFailure", "Never"',
    ],
  ],
  [
    'no nameservers',
    { dnsPolicy: 'None', dnsConfig: {} },
    [
      'spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None',
    ],
  ],
  [
    'many nameservers',
    { dnsConfig: { nameservers: ['1.1.1.1', '::', '1::2', '8.8.8.8'] } },
    [
      'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","::","1::2","8.8.8.8"]: must not have more than 3 nameservers',
    ],
  ],
  [
    'addresses',
    { dnsConfig: { nameservers: ['1.2.3.256', '1:2:3', ':'] } },
    ['1.2.3.256', '1:2:3', ':'].map(
      (ip, index) =>
        `spec.dnsConfig.nameservers[${index}]: Invalid value: "${ip}": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)`,
    ),
  ],
  [
    'options',
    { dnsConfig: { options: [{}], searches: ['.', 'a_b.', 'A'] } },
    [
      `spec.dnsConfig.searches[2]: Invalid value: "A": ${SUBDOMAIN}`,
      'spec.dnsConfig.options[0]: Required value: must not be empty',
    ],
  ],
  [
    'names of hosts',
    { hostAliases: [{ ip: '1.1.1.1', hostnames: ['A'] }] },
    [`spec.hostAliases[0].hostnames[0]: Invalid value: "A": ${SUBDOMAIN}`],
  ],
  [
    'readinessGates',
    { readinessGates: [{ conditionType: 'a-' }] },
    [`spec.readinessGates[0].conditionType: Invalid value: "a-": ${QUALIFIED}`],
  ],
  [
    'preemptionPolicy',
    { preemptionPolicy: 'x' },
    [
      'spec.preemptionPolicy: Unsupported value: "x": supported values: "PreemptLowerPriority", "Never"',
    ],
  ],
  [
    'overhead',
    { overhead: { cpu: '-1' } },
    ['spec.overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0'],
  ],
  [
    'one process namespace',
    { shareProcessNamespace: true, hostPID: true },
    [
      'spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled',
    ],
  ],
  [
    'sysctls',
    { securityContext: sysctls('', 'A', 'a.b', 'a.b') },
    [
      'spec.securityContext.sysctls[0].name: Required value',
      'spec.securityContext.sysctls[1].name: Invalid value: "A": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
      'spec.securityContext.sysctls[3].name: Duplicate value: "a.b"',
    ],
  ],
  [
    'sysctls of the host',
    { hostNetwork: true, hostIPC: true, securityContext: sysctls('net.core.x', 'kernel.shmmax') },
    [
      'spec.securityContext.sysctls[0].name: Invalid value: "net.core.x": may not be specified when \'hostNetwork\' is true',
      'spec.securityContext.sysctls[1].name: Invalid value: "kernel.shmmax": may not be specified when \'hostIPC\' is true',
    ],
  ],
  [
    'policies of groups and labels',
    { securityContext: { supplementalGroupsPolicy: 'x', seLinuxChangePolicy: 'y' } },
    [
      'spec.securityContext.supplementalGroupsPolicy: Unsupported value: "x": supported values: "Merge", "Strict"',
      'spec.securityContext.seLinuxChangePolicy: Unsupported value: "y": supported values: "MountOption", "Recursive"',
    ],
  ],
  [
    'Linux has no windowsOptions in containers',
    { os: { name: 'linux' }, containers: [container({ securityContext: { windowsOptions: {} } })] },
    [
      'spec.containers[0].securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod',
    ],
  ],
  [
    'host processes: all, in the network of the host',
    {
      containers: [
        container({ securityContext: { windowsOptions: { hostProcess: true } } }),
        container({ name: 'd' }),
      ],
    },
    [
      'spec: Invalid value: "": If pod contains any hostProcess containers then all containers must be HostProcess containers',
      'spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers',
    ],
  ],
  [
    'host processes: as the Pod says',
    {
      hostNetwork: true,
      securityContext: { windowsOptions: { hostProcess: true } },
      containers: [container({ securityContext: { windowsOptions: { hostProcess: false } } })],
    },
    [
      'spec.containers[0].securityContext.windowsOptions.hostProcess: Invalid value: false: pod hostProcess value must be identical if both are specified, was true',
    ],
  ],
];

const affinity = (nodeAffinity: object): object => ({ affinity: { nodeAffinity } });
const NODES =
  'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]';
const required = (term: object): object =>
  affinity({ requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } });
const PODS = 'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]';
const near = (term: object): object => ({
  affinity: {
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'z', ...term }],
    },
  },
});
const spread = (constraint: object): object => ({
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'z', whenUnsatisfiable: 'DoNotSchedule', ...constraint },
  ],
});

const ofScheduling: Rows = [
  [
    'labels of nodes',
    required({
      matchExpressions: [
        { key: 'a', operator: 'In' },
        { key: 'a', operator: 'Exists', values: ['x'] },
        { key: 'a', operator: 'Gt' },
        { key: '-', operator: 'x' },
        { key: 'a', operator: 'In', values: ['-'] },
      ],
    }),
    [
      `${NODES}.matchExpressions[0].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`,
      `${NODES}.matchExpressions[1].values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`,
      `${NODES}.matchExpressions[2].values: Required value: must be specified single value when \`operator\` is 'Lt' or 'Gt'`,
      `${NODES}.matchExpressions[3].operator: Invalid value: "x": not a valid selector operator`,
      `${NODES}.matchExpressions[3].key: Invalid value: "-": ${QUALIFIED}`,
      `${NODES}.matchExpressions[4].values[0]: Invalid value: "-": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    ],
  ],
  [
    'fields of nodes',
    required({
      matchFields: [
        { key: 'x', operator: 'Exists' },
        { key: 'metadata.name', operator: 'In' },
        { key: 'metadata.name', operator: 'In', values: ['N'] },
      ],
    }),
    [
      `${NODES}.matchFields[0].operator: Invalid value: "Exists": not a valid selector operator`,
      `${NODES}.matchFields[0].key: Invalid value: "x": not a valid field selector key`,
      `${NODES}.matchFields[1].values: Required value: must be only one value when \`operator\` is 'In' or 'NotIn' for node field selector`,
      `${NODES}.matchFields[2].values[0]: Invalid value: "N": ${SUBDOMAIN}`,
    ],
  ],
  [
    'preferred nodes',
    affinity({
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 101,
          preference: { matchExpressions: [{ key: 'a', operator: 'In', values: ['-'] }] },
        },
      ],
    }),
    [
      'spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the range 1-100',
    ],
  ],
  [
    'labels of Pods',
    near({
      labelSelector: {
        matchExpressions: [
          { key: 'a', operator: 'In' },
          { key: 'a', operator: 'Exists', values: ['x'] },
          { key: '-', operator: 'x', values: [] },
          { key: 'a', operator: 'In', values: ['x y'] },
        ],
      },
    }),
    [
      `${PODS}.labelSelector.matchExpressions[0].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`,
      `${PODS}.labelSelector.matchExpressions[1].values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`,
      `${PODS}.labelSelector.matchExpressions[2].operator: Invalid value: "x": not a valid selector operator`,
      `${PODS}.labelSelector.matchExpressions[2].key: Invalid value: "-": ${QUALIFIED}`,
      `${PODS}.labelSelector.matchExpressions[3].values[0]: Invalid value: "x y": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    ],
  ],
  [
    'namespaces and places of Pods',
    near({ namespaces: ['a.b'], topologyKey: '' }),
    [
      `${PODS}.namespace: Invalid value: "a.b": must not contain dots`,
      `${PODS}.topologyKey: Required value: can not be empty`,
      `${PODS}.topologyKey: Invalid value: "": name part must be non-empty`,
      `${PODS}.topologyKey: Invalid value: "": ${QUALIFIED}`,
    ],
  ],
  [
    'spread: place',
    spread({ topologyKey: '' }),
    ['spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty'],
  ],
  [
    'spread: each once',
    {
      topologySpreadConstraints: [1, 2].map((maxSkew) => ({
        maxSkew,
        topologyKey: 'z',
        whenUnsatisfiable: 'DoNotSchedule',
      })),
    },
    [
      'spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{z, DoNotSchedule}"',
    ],
  ],
  [
    'spread: domains',
    spread({ minDomains: 0, whenUnsatisfiable: 'ScheduleAnyway' }),
    [
      'spec.topologySpreadConstraints[0].minDomains: Invalid value: 0: must be greater than zero',
      'spec.topologySpreadConstraints[0].minDomains: Invalid value: 0: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway',
    ],
  ],
  [
    'spread: policies',
    spread({ nodeAffinityPolicy: 'x', nodeTaintsPolicy: 'y' }),
    [
      'spec.topologySpreadConstraints[0].nodeAffinityPolicy: Unsupported value: "x": supported values: "Honor", "Ignore"',
      'spec.topologySpreadConstraints[0].nodeTaintsPolicy: Unsupported value: "y": supported values: "Honor", "Ignore"',
    ],
  ],
  [
    'spread: keys',
    spread({ matchLabelKeys: ['-'] }),
    [
      'spec.topologySpreadConstraints[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set',
      `spec.topologySpreadConstraints[0].matchLabelKeys[0]: Invalid value: "-": ${QUALIFIED}`,
    ],
  ],
  [
    'spread: keys twice',
    spread({ matchLabelKeys: ['a'], labelSelector: { matchLabels: { a: 'b' } } }),
    [
      'spec.topologySpreadConstraints[0].matchLabelKeys[0]: Invalid value: "a": exists in both matchLabelKeys and labelSelector',
    ],
  ],
  [
    'names of gates',
    { schedulingGates: [{ name: '-' }] },
    [`spec.schedulingGates[0]: Invalid value: "-": ${QUALIFIED}`],
  ],
  [
    'tolerations: keys, values, effects',
    { tolerations: [{ key: '-', value: 'x y', effect: 'z' }] },
    [
      `spec.tolerations[0].key: Invalid value: "-": ${QUALIFIED}`,
      "spec.tolerations[0].operator: Invalid value: \"x y\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      'spec.tolerations[0].effect: Unsupported value: "z": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
  ],
];

describe.each<[string, Rows, (fields: object) => string[]]>([
  ['containers', ofContainers, containerErrors],
  ['Pods', ofPods, podErrors],
  ['scheduling', ofScheduling, podErrors],
])('%s', (_, rows, errors) => {
  test.each(rows)('%s', (_title, fields, said) => {
    expect(errors(fields)).toEqual(said);
  });
});

test('containers other than init ones are not restarted by a policy of their own before 1.35', () => {
  expect(containerErrors({ restartPolicy: 'Always' }, { version: '1.34' })).toEqual([
    '.restartPolicy: Forbidden: may not be set for non-init containers',
  ]);
});

test('subPathExpr of an image', () => {
  const volumes = [{ name: 'v', image: { reference: 'r' } }];
  const containers = [
    container({ volumeMounts: [{ name: 'v', mountPath: '/v', subPathExpr: 'a' }] }),
  ];
  const rules = { version: '1.32', gates: { ImageVolume: true } };
  expect(podErrors({ volumes, containers }, rules)).toEqual([
    'spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: "a": not allowed in image volume sources',
  ]);
  expect(mountErrors({ subPathExpr: 'a' }, {}, rules)).toEqual([]);
});

describe('updates', () => {
  test('tolerations stay', () => {
    const toleration = { key: 'a', operator: 'Exists' };
    expect(
      updateErrors({ tolerations: [toleration] }, ({ spec }) => void (spec.tolerations = [])),
    ).toEqual([
      'spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds',
    ]);
  });

  test('gates only go, and a Pod behind one may want more of its node', () => {
    const gated = { schedulingGates: [{ name: 'a' }], nodeSelector: { x: 'y' } };
    expect(updateErrors(gated, ({ spec }) => void (spec.schedulingGates = []))).toEqual([]);
    expect(
      updateErrors(gated, ({ spec }) => void (spec.nodeSelector = { x: 'y', z: '1' })),
    ).toEqual([]);
    expect(
      updateErrors(gated, ({ spec }) => void (spec.schedulingGates = [{ name: 'b' }])),
    ).toEqual([
      "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b'",
    ]);
    expect(updateErrors(gated, ({ spec }) => void (spec.nodeSelector = {}))).toEqual([
      'spec.nodeSelector: Invalid value: {}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
    ]);
  });

  test('a deadline is not negative', () => {
    expect(updateErrors({}, ({ spec }) => void (spec.activeDeadlineSeconds = -1))).toContain(
      'spec.activeDeadlineSeconds: Invalid value: -1: must be between 0 and 2147483647, inclusive',
    );
  });
});

describe('metadata', () => {
  const said = (metadata: object): string[] => refusals(() => server().create(pod({}, metadata)));
  const owner = { apiVersion: 'v1', kind: 'Pod', name: 'x', uid: 'u' };

  test.each<[string, object, string[]]>([
    [
      'keys of labels',
      { labels: { '-': 'a' } },
      [`metadata.labels: Invalid value: "-": ${QUALIFIED}`],
    ],
    [
      'keys of annotations, in any case',
      { annotations: { 'Example.com/-': 'a' } },
      [`metadata.annotations: Invalid value: "Example.com/-": ${QUALIFIED}`],
    ],
    [
      'owners',
      { ownerReferences: [{}] },
      [
        'metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty',
        'metadata.ownerReferences.kind: Invalid value: "": must not be empty',
        'metadata.ownerReferences.name: Invalid value: "": must not be empty',
        'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
      ],
    ],
    [
      'one controller',
      { ownerReferences: [1, 2].map((n) => ({ ...owner, name: `x${n}`, controller: true })) },
      [
        'metadata.ownerReferences: Invalid value: [{"apiVersion":"v1","kind":"Pod","name":"x1","uid":"u","controller":true},{"apiVersion":"v1","kind":"Pod","name":"x2","uid":"u","controller":true}]: Only one reference can have Controller set to true. Found "true" in references for Pod/x1 and Pod/x2',
      ],
    ],
    [
      'finalizers',
      { finalizers: ['a/-'] },
      [`metadata.finalizers: Invalid value: "a/-": ${QUALIFIED}`],
    ],
    [
      'finalizers of the collector',
      { finalizers: ['orphan', 'foregroundDeletion'] },
      [
        'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
      ],
    ],
  ])('%s', (_, metadata, texts) => {
    expect(said(metadata)).toEqual(texts);
  });
});
