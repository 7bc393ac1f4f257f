import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../../../src/api/index.ts';
import { server } from './refusals.ts';

/* Manifests that real clusters took are taken; their mistakes are told as real clusters tell them. */

const root = new URL('../../fixtures/', import.meta.url);
const files = readdirSync(root, { recursive: true })
  .map((file) => String(file).replaceAll('\\', '/'))
  .filter((file) => /\.ya?ml$/.test(file))
  .sort();

const VERSIONS = ['1.7', '1.9', '1.16', '1.25', '1.31', '1.35', 'all'];

/** Mistakes in them that every version refuses. */
const MISTAKES: Readonly<Record<string, string>> = {
  'kubernetes-examples/aws_ebs/aws-ebs-web.yaml':
    'spec.containers[0].ports[0].protocol: Unsupported value: "tcp"',
  'kubernetes-examples/cinder/cinder-web.yaml':
    'spec.containers[0].ports[0].protocol: Unsupported value: "tcp"',
  'kubernetes-examples/fibre_channel/fc.yaml':
    'cannot unmarshal string into Go struct field FCVolumeSource.spec.volumes.fc.lun of type int32',
  'kubernetes-examples/rbd/rbd.yaml': 'unknown field "spec.volumes[0].rbd.imageformat"',
  'kubernetes-examples/scaleio/pod.yaml':
    'unknown field "spec.volumes[0].scaleIO.protectionDoamin"',
  'kubernetes-examples/scaleio/sc-pvc.yaml': 'key "storageClassName" already set in map',
  'kubernetes-examples/storageos/storageos-pod.yaml': 'unknown field "spec.volumes[0].storageos',
  'kubernetes-examples/storageos/storageos-pv.yaml': 'unknown field "spec.storageos',
};

/** What some versions refuse: by file and version. */
const BY_VERSION: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'handbook/11-empty-dir-size-limit.yaml': {
    '1.7': 'SizeLimit field disabled by feature-gate for EmptyDir volumes',
  },
  'kubernetes-examples/nfs/nfs-pv.yaml': { '1.7': 'unknown field "spec.mountOptions"' },
};

/** Kinds that some version does not serve any more, or not yet, in that version of their group. */
const UNSERVED: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  '1.7': [
    ['Deployment', 'apps/v1'],
    ['StatefulSet', 'apps/v1'],
  ],
  '1.16': [['DaemonSet', 'extensions/v1beta1']],
  '1.25': [
    ['StorageClass', 'storage.k8s.io/v1beta1'],
    ['DaemonSet', 'extensions/v1beta1'],
  ],
  '1.31': [
    ['StorageClass', 'storage.k8s.io/v1beta1'],
    ['DaemonSet', 'extensions/v1beta1'],
  ],
  '1.35': [
    ['StorageClass', 'storage.k8s.io/v1beta1'],
    ['DaemonSet', 'extensions/v1beta1'],
  ],
};

function noMatches([kind, apiVersion]: readonly [string, string]): string {
  return `no matches for kind "${kind}" in version "${apiVersion}"`;
}

/** What is said of a file; undefined when it is taken. */
function said(file: string, version: string): string | undefined {
  try {
    server({ version }).apply(readFileSync(new URL(file, root), 'utf8'));
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}

describe.each(VERSIONS)('Kubernetes %s', (version) => {
  const expected = (file: string): string | undefined =>
    MISTAKES[file] ?? BY_VERSION[file]?.[version];

  test('takes what is right', () => {
    const right = files.filter((file) => expected(file) === undefined);
    const refused = right.flatMap((file) => said(file, version) ?? []);
    expect(new Set(refused)).toEqual(new Set(UNSERVED[version]?.map(noMatches)));
    expect(right.length).toBeGreaterThan(90);
  });

  test.each(files.filter((file) => expected(file) !== undefined))('refuses %s', (file) => {
    expect(said(file, version)).toContain(expected(file));
  });
});
