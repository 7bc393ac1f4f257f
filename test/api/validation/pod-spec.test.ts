import { describe, expect, test } from 'vitest';
import { FieldErrors } from '../../../src/api/field-errors.ts';
import { createVersionRules } from '../../../src/api/index.ts';
import { validatePodTemplate } from '../../../src/api/validation/template.ts';
import {
  container,
  containerErrors,
  LABEL,
  pod,
  podErrors,
  refusals,
  SUBDOMAIN,
  server,
  undefaulted,
} from './refusals.ts';

/** Rules besides volumes, each as pkg/apis/core/validation/validation.go has it. */
const rows: readonly (readonly [title: string, spec: object, said: readonly string[]])[] = [
  ['a Pod has containers', { containers: [] }, ['spec.containers: Required value']],
  [
    'names of containers',
    { containers: [container({ name: 'A' }), container({ name: '' })] },
    [
      `spec.containers[0].name: Invalid value: "A": ${LABEL}`,
      'spec.containers[1].name: Required value',
    ],
  ],
  [
    'the same name twice',
    { containers: [container(), container()], initContainers: [container()] },
    [
      'spec.containers[1].name: Duplicate value: "c"',
      'spec.initContainers[0].name: Duplicate value: "c"',
    ],
  ],
  [
    'images',
    { containers: [container({ image: '' })] },
    ['spec.containers[0].image: Required value'],
  ],
  [
    'images with blanks',
    { containers: [container({ image: ' i' })] },
    ['spec.containers[0].image: Invalid value: " i": must not have leading or trailing whitespace'],
  ],
  [
    'policies',
    { restartPolicy: 'x', dnsPolicy: 'y' },
    [
      'spec.restartPolicy: Unsupported value: "x": supported values: "Always", "OnFailure", "Never"',
      'spec.dnsPolicy: Unsupported value: "y": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
    ],
  ],
  [
    'nodeSelector',
    { nodeSelector: { a: 'b c' } },
    [
      "spec.nodeSelector: Invalid value: \"b c\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ],
  ],
  ['nodeName', { nodeName: 'N' }, [`spec.nodeName: Invalid value: "N": ${SUBDOMAIN}`]],
  ['hostname', { hostname: 'a.b' }, ['spec.hostname: Invalid value: "a.b": must not contain dots']],
  [
    'activeDeadlineSeconds',
    { activeDeadlineSeconds: 0 },
    ['spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
  ],
  [
    'tolerations',
    {
      tolerations: [
        { operator: 'Equal' },
        { key: 'a', operator: 'In' },
        { operator: 'Exists', value: 'v', tolerationSeconds: 1 },
      ],
    },
    [
      'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
      'spec.tolerations[1].operator: Unsupported value: "In": supported values: "Equal", "Exists"',
      'spec.tolerations[2].effect: Invalid value: "": effect must be \'NoExecute\' when `tolerationSeconds` is set',
      'spec.tolerations[2].operator: Invalid value: "v": value must be empty when `operator` is \'Exists\'',
    ],
  ],
  [
    'node affinity',
    {
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
      },
    },
    [
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term',
    ],
  ],
  [
    'pod affinity',
    {
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 0, podAffinityTerm: { topologyKey: 'a' } },
          ],
        },
      },
    },
    [
      'spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100',
    ],
  ],
  [
    'dnsConfig',
    { dnsPolicy: 'None' },
    ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
  ],
  [
    'addresses',
    { hostAliases: [{ ip: '1.2.3', hostnames: ['a'] }, { ip: '::1' }, { ip: '10.0.0.1' }] },
    [
      'spec.hostAliases[0].ip: Invalid value: "1.2.3": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
  ],
  [
    'ports of the host once',
    {
      containers: [
        container({
          ports: [
            { containerPort: 1, hostPort: 80 },
            { containerPort: 2, hostPort: 80 },
          ],
        }),
      ],
    },
    ['spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//80"'],
  ],
  [
    'ports in the network of the host',
    { hostNetwork: true, containers: [container({ ports: [{ containerPort: 1, hostPort: 2 }] })] },
    [
      'spec.containers[0].ports[0].hostPort: Invalid value: 2: must match `containerPort` when `hostNetwork` is true',
    ],
  ],
  [
    'users of its own or the host’s namespaces',
    { hostUsers: false, hostPID: true },
    ['spec.HostPID: Forbidden: when `hostUsers` is false'],
  ],
  [
    'spread',
    { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'z', whenUnsatisfiable: 'x' }] },
    [
      'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
      'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "x": supported values: "DoNotSchedule", "ScheduleAnyway"',
    ],
  ],
  [
    'gates and a node',
    { nodeName: 'n', schedulingGates: [{ name: 'a' }, { name: 'a' }] },
    [
      'spec.schedulingGates[1]: Duplicate value: "a"',
      'spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared',
    ],
  ],
  [
    'init containers have no probes, sidecars do',
    {
      initContainers: [
        { name: 'i', image: 'i', startupProbe: { exec: { command: ['x'] } } },
        { name: 's', image: 'i', restartPolicy: 'Always', startupProbe: { exec: {} } },
      ],
    },
    [
      'spec.initContainers[0].startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
      'spec.initContainers[1].startupProbe.exec.command: Required value',
    ],
  ],
];

describe('specs of Pods', () => {
  for (const [title, spec, said] of rows) {
    test(title, () => {
      expect(podErrors(spec)).toEqual(said);
    });
  }
});

const containers: readonly (readonly [title: string, fields: object, said: readonly string[]])[] = [
  [
    'requests above limits',
    { resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } },
    ['.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
  ],
  [
    'negative amounts',
    { resources: { limits: { memory: '-1' } } },
    [
      '.resources.limits[memory]: Invalid value: "-1": must be greater than or equal to 0',
      '.resources.requests[memory]: Invalid value: "-1": must be greater than or equal to 0',
    ],
  ],
  [
    'resources of a volume',
    { resources: { requests: { storage: '1' } } },
    [
      '.resources.requests[storage]: Invalid value: "storage": must be a standard resource for containers',
    ],
  ],
  [
    'resources nobody knows',
    { resources: { requests: { gold: '1' } } },
    [
      '.resources.requests[gold]: Invalid value: "gold": must be a standard resource type or fully qualified',
      '.resources.requests[gold]: Invalid value: "gold": must be a standard resource for containers',
    ],
  ],
  [
    'extended resources are whole, and not overcommitted',
    { resources: { requests: { 'example.com/a': '1500m' } } },
    [
      '.resources.requests[example.com/a]: Invalid value: "1500m": must be an integer',
      '.resources.limits: Required value: Limit must be set for non overcommitable resources',
    ],
  ],
  [
    'ports',
    {
      ports: [
        { containerPort: 0, name: 'Web' },
        { containerPort: 65536, hostPort: -1 },
      ],
    },
    [
      '.ports[0].name: Invalid value: "Web": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      '.ports[0].containerPort: Required value',
      '.ports[1].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive',
      '.ports[1].hostPort: Invalid value: -1: must be between 1 and 65535, inclusive',
    ],
  ],
  [
    'variables',
    {
      env: [
        { name: '' },
        { name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        { name: 'B', valueFrom: {} },
      ],
    },
    [
      '.env[0].name: Required value',
      '.env[1].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
      '.env[2].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
    ],
  ],
  [
    'variables from keys',
    { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'S', key: '..' } } }], envFrom: [{}] },
    [
      `.env[0].valueFrom.secretKeyRef.name: Invalid value: "S": ${SUBDOMAIN}`,
      '.env[0].valueFrom.secretKeyRef.key: Invalid value: "..": must not be \'..\'',
      '.envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`',
    ],
  ],
  [
    'policies',
    { imagePullPolicy: 'x', terminationMessagePolicy: 'y' },
    [
      '.terminationMessagePolicy: Unsupported value: "y": supported values: "File", "FallbackToLogsOnError"',
      '.imagePullPolicy: Unsupported value: "x": supported values: "Always", "IfNotPresent", "Never"',
    ],
  ],
  [
    'probes',
    { livenessProbe: { successThreshold: 2 } },
    [
      '.livenessProbe: Required value: must specify a handler type',
      '.livenessProbe.successThreshold: Invalid value: 2: must be 1',
    ],
  ],
  [
    'hooks',
    {
      lifecycle: {
        preStop: { sleep: { seconds: 31 } },
        postStart: { tcpSocket: { port: 0 }, exec: { command: ['x'] } },
      },
    },
    [
      '.lifecycle.postStart.tcpSocket: Forbidden: may not specify more than 1 handler type',
      '.lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)',
    ],
  ],
];

describe('containers', () => {
  for (const [title, fields, said] of containers) {
    test(title, () => {
      expect(containerErrors(fields)).toEqual(said);
    });
  }
});

test('what defaults fill in is required', () => {
  const ports = [{ containerPort: 80 }];
  const volumes = [{ name: 'v', image: { reference: 'r' } }, { name: 'w' }];
  expect(undefaulted({ volumes, containers: [container({ ports })] })).toEqual([
    'spec.volumes[0].image.pullPolicy: Required value',
    'spec.volumes[1]: Required value: must specify a volume type',
    'spec.containers[0].terminationMessagePolicy: Required value',
    'spec.containers[0].ports[0].protocol: Required value',
    'spec.containers[0].imagePullPolicy: Required value',
    'spec.restartPolicy: Required value',
    'spec.dnsPolicy: Required value',
  ]);
});

describe('templates', () => {
  test('V35 need no reference of an image yet, and may have blanks', () => {
    const errors = new FieldErrors();
    const image = { name: 'v', image: { pullPolicy: 'Always' } };
    const spec = {
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      volumes: [image],
      containers: [
        { name: 'c', image: ' i', imagePullPolicy: 'Always', terminationMessagePolicy: 'File' },
      ],
    };
    const template = { metadata: { labels: { a: 'b c' } }, spec };
    validatePodTemplate('spec.template', template, { errors, rules: createVersionRules() });
    expect(errors.causes.map(({ field }) => field)).toEqual(['spec.template.labels']);
  });
});

describe('metadata', () => {
  const said = (metadata: object): string[] => refusals(() => server().create(pod({}, metadata)));

  test.each<[object, string]>([
    [{ name: undefined }, 'metadata.name: Required value: name or generateName is required'],
    [{ name: 'A_b' }, `metadata.name: Invalid value: "A_b": ${SUBDOMAIN}`],
    [
      { finalizers: ['a'] },
      'metadata.finalizers[0]: Invalid value: "a": name is neither a standard finalizer name nor is it fully qualified',
    ],
    [
      { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x', uid: '' }] },
      'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
    ],
  ])('%j', (metadata, text) => {
    expect(said(metadata)).toEqual([text]);
  });

  test('a prefix may end in a dash', () => {
    expect(said({ name: undefined, generateName: 'web-' })).toEqual([]);
    expect(said({ name: undefined, generateName: 'Web-' })[0]).toMatch('metadata.generateName');
  });

  test('annotations have a size', () => {
    expect(said({ annotations: { a: 'x'.repeat(256 * 1024) } })).toEqual([
      'metadata.annotations: Too long: may not be more than 262144 bytes',
    ]);
  });

  test('what is being deleted gets no more finalizers', () => {
    const api = server();
    api.create(pod({}, { finalizers: ['example.com/a'] }));
    api.delete('Pod', 'p', { force: true });
    const add = (): unknown =>
      api.edit(
        'Pod',
        'p',
        ({ metadata }) => void (metadata.finalizers = ['example.com/a', 'example.com/b']),
      );
    expect(refusals(add)).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/b"}',
    ]);
  });
});
