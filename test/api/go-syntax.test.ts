import { describe, expect, test } from 'vitest';
import { type GoType, GoValue, goSyntax, INT_OR_STRING } from '../../src/api/go-syntax.ts';
import { createVersionRules } from '../../src/api/index.ts';
import { subject } from './validation/objects.ts';
import { podErrors } from './validation/refusals.ts';

describe('what Go prints', () => {
  const shown = (value: unknown, type: GoType, version = '1.31'): string | undefined =>
    goSyntax(new GoValue(value, type), createVersionRules(version));

  test.each<[string, unknown, GoType, string | undefined]>([
    ['a list', ['a', 'b"'], { list: '[]string', of: '' }, '[]string{"a", "b\\""}'],
    ['no list', undefined, { list: '[]string', of: '' }, '[]string(nil)'],
    ['an empty list', [], { list: '[]string', of: '' }, '[]string{}'],
    [
      'a map, by its keys',
      { b: 2, a: 1 },
      { map: 'map[string]int', of: 0 },
      'map[string]int{"a":1, "b":2}',
    ],
    ['no pointer', undefined, { pointer: '*int64' }, '(*int64)(nil)'],
    ['a pointer', 1, { pointer: '*int64' }, undefined],
    ['a number', 5, INT_OR_STRING, 'intstr.IntOrString{Type:0, IntVal:5, StrVal:""}'],
    ['a share', '5%', INT_OR_STRING, 'intstr.IntOrString{Type:1, IntVal:0, StrVal:"5%"}'],
    [
      'a struct',
      { a: true },
      { struct: 'core.T', fields: { A: false, B: '' } },
      'core.T{A:true, B:""}',
    ],
    ['nothing', undefined, { struct: 'core.T', fields: {} }, 'null'],
    [
      'a struct with an address',
      { a: 1 },
      { struct: 'core.T', fields: { A: { pointer: '*int' } } },
      undefined,
    ],
  ])('%s', (_, value, type, text) => {
    expect(shown(value, type)).toBe(text);
  });

  test('fields and packages by version', () => {
    const dated: GoType = { struct: 'core.T', fields: { A: { since: '1.18', type: 0 }, B: 0 } };
    expect(shown({ a: 1 }, dated, '1.17')).toBe('core.T{B:0}');
    expect(shown({ a: 1 }, dated, '1.8')).toBe('api.T{B:0}');
    expect(shown([], { list: '[]core.T', of: '' }, '1.8')).toBe('[]api.T{}');
    const strategy: GoType = { struct: 'apps.DeploymentStrategy', fields: {} };
    expect(shown({}, strategy, '1.12')).toBe('extensions.DeploymentStrategy{}');
    expect(shown({}, strategy, '1.13')).toBe('apps.DeploymentStrategy{}');
    const other: GoType = { struct: 'apps.StatefulSetUpdateStrategy', fields: {} };
    expect(shown({}, other, '1.12')).toBe('apps.StatefulSetUpdateStrategy{}');
  });
});

describe('in errors from 1.7 to 1.31', () => {
  const metadata = { labels: { app: 'a' } };
  const template = { metadata, spec: { containers: [{ name: 'c', image: 'i' }] } };
  const spec = { selector: { matchLabels: { app: 'a' } }, template };
  const deployment = subject('apps/v1', 'Deployment', { spec });
  const other = {
    selector: { matchLabels: { app: 'b' } },
    template: { metadata: { labels: { app: 'b' } } },
  };

  test('selectors', () => {
    const said = (version: string): string[] => deployment.update({}, { spec: other }, { version });
    expect(said('1.31')).toEqual([
      'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"app":"b"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable',
    ]);
    expect(said('1.32')).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
    ]);
  });

  test('labels', () => {
    const said = (version: string): string[] =>
      deployment.create({ spec: { selector: { matchLabels: { app: 'b' } } } }, { version });
    const detail = '`selector` does not match template `labels`';
    const at = 'spec.template.metadata.labels: Invalid value:';
    expect(said('1.31')).toEqual([`${at} map[string]string{"app":"a"}: ${detail}`]);
    expect(said('1.32')).toEqual([`${at} {"app":"a"}: ${detail}`]);
  });

  test('strategies, and shares', () => {
    const said = (strategy: object, version: string): string =>
      deployment.create({ spec: { strategy } }, { version })[0] ?? '';
    const values = 'supported values: "Recreate", "RollingUpdate"';
    expect(said({ type: 'x' }, '1.31')).toBe(
      `spec.strategy: Unsupported value: apps.DeploymentStrategy{Type:"x", RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}: ${values}`,
    );
    const share = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '101%' } };
    const detail = 'must not be greater than 100%';
    expect(said(share, '1.31')).toContain(
      `intstr.IntOrString{Type:1, IntVal:0, StrVal:"101%"}: ${detail}`,
    );
    expect(said(share, '1.32')).toContain(`"101%": ${detail}`);
  });

  test('tolerations', () => {
    const tolerations = [{ key: 'pool', operator: 'Exists', value: 'v', effect: 'NoSchedule' }];
    const said = (version: string): string[] => podErrors({ tolerations }, { version });
    const at = 'spec.tolerations[0].operator: Invalid value:';
    const detail = "value must be empty when `operator` is 'Exists'";
    const fields = 'Key:"pool", Operator:"Exists", Value:"v", Effect:"NoSchedule"';
    const whole = `core.Toleration{${fields}, TolerationSeconds:(*int64)(nil)}`;
    expect(said('1.31')).toEqual([`${at} ${whole}: ${detail}`]);
    expect(said('1.8')).toEqual([`${at} ${whole.replace('core', 'api')}: ${detail}`]);
    expect(said('1.32')).toEqual([`${at} "v": ${detail}`]);
  });

  test('lists, and what a CSINode has', () => {
    const drivers = [{ name: 'd', nodeID: 'n' }];
    const node = subject('storage.k8s.io/v1', 'CSINode', { spec: { drivers } });
    const changed = (driver: object, version: string): string[] =>
      node.update({}, { spec: { drivers: [{ ...drivers[0], ...driver }] } }, { version });
    const start = 'CSINodeDriver: Invalid value: storage.CSINodeDriver{Name:"d", NodeID:"o"';
    const end = '(*storage.VolumeNodeResources)(nil)}: field is immutable';
    expect(changed({ nodeID: 'o' }, '1.31')).toEqual([
      `${start}, TopologyKeys:[]string(nil), Allocatable:${end}`,
    ]);
    // An address cannot be told.
    expect(changed({ allocatable: { count: 1 } }, '1.31')).toEqual([
      'CSINodeDriver: Invalid value: {"Name":"d","NodeID":"n","TopologyKeys":null,"Allocatable":{"Count":1}}: field is immutable',
    ]);
    const keys = [{ ...drivers[0], topologyKeys: ['b c'] }];
    expect(node.create({ spec: { drivers: keys } }, { version: '1.20' })[0]).toContain(
      'spec.drivers[0]: Invalid value: []string{"b c"}: name part',
    );
    const quota = subject('v1', 'ResourceQuota', { spec: { hard: { pods: '1' } } });
    const scopes = ['BestEffort', 'NotBestEffort'];
    expect(quota.create({ spec: { scopes } }, { version: '1.31' })).toEqual([
      'spec.scopes: Invalid value: []core.ResourceQuotaScope{"BestEffort", "NotBestEffort"}: conflicting scopes',
    ]);
  });

  test('ports of services, taints and addresses', () => {
    const service = subject('v1', 'Service', { spec: {} });
    const ports = [
      { name: 'a', port: 80, targetPort: 1 },
      { name: 'b', port: 80, targetPort: 2 },
    ];
    const said = (version: string): string[] => service.create({ spec: { ports } }, { version });
    const port = (protocol: string): string =>
      `spec.ports[1]: Duplicate value: core.ServicePort{Name:"", Protocol:"TCP", ${protocol}Port:80, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`;
    expect(said('1.17')).toEqual([port('')]);
    expect(said('1.31')).toEqual([port('AppProtocol:(*string)(nil), ')]);
    const node = subject('v1', 'Node', {});
    const taint = { key: 'a', effect: 'NoSchedule' };
    expect(node.create({ spec: { taints: [taint, taint] } }, { version: '1.31' })).toEqual([
      'metadata.taints[1]: Duplicate value: core.Taint{Key:"a", Value:"", Effect:"NoSchedule", TimeAdded:(*v1.Time)(nil)}: taints must be unique by key and effect pair',
    ]);
  });

  test('policies of what starts a Pod', () => {
    const resizePolicy = [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }];
    const initContainers = [{ name: 'i', image: 'i', resizePolicy }];
    const gates = { InPlacePodVerticalScaling: true };
    expect(podErrors({ initContainers }, { version: '1.31', gates })).toEqual([
      'spec.initContainers[0].resizePolicy: Invalid value: []core.ContainerResizePolicy{core.ContainerResizePolicy{ResourceName:"cpu", RestartPolicy:"NotRequired"}}: must not be set for init containers',
    ]);
  });

  test('texts with a type of their own are quoted as others', () => {
    const volumes = [{ name: 'v', hostPath: { path: '/a', type: '<' } }];
    const said = (version: string): string => podErrors({ volumes }, { version })[0] ?? '';
    expect(said('1.31')).toContain('Unsupported value: "<"');
    expect(said('1.32')).toContain('Unsupported value: "\\u003c"');
  });
});
