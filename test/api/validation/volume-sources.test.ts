import { describe, expect, test } from 'vitest';
import { LABEL, MODE, podErrors, SUBDOMAIN, volumeErrors } from './refusals.ts';

const RELATIVE = 'must be a relative path';
const BACK = "must not contain '..'";
const RESERVED = "must not start with '..'";
const lun = (value: number): string =>
  `Invalid value: ${value}: must be between 0 and 255, inclusive`;
const iqn = 'iqn.2001-04.com.example:storage';
const required = (...fields: string[]): string[] =>
  fields.map((field) => `.${field}: Required value`);

/** Each: what it is about, the source, and what is said of it. */
const rows: readonly (readonly [title: string, source: object, said: readonly string[]])[] = [
  [
    'V10 sizeLimit is not negative',
    { emptyDir: { sizeLimit: '-1' } },
    ['.emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity'],
  ],
  ['V10 sizeLimit 0 is fine', { emptyDir: { sizeLimit: '0' } }, []],
  ['V10 any medium passes', { emptyDir: { medium: 'Nonsense' } }, []],
  ['V11 path', { hostPath: { path: '', type: 'x' } }, required('hostPath.path')],
  [
    'V11 no ..',
    { hostPath: { path: '/a/../../b' } },
    [`.hostPath.path: Invalid value: "/a/../../b": ${BACK}`],
  ],
  ['V11 relative, Windows and odd paths', { hostPath: { path: 'C:\\x' } }, []],
  ['V11 ..a is no ..', { hostPath: { path: '/..a/b..' } }, []],
  [
    'V11 types',
    { hostPath: { path: '/a', type: 'Dir' } },
    [
      '.hostPath.type: Unsupported value: "Dir": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
  ],
  ['V12 repository', { gitRepo: {} }, required('gitRepo.repository')],
  [
    'V12 directory goes down',
    { gitRepo: { repository: 'r', directory: '/a/../b' } },
    [
      `.gitRepo.directory: Invalid value: "/a/../b": ${RELATIVE}`,
      `.gitRepo.directory: Invalid value: "/a/../b": ${BACK}`,
    ],
  ],
  [
    'V12 . and ..a are fine, and any revision',
    { gitRepo: { repository: 'r', directory: '..a/.', revision: '-x' } },
    [],
  ],
  [
    'V13 pdName, named otherwise',
    { gcePersistentDisk: { partition: 256 } },
    [
      '.persistentDisk.pdName: Required value',
      '.persistentDisk.partition: Invalid value: 256: must be between 1 and 255, inclusive',
    ],
  ],
  ['V13 partition 0 passes', { gcePersistentDisk: { pdName: 'd', partition: 0 } }, []],
  [
    'V14 volumeID',
    { awsElasticBlockStore: { partition: -1 } },
    [
      '.awsElasticBlockStore.volumeID: Required value',
      '.awsElasticBlockStore.partition: Invalid value: -1: must be between 1 and 255, inclusive',
    ],
  ],
  ['V15 secretName, of any form', { secret: { secretName: '' } }, required('secret.secretName')],
  ['V15 any name', { secret: { secretName: 'No Name!' } }, []],
  [
    'V15 defaultMode',
    { secret: { secretName: 's', defaultMode: 0o1000 } },
    [`.secret.defaultMode: Invalid value: 512: ${MODE}`],
  ],
  [
    'V16 name',
    { configMap: { defaultMode: -1 } },
    ['.configMap.name: Required value', `.configMap.defaultMode: Invalid value: -1: ${MODE}`],
  ],
  [
    'KP key and path',
    { secret: { secretName: 's', items: [{ key: '', path: '' }] } },
    ['.secret.items[0].key: Required value', '.secret.items[0].path: Required value'],
  ],
  [
    'KP path: .. alone is said twice',
    { configMap: { name: 'c', items: [{ key: 'k', path: '..' }] } },
    [
      `.configMap.items[0].path: Invalid value: "..": ${BACK}`,
      `.configMap.items[0].path: Invalid value: "..": ${RESERVED}`,
    ],
  ],
  [
    'KP path: ../a once',
    { secret: { secretName: 's', items: [{ key: 'k', path: '../a' }] } },
    [`.secret.items[0].path: Invalid value: "../a": ${BACK}`],
  ],
  [
    'KP path: ..a is reserved',
    { secret: { secretName: 's', items: [{ key: 'k', path: '..a' }] } },
    [`.secret.items[0].path: Invalid value: "..a": ${RESERVED}`],
  ],
  [
    'KP path: /a is not relative',
    { secret: { secretName: 's', items: [{ key: 'k', path: '/a' }] } },
    [`.secret.items[0].path: Invalid value: "/a": ${RELATIVE}`],
  ],
  [
    'KP path: a/..b, ./a, a// and the same twice',
    {
      secret: {
        secretName: 's',
        items: ['a/..b', './a', 'a//', 'a//'].map((path) => ({ key: 'k', path })),
      },
    },
    [],
  ],
  [
    'KP mode',
    { configMap: { name: 'c', items: [{ key: 'k', path: 'p', mode: 0o1000 }] } },
    [`.configMap.items[0].mode: Invalid value: 512: ${MODE}`],
  ],
  [
    'V17 server and path',
    { nfs: { server: '', path: '' } },
    [
      '.nfs.server: Required value',
      '.nfs.path: Required value',
      '.nfs.path: Invalid value: "": must be an absolute path',
    ],
  ],
  [
    'V17 absolute',
    { nfs: { server: 's', path: 'a' } },
    ['.nfs.path: Invalid value: "a": must be an absolute path'],
  ],
  [
    'V18 targetPortal, iqn, lun',
    { iscsi: { lun: 256 } },
    [
      '.iscsi.targetPortal: Required value',
      '.iscsi.iqn: Required value',
      `.iscsi.lun: ${lun(256)}`,
    ],
  ],
  [
    'V18 iqn: how it starts',
    { iscsi: { targetPortal: 'p', iqn: 'abc', lun: 0 } },
    ['.iscsi.iqn: Invalid value: "abc": must be valid format starting with iqn, eui, or naa'],
  ],
  ...['iqn.2001-04', 'iqn.201-04.com', 'eui.0123', 'naa.62004567BA64678D'].map(
    (text) =>
      [
        'V18 iqn: its form',
        { iscsi: { targetPortal: 'p', iqn: text, lun: 0 } },
        [`.iscsi.iqn: Invalid value: "${text}": must be valid format`],
      ] as const,
  ),
  ...[
    iqn,
    'iqn.2001-04.com.example',
    'eui.0123456789ABCDEF',
    'naa.62004567BA64678D0123456789ABCDEF',
  ].map(
    (text) =>
      [`V18 ${text} is fine`, { iscsi: { targetPortal: 'p', iqn: text, lun: 0 } }, []] as const,
  ),
  [
    'V18 chap needs a secret',
    { iscsi: { targetPortal: 'p', iqn, lun: 0, chapAuthSession: true } },
    required('iscsi.secretRef'),
  ],
  [
    'V18 initiatorName',
    { iscsi: { targetPortal: 'p', iqn, lun: 0, initiatorName: 'x' } },
    [
      '.iscsi.initiatorname: Invalid value: "x": must be valid format starting with iqn, eui, or naa',
    ],
  ],
  [
    'V18 initiatorName: name and portal are short',
    { iscsi: { targetPortal: 'p'.repeat(63), iqn, lun: 0, initiatorName: iqn } },
    [
      '.name: Invalid value: "v": Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.',
    ],
  ],
  ['V19 endpoints and path', { glusterfs: {} }, required('glusterfs.endpoints', 'glusterfs.path')],
  [
    'V20 one of two',
    { flocker: {} },
    ['.flocker: Required value: one of datasetName and datasetUUID is required'],
  ],
  [
    'V20 not both',
    { flocker: { datasetName: 'a/b', datasetUUID: 'u' } },
    [
      '.flocker: Invalid value: "resource": datasetName and datasetUUID can not be specified simultaneously',
      '.flocker.datasetName: Invalid value: "a/b": must not contain \'/\'',
    ],
  ],
  [
    'V21 claimName',
    { persistentVolumeClaim: { claimName: '' } },
    required('persistentVolumeClaim.claimName'),
  ],
  ['V21 of any form', { persistentVolumeClaim: { claimName: 'No Name!' } }, []],
  ['V22 monitors and image', { rbd: { monitors: [] } }, required('rbd.monitors', 'rbd.image')],
  [
    'V23 volumeID and secretRef.name',
    { cinder: { secretRef: {} } },
    required('cinder.volumeID', 'cinder.secretRef.name'),
  ],
  ['V24 monitors', { cephfs: { monitors: [] } }, required('cephfs.monitors')],
  [
    'V25 registry and volume',
    { quobyte: {} },
    [
      '.quobyte.registry: Required value: must be a host:port pair or multiple pairs separated by commas',
      '.quobyte.volume: Required value',
    ],
  ],
  [
    'V25 pairs',
    { quobyte: { registry: 'a:1,b', volume: 'v' } },
    [
      '.quobyte.registry: Invalid value: "a:1,b": must be a host:port pair or multiple pairs separated by commas',
    ],
  ],
  [
    'V25 tenant',
    { quobyte: { registry: 'a:1,b', volume: 'v', tenant: 't'.repeat(65) } },
    [
      '.quobyte.tenant: Required value: must be a UUID and may not exceed a length of 64 characters',
    ],
  ],
  ['V25 fine', { quobyte: { registry: 'a:1,[::1]:2', volume: 'v', tenant: 't'.repeat(64) } }, []],
  [
    'V26 one of two',
    { fc: {} },
    ['.fc.targetWWNs: Required value: must specify either targetWWNs or wwids, but not both'],
  ],
  [
    'V26 not both, and a lun',
    { fc: { targetWWNs: ['a'], wwids: ['b'] } },
    [
      '.fc.targetWWNs: Invalid value: ["a"]: targetWWNs and wwids can not be specified simultaneously',
      '.fc.lun: Required value: lun is required if targetWWNs is specified',
    ],
  ],
  ['V26 lun', { fc: { targetWWNs: ['a'], lun: -1 } }, [`.fc.lun: ${lun(-1)}`]],
  ['V26 wwids need no lun', { fc: { wwids: ['a'] } }, []],
  ['V27 driver', { flexVolume: {} }, required('flexVolume.driver')],
  ...['kubernetes.io/x', 'K8s.io', 'a.kubernetes.io/b/c', 'x.k8s.io'].map(
    (key) =>
      [
        'V27 reserved options',
        { flexVolume: { driver: 'd', options: { [key]: '' } } },
        [
          `.flexVolume.options[${key}]: Invalid value: "${key}": kubernetes.io and k8s.io namespaces are reserved`,
        ],
      ] as const,
  ),
  [
    'V27 other options',
    { flexVolume: { driver: 'd', options: { 'akubernetes.io/x': '', 'x/k8s.io': '' } } },
    [],
  ],
  [
    'V28 secretName and shareName',
    { azureFile: {} },
    required('azureFile.secretName', 'azureFile.shareName'),
  ],
  [
    'V29 names and kinds',
    { azureDisk: { cachingMode: 'x', kind: 'y' } },
    [
      '.azureDisk.diskName: Required value',
      '.azureDisk.diskURI: Required value',
      '.azureDisk.cachingMode: Unsupported value: "x": supported values: "None", "ReadOnly", "ReadWrite"',
      '.azureDisk.kind: Unsupported value: "y": supported values: "Dedicated", "Managed", "Shared"',
      '.azureDisk.diskURI: Unsupported value: "": supported values: "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"',
    ],
  ],
  [
    'V29 managed',
    { azureDisk: { diskName: 'd', diskURI: 'https://x', kind: 'Managed' } },
    [
      '.azureDisk.diskURI: Unsupported value: "https://x": supported values: "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"',
    ],
  ],
  ['V30 volumePath', { vsphereVolume: {} }, required('vsphereVolume.volumePath')],
  ['V30 pdID', { photonPersistentDisk: {} }, required('photonPersistentDisk.pdID')],
  ['V30 volumeID', { portworxVolume: {} }, required('portworxVolume.volumeID')],
  [
    'V31 gateway, system, volumeName',
    { scaleIO: {} },
    required('scaleIO.gateway', 'scaleIO.system', 'scaleIO.volumeName'),
  ],
  [
    'V32 volumeName',
    { storageos: { secretRef: {} } },
    required('storageos.volumeName', 'storageos.secretRef.name'),
  ],
  [
    'V32 labels',
    { storageos: { volumeName: 'V', volumeNamespace: 'N' } },
    [
      `.storageos.volumeName: Invalid value: "V": ${LABEL}`,
      `.storageos.volumeNamespace: Invalid value: "N": ${LABEL}`,
    ],
  ],
  [
    'V33 driver',
    { csi: { driver: '', nodePublishSecretRef: {} } },
    required('csi.driver', 'csi.nodePublishSecretRef.name'),
  ],
  [
    'V33 driver: long',
    { csi: { driver: 'd'.repeat(64) } },
    ['.csi.driver: Too long: may not be more than 63 bytes'],
  ],
  [
    'V33 driver: its form, in lower case',
    { csi: { driver: 'My_Driver' } },
    [`.csi.driver: Invalid value: "My_Driver": ${SUBDOMAIN}`],
  ],
  ['V33 driver: capitals are fine', { csi: { driver: 'My.Driver' } }, []],
  [
    'V33 nodePublishSecretRef, named otherwise',
    { csi: { driver: 'd', nodePublishSecretRef: { name: 'S' } } },
    [`.csi.name: Invalid value: "S": ${SUBDOMAIN}`],
  ],
  ['V34 template', { ephemeral: {} }, required('ephemeral.volumeClaimTemplate')],
  [
    'V34 metadata: labels and annotations only',
    {
      ephemeral: {
        volumeClaimTemplate: {
          metadata: { name: 'n', finalizers: ['a/b'], labels: { a: 'b' } },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1' } } },
        },
      },
    },
    [
      '.ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set',
      '.ephemeral.volumeClaimTemplate.metadata.finalizers: Forbidden: cannot be set',
    ],
  ],
  [
    'V34 spec',
    { ephemeral: { volumeClaimTemplate: { spec: {} } } },
    [
      '.ephemeral.volumeClaimTemplate.spec.accessModes: Required value: at least 1 access mode is required',
      '.ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value',
    ],
  ],
  ['V35 reference', { image: {} }, required('image.reference')],
  [
    'V35 pullPolicy',
    { image: { reference: 'r', pullPolicy: 'Some' } },
    [
      '.image.pullPolicy: Unsupported value: "Some": supported values: "Always", "IfNotPresent", "Never"',
    ],
  ],
];

describe('sources', () => {
  for (const [title, source, said] of rows) {
    test(`${title} ${said.length === 0 ? '' : '✗'} ${JSON.stringify(source).slice(0, 60)}`, () => {
      expect(volumeErrors(source)).toEqual(said);
    });
  }

  test('V10 mode, where there is one', () => {
    const rules = { gates: { EmptyDirVolumeMode: true } };
    expect(volumeErrors({ emptyDir: { mode: 0o2000 } }, rules)).toEqual([
      '.emptyDir.mode: Invalid value: 1024: must be between 0 and 1023, inclusive',
    ]);
  });

  test('a volume that nothing mounts is as good as any', () => {
    expect(podErrors({ volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }] })).toEqual([]);
  });
});

test('V18 before 1.35 an iqn ends with a name', () => {
  const said = (text: string): string[] =>
    volumeErrors({ iscsi: { targetPortal: 'p', iqn: text, lun: 0 } }, { version: '1.34' });
  expect(said('iqn.2001-04.com.example')).toEqual([
    '.iscsi.iqn: Invalid value: "iqn.2001-04.com.example": must be valid format',
  ]);
  expect(said(iqn)).toEqual([]);
  expect(said('iqnx-iqn.2001-04.com.example:storage')).toEqual([]);
});
