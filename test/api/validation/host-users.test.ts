import { expect, test } from 'vitest';
import { ApiServer, createVersionRules, type Pod, Store } from '../../../src/api/index.ts';
import { Random } from '../../../src/sim/index.ts';
import { container, pod, podErrors, refusals, server } from './refusals.ts';

const OF_127 = 'when `pod.Spec.HostUsers` is false';

test('until 1.27 a Pod with users of its own has files of the kubelet only', () => {
  const gates = { UserNamespacesStatelessPodsSupport: true };
  const items = [{ path: 'a', fieldRef: { fieldPath: 'metadata.name' } }];
  const volumes = [
    { name: 'a', hostPath: { path: '/a' } },
    { name: 'b', emptyDir: {} },
    { name: 'c', secret: { secretName: 's' } },
    { name: 'd', downwardAPI: { items } },
    { name: 'e', configMap: { name: 'm' } },
    { name: 'f', projected: { sources: [{ secret: { name: 's' } }] } },
    { name: 'g', persistentVolumeClaim: { claimName: 'c' } },
  ];
  const said = (version: string, on: object = gates): string[] =>
    podErrors({ hostUsers: false, volumes }, { version, gates: on as Record<string, boolean> });
  const not = `Forbidden: volume type not supported ${OF_127}`;
  const two = [`spec.volumes[0]: ${not}`, `spec.volumes[6]: ${not}`];
  expect(said('1.25')).toEqual(two);
  expect(said('1.27')).toEqual(two);
  expect(said('1.28', { UserNamespacesSupport: true })).toEqual([]);
  expect(said('1.27', {})).toEqual([]);
});

test('the gate was another until 1.27', () => {
  const stored = (version: string, gates: Record<string, boolean> = {}): unknown => {
    const api = server({ version, gates });
    api.create(pod({ hostUsers: false }));
    return api.get('Pod', 'p')?.spec.hostUsers;
  };
  expect(stored('1.24')).toBeUndefined();
  expect(stored('1.27')).toBeUndefined();
  expect(stored('1.27', { UserNamespacesStatelessPodsSupport: true })).toBe(false);
  expect(stored('1.28', { UserNamespacesStatelessPodsSupport: true })).toBeUndefined();
  expect(stored('1.28', { UserNamespacesSupport: true })).toBe(false);
  expect(stored('1.33')).toBe(false);
});

test('namespaces of the host', () => {
  const spec = { hostUsers: false, hostNetwork: true, hostPID: true, hostIPC: true };
  const of = (detail: string): string[] =>
    ['hostNetwork', 'HostPID', 'HostIPC'].map((field) => `spec.${field}: Forbidden: ${detail}`);
  expect(podErrors(spec, { version: '1.33' })).toEqual(of(OF_127));
  expect(podErrors(spec, { version: '1.34' })).toEqual(of('when `hostUsers` is false'));
  const gates = { UserNamespacesHostNetworkSupport: true };
  expect(podErrors(spec, { version: '1.35', gates })).toEqual(
    of('when `hostUsers` is false').slice(1),
  );
});

test('devices, since 1.34, but for Pods that have them', () => {
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }];
  const containers = [container({ volumeDevices: [{ name: 'v', devicePath: '/d' }] })];
  const spec = { hostUsers: false, volumes, containers };
  expect(podErrors(spec, { version: '1.33' })).toEqual([]);
  expect(podErrors(spec, { version: '1.34' })).toEqual([
    'spec.containers[0].volumeDevices: Forbidden: when `hostUsers` is false',
  ]);
  const rules = createVersionRules('1.34');
  const given = { clock: { now: 0 }, random: new Random(0), rules };
  const store = new Store(given);
  const api = new ApiServer({ ...given, store });
  const made = pod(spec, { namespace: 'default' }) as unknown as Parameters<Store['create']>[0];
  store.create(made);
  const touch = (it: Pod): void => void (it.metadata.labels = { a: 'b' });
  expect(refusals(() => api.edit('Pod', 'p', touch))).toEqual([]);
});
