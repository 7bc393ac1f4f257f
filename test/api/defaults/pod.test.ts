import { describe, expect, test } from 'vitest';
import type { Pod, Volume } from '../../../src/api/index.ts';
import { container, pod, type Rules, server } from '../validation/refusals.ts';

/** A Pod as it is stored. */
function stored(spec: object, rules?: Rules): Pod['spec'] {
  const [made] = server(rules).create(pod(spec));
  return made?.['spec'] as Pod['spec'];
}

function volume(source: object, rules?: Rules): Volume {
  return stored({ volumes: [{ name: 'v', ...source }] }, rules).volumes?.[0] as Volume;
}

const MODE = 0o644;

describe('volumes', () => {
  test('one without a source is an emptyDir, without more', () => {
    expect(volume({})).toEqual({ name: 'v', emptyDir: {} });
    expect(volume({ emptyDir: { medium: '' } })).toEqual({ name: 'v', emptyDir: { medium: '' } });
  });

  test.each<[string, object, object]>([
    ['secret', { secretName: 's' }, { defaultMode: MODE }],
    [
      'configMap',
      { name: 'c', items: [{ key: 'k', path: 'p', mode: 0o600 }] },
      { defaultMode: MODE, items: [{ key: 'k', path: 'p', mode: 0o600 }] },
    ],
    [
      'downwardAPI',
      { items: [{ path: 'n', fieldRef: { fieldPath: 'metadata.name' } }] },
      {
        defaultMode: MODE,
        items: [{ path: 'n', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } }],
      },
    ],
    [
      'projected',
      { sources: [{ serviceAccountToken: { path: 't' } }] },
      {
        defaultMode: MODE,
        sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 3600 } }],
      },
    ],
    ['hostPath', { path: '/a' }, { path: '/a', type: '' }],
    [
      'iscsi',
      { targetPortal: 'p', iqn: 'iqn.2001-04.com.example', lun: 0 },
      { iscsiInterface: 'default' },
    ],
    [
      'rbd',
      { monitors: ['m'], image: 'i' },
      { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
    ],
    [
      'scaleIO',
      { gateway: 'g', system: 's', volumeName: 'v', secretRef: { name: 's' } },
      { storageMode: 'ThinProvisioned', fsType: 'xfs' },
    ],
    [
      'azureDisk',
      { diskName: 'd', diskURI: 'https://x' },
      { cachingMode: 'ReadWrite', fsType: 'ext4', kind: 'Shared', readOnly: false },
    ],
  ])('%s', (type, source, defaults) => {
    expect(volume({ [type]: source })).toMatchObject({ [type]: defaults });
  });

  test('hostPath has no type before 1.8', () => {
    expect(volume({ hostPath: { path: '/a' } }, { version: '1.7' })).toEqual({
      name: 'v',
      hostPath: { path: '/a' },
    });
  });

  test('the claim of an ephemeral one is of files', () => {
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1' } } };
    const made = volume({ ephemeral: { volumeClaimTemplate: { spec } } });
    expect(made.ephemeral?.volumeClaimTemplate?.spec.volumeMode).toBe('Filesystem');
  });
});

describe('containers', () => {
  test.each([
    ['busybox', 'Always'],
    ['busybox:latest', 'Always'],
    ['busybox:1', 'IfNotPresent'],
    ['host.example.com:5000/a/b', 'Always'],
    ['host.example.com:5000/a/b:1', 'IfNotPresent'],
    ['busybox@sha256:0123', 'IfNotPresent'],
    ['busybox:latest@sha256:0123', 'Always'],
    ['Not An Image', 'IfNotPresent'],
  ])('the image %s is pulled %s', (image, policy) => {
    const { containers } = stored({ containers: [container({ image })] });
    expect(containers[0]?.imagePullPolicy).toBe(policy);
    expect(volume({ image: { reference: image } }).image?.pullPolicy).toBe(policy);
  });

  test('messages, requests and handlers', () => {
    const resources = { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '1' } };
    const lifecycle = { preStop: { httpGet: { port: 80 } } };
    const livenessProbe = { exec: { command: ['x'] } };
    const [made] = stored({
      containers: [container({ resources, lifecycle, livenessProbe })],
    }).containers;
    expect(made).toMatchObject({
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      resources: { requests: { cpu: '1', memory: '1Gi' } },
      lifecycle: { preStop: { httpGet: { path: '/', scheme: 'HTTP' } } },
      livenessProbe: {
        timeoutSeconds: 1,
        periodSeconds: 10,
        successThreshold: 1,
        failureThreshold: 3,
      },
    });
  });

  test('a port in the network of the host is the host’s', () => {
    const containers = [container({ ports: [{ containerPort: 80 }] })];
    expect(stored({ hostNetwork: true, containers }).containers[0]?.ports).toEqual([
      { containerPort: 80, hostPort: 80, protocol: 'TCP' },
    ]);
  });
});

describe('Pods', () => {
  test('policies, grace, security', () => {
    expect(stored({})).toMatchObject({
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      terminationGracePeriodSeconds: 30,
      securityContext: {},
      schedulerName: 'default-scheduler',
      enableServiceLinks: true,
      serviceAccountName: 'default',
    });
  });

  test('amounts are rounded up to thousandths', () => {
    const resources = { requests: { cpu: '1.0001' }, limits: { cpu: '2500u' } };
    const made = server().create({
      apiVersion: 'v1',
      kind: 'PodTemplate',
      metadata: { name: 't' },
      template: { spec: { containers: [container({ resources: { requests: { cpu: '100u' } } })] } },
    })[0];
    expect(JSON.stringify(made)).toContain('"requests":{"cpu":"1m"}');
    const both = { requests: { cpu: '0.0005' }, limits: resources.limits };
    const [first] = stored({ containers: [container({ resources: both })] }).containers;
    expect(first?.resources).toEqual({ requests: { cpu: '1m' }, limits: { cpu: '3m' } });
  });
});
