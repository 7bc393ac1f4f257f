import { describe, expect, test } from 'vitest';
import { type Fields, subject } from './objects.ts';
import { refusals, SUBDOMAIN, server } from './refusals.ts';

const METADATA = { name: 'x', namespace: 'default' };

describe('LimitRange', () => {
  const limits = subject('v1', 'LimitRange', { metadata: METADATA });
  const of = (...items: Fields[]) => limits.create({ spec: { limits: items } });
  const at = 'spec.limits[0]';

  test('claims have a least or a most', () => {
    expect(of({ type: 'PersistentVolumeClaim', max: { storage: '1Gi' } })).toEqual([]);
    const few = { type: 'PersistentVolumeClaim', min: { storage: '2Gi' }, max: { storage: '1Gi' } };
    expect(of(few)).toEqual([
      `${at}.min[storage]: Invalid value: "2Gi": min value 2Gi is greater than max value 1Gi`,
    ]);
    expect(of({ type: 'PersistentVolumeClaim' })).toEqual([
      `${at}.limits: Required value: either minimum or maximum storage value is required, but neither was provided`,
    ]);
  });

  test('types and names', () => {
    expect(of({ type: 'Volume' }, { type: 'Volume' })).toEqual([
      `${at}.type: Invalid value: "Volume": must be a standard limit type or fully qualified`,
      'spec.limits[1].type: Invalid value: "Volume": must be a standard limit type or fully qualified',
      'spec.limits[1].type: Duplicate value: "Volume"',
    ]);
    expect(of({ type: 'Container', max: { storage: '1Gi' } })[0]).toBe(
      `${at}.max[storage]: Invalid value: "storage": must be a standard resource for containers`,
    );
    expect(of({ type: 'Pod', default: { cpu: '1' } })).toEqual([
      `${at}.default: Forbidden: may not be specified when \`type\` is 'Pod'`,
    ]);
  });

  const storage = 'ephemeral-storage';

  test.each<[Fields, string]>([
    [
      { min: '2Gi', defaultRequest: '1Gi', default: '3Gi' },
      'defaultRequest[ephemeral-storage]: Invalid value: "1Gi": min value 2Gi is greater than default request value 1Gi',
    ],
    [
      { defaultRequest: '2Gi', default: '1Gi' },
      'defaultRequest[ephemeral-storage]: Invalid value: "2Gi": default request value 2Gi is greater than default limit value 1Gi',
    ],
    [
      { max: '1Gi', default: '2Gi', defaultRequest: '1Gi' },
      'default[ephemeral-storage]: Invalid value: "1Gi": default value 2Gi is greater than max value 1Gi',
    ],
    [
      { maxLimitRequestRatio: '500m' },
      'maxLimitRequestRatio[ephemeral-storage]: Invalid value: "500m": ratio 500m is less than 1',
    ],
    [
      { min: '1Gi', max: '2Gi', maxLimitRequestRatio: '3' },
      'maxLimitRequestRatio[ephemeral-storage]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000',
    ],
  ])('%j', (amounts, expected) => {
    const lists = Object.entries(amounts).map(([list, text]) => [list, { [storage]: text }]);
    expect(of({ type: 'Container', ...Object.fromEntries(lists) })).toEqual([`${at}.${expected}`]);
  });
});

describe('ResourceQuota', () => {
  const quota = subject('v1', 'ResourceQuota', { metadata: METADATA });
  const hard = (amounts: Fields) => quota.create({ spec: { hard: amounts } });

  test('what it limits', () => {
    const ofClass = 'fast.storageclass.storage.k8s.io/requests.storage';
    expect(hard({ 'requests.storage': '1Gi', [ofClass]: '1Gi', 'count/pods': '3' })).toEqual([]);
    expect(hard({ 'requests.storage': '-1' })).toEqual([
      'spec.hard[requests.storage]: Invalid value: "-1": must be greater than or equal to 0',
    ]);
    expect(hard({ persistentvolumeclaims: '500m' })).toEqual([
      'spec.hard[persistentvolumeclaims]: Invalid value: "500m": must be an integer',
    ]);
    expect(hard({ storage: '1Gi', volumes: '1' })).toEqual([
      'spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota',
      'spec.hard[volumes]: Invalid value: "volumes": must be a standard resource type or fully qualified',
      'spec.hard[volumes]: Invalid value: "volumes": must be a standard resource for quota',
    ]);
  });

  test('scopes fit, and stay', () => {
    const scopes = (list: string[], amounts: Fields = { pods: '1' }) =>
      quota.create({ spec: { scopes: list, hard: amounts } });
    expect(scopes(['BestEffort'])).toEqual([]);
    expect(scopes(['BestEffort'], { cpu: '1' })).toEqual([
      'spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource',
    ]);
    expect(scopes(['BestEffort', 'NotBestEffort'])).toEqual([
      'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes',
    ]);
    expect(scopes(['Some'])).toEqual(['spec.scopes: Invalid value: ["Some"]: unsupported scope']);
    expect(quota.update({ spec: { scopes: ['BestEffort'] } }, { spec: {} })).toEqual([
      'spec.scopes: Invalid value: null: field is immutable',
    ]);
  });

  test('so do selectors of scopes', () => {
    const said = (requirement: object, hard: Fields = { pods: '1' }, version = 'all') => {
      const scopeSelector = { matchExpressions: [requirement] };
      return quota.create({ spec: { hard, scopeSelector } }, { version });
    };
    const at = 'spec.scopeSelector.matchExpressions';
    expect(said({ scopeName: 'PriorityClass', operator: 'In', values: ['a'] })).toEqual([]);
    expect(said({ scopeName: 'PriorityClass', operator: 'In' })).toEqual([
      `${at}.values: Required value: must be at least one value when \`operator\` is 'In' or 'NotIn' for scope selector`,
    ]);
    expect(said({ scopeName: 'Some', operator: 'Is' })).toEqual([
      `${at}.scopeName: Invalid value: "Some": unsupported scope`,
      `${at}.operator: Invalid value: "Is": not a valid selector operator`,
    ]);
    expect(said({ scopeName: 'BestEffort', operator: 'Exists' }, { cpu: '1' })).toEqual([
      `${at}: Invalid value: {"matchExpressions":[{"scopeName":"BestEffort","operator":"Exists"}]}: unsupported scope applied to resource`,
    ]);
    const plain = { scopeName: 'BestEffort', operator: 'DoesNotExist' };
    const scopes =
      'ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort';
    const more = 'ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity';
    const start = `${at}.operator: Invalid value: "DoesNotExist": must be`;
    expect(said(plain)).toEqual([`${start} 'Exists' when scope is any of ${scopes}, ${more}`]);
    expect(said(plain, {}, '1.30')).toEqual([
      `${start} 'Exist' when scope is any of ${scopes}, ${more}`,
    ]);
    expect(said(plain, {}, '1.20')).toEqual([
      `${start} 'Exist' only operator when scope is any of ${scopes} and ResourceQuotaScopeNotBestEffort`,
    ]);
    const claims = { scopeName: 'VolumeAttributesClass', operator: 'Exists' };
    expect(said(claims, { 'requests.storage': '1Gi' })).toEqual([]);
  });
});

describe('Node', () => {
  const node = subject('v1', 'Node', {});

  test('taints are told as a part of the metadata', () => {
    const taint = { key: 'a', effect: 'NoSchedule' };
    const others = [{ key: 'b' }, { key: 'c', effect: 'Never' }];
    expect(node.create({ spec: { taints: [taint, taint, ...others] } })).toEqual([
      'metadata.taints[1]: Duplicate value: {"Key":"a","Value":"","Effect":"NoSchedule","TimeAdded":null}: taints must be unique by key and effect pair',
      'metadata.taints[2].effect: Required value',
      'metadata.taints[3].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ]);
  });

  test('what is set once stays', () => {
    const before = { spec: { podCIDRs: ['10.0.0.0/24'], providerID: 'a' } };
    expect(node.update({}, before)).toEqual([]);
    expect(node.update(before, { spec: { podCIDRs: ['10.0.1.0/24'] } })).toEqual([
      'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
    ]);
  });

  test('its status', () => {
    const address = { type: 'InternalIP', address: '10.0.0.1' };
    const status = { capacity: { pods: '1500m' }, addresses: [address, address] };
    expect(node.update({}, { status }, { subresource: 'status' })).toEqual([
      'status.capacity.pods: Invalid value: "1500m": must be an integer',
      'status.addresses[1]: Duplicate value: {"Type":"InternalIP","Address":"10.0.0.1"}',
    ]);
  });
});

describe('Namespace', () => {
  const namespace = subject('v1', 'Namespace', {});

  test('finalizers and phase', () => {
    expect(namespace.create({ spec: { finalizers: ['mine', 'example.com/mine'] } })).toEqual([
      'spec.finalizers: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
    ]);
    const status = { phase: 'Terminating' };
    expect(namespace.update({}, { status }, { subresource: 'status' })).toEqual([
      'status.Phase: Invalid value: "Terminating": may only be \'Active\' if `deletionTimestamp` is empty',
    ]);
  });

  test('finalizers by the subresource', () => {
    const api = server();
    const edit = () =>
      api.edit('Namespace', 'default', (draft) => (draft.spec = { finalizers: ['mine'] }), {
        subresource: 'finalize',
      });
    expect(refusals(edit)).toEqual([
      'spec.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
    ]);
  });
});

describe('Service', () => {
  const service = subject('v1', 'Service', { metadata: METADATA });
  const of = (...ports: Fields[]) => service.create({ spec: { ports } });

  test('ports', () => {
    expect(service.create({ spec: {} })).toEqual(['spec.ports: Required value']);
    expect(service.create({ spec: { clusterIP: 'None' } })).toEqual([]);
    expect(of({ port: 0 }, { port: 80, name: 'a', protocol: 'ICMP' })).toEqual([
      'spec.ports[0].name: Required value',
      'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
      'spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive',
      'spec.ports[1].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"',
    ]);
    expect(of({ port: 80, name: 'a' }, { port: 80, name: 'a', targetPort: '-' })).toEqual([
      'spec.ports[1].name: Duplicate value: "a"',
      'spec.ports[1].targetPort: Invalid value: "-": must contain at least one letter (a-z)',
      'spec.ports[1].targetPort: Invalid value: "-": must not begin or end with a hyphen',
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
    ]);
    expect(of({ port: 80, nodePort: 30_000 })).toEqual([
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    ]);
  });

  test('types', () => {
    const typed = (type: string, more: Fields = {}) =>
      service.create({ spec: { type, ports: [{ port: 80 }], ...more } });
    expect(typed('Internal')).toEqual([
      'spec.type: Unsupported value: "Internal": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ]);
    expect(typed('ExternalName')).toEqual(['spec.externalName: Required value']);
    expect(typed('ExternalName', { externalName: 'example.com.' })).toEqual([]);
    expect(typed('NodePort', { clusterIP: 'None' })).toEqual([
      `spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services`,
    ]);
    expect(typed('LoadBalancer', { ports: [{ port: 10_250 }] })).toEqual([
      'spec.ports[0]: Invalid value: 10250: may not expose port 10250 externally since it is used by kubelet',
    ]);
    expect(typed('ClusterIP', { externalIPs: ['127.0.0.1', 'x'] })).toEqual([
      'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      'spec.externalIPs[1]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ]);
  });
});

describe('Endpoints', () => {
  const endpoints = subject('v1', 'Endpoints', { metadata: METADATA });
  const of = (subset: Fields) => endpoints.create({ subsets: [subset] });
  const at = 'subsets[0]';

  test('addresses and ports', () => {
    const address = { ip: '10.0.0.1' };
    expect(of({ addresses: [address], ports: [{ port: 80 }] })).toEqual([]);
    expect(of({})).toEqual([
      `${at}: Required value: must specify \`addresses\` or \`notReadyAddresses\``,
    ]);
    expect(of({ addresses: [{ ip: '0.0.0.0', nodeName: 'N' }] })).toEqual([
      `${at}.addresses[0].nodeName: Invalid value: "N": ${SUBDOMAIN}`,
      `${at}.addresses[0].ip: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)`,
    ]);
    expect(of({ notReadyAddresses: [{ ip: 'fe80::1' }] })).toEqual([
      `${at}.notReadyAddresses[0].ip: Invalid value: "fe80::1": may not be in the link-local range (169.254.0.0/16, fe80::/10)`,
    ]);
    expect(of({ addresses: [address], ports: [{ port: 1, name: 'a' }, { port: 0 }] })).toEqual([
      `${at}.ports[1].name: Required value`,
      `${at}.ports[1].port: Invalid value: 0: must be between 1 and 65535, inclusive`,
    ]);
  });
});

describe('Event', () => {
  const event = subject('v1', 'Event', {
    metadata: METADATA,
    involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
  });

  test('it is where its object is', () => {
    expect(event.create({})).toEqual([]);
    expect(event.create({ involvedObject: { namespace: 'other' } })).toEqual([
      'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
    ]);
    expect(event.create({ involvedObject: { kind: 'Node', namespace: undefined } })).toEqual([]);
  });

  test('the newer form says who did what', () => {
    const eventTime = '2024-01-01T00:00:00.000000Z';
    const more = { reportingInstance: 'i', action: 'a', reason: 'r'.repeat(129) };
    expect(event.create({ eventTime, reportingComponent: 'k', ...more })).toEqual([
      'reason: Invalid value: "": can have at most 128 characters',
    ]);
    const fields = event.create({ eventTime }).map((error) => error.split(':')[0]);
    expect([...new Set(fields)]).toEqual([
      'reportingComponent',
      'reportingInstance',
      'action',
      'reason',
    ]);
  });
});
