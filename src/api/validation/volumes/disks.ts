import type {
  AWSElasticBlockStoreVolumeSource,
  AzureDiskVolumeSource,
  AzureFilePersistentVolumeSource,
  AzureFileVolumeSource,
  CinderPersistentVolumeSource,
  CinderVolumeSource,
  FCVolumeSource,
  FlexPersistentVolumeSource,
  FlexVolumeSource,
  FlockerVolumeSource,
  GCEPersistentDiskVolumeSource,
  LocalVolumeSource,
  PhotonPersistentDiskVolumeSource,
  PortworxVolumeSource,
  ScaleIOVolumeSource,
  StorageOSPersistentVolumeSource,
  StorageOSVolumeSource,
  VsphereVirtualDiskVolumeSource,
} from '../../types.ts';
import { isLabel } from '../names.ts';
import { inRange, noBacksteps, requireFields } from '../paths.ts';
import type { SourceContext, SourceRule } from './context.ts';

/** V13. The text says 1, but 0 passes. */
export const gcePersistentDisk: SourceRule<GCEPersistentDiskVolumeSource> = (
  source,
  at,
  context,
) => {
  requireFields(context.errors, at, source, 'pdName');
  partition(context, at, source.partition);
};

/** V14. */
export const awsElasticBlockStore: SourceRule<AWSElasticBlockStoreVolumeSource> = (
  source,
  at,
  context,
) => {
  requireFields(context.errors, at, source, 'volumeID');
  partition(context, at, source.partition);
};

function partition({ errors }: SourceContext, at: string, value: number | undefined): void {
  if (value !== undefined && value !== 0) inRange(errors, `${at}.partition`, value, [1, 255]);
}

/** V20. */
export const flocker: SourceRule<FlockerVolumeSource> = (source, at, { errors }) => {
  const { datasetName = '', datasetUUID = '' } = source;
  if (!datasetName && !datasetUUID) {
    errors.required(at, 'one of datasetName and datasetUUID is required');
  }
  if (datasetName && datasetUUID) {
    const detail = 'datasetName and datasetUUID can not be specified simultaneously';
    errors.invalid(at, 'resource', detail);
  }
  if (datasetName.includes('/')) {
    errors.invalid(`${at}.datasetName`, datasetName, "must not contain '/'");
  }
};

/** V23. A PersistentVolume's secret has a namespace too. */
export const cinder: SourceRule<CinderVolumeSource | CinderPersistentVolumeSource> = (
  source,
  at,
  context,
) => {
  requireFields(context.errors, at, source, 'volumeID');
  secretRef(context, at, source.secretRef);
};

function secretRef(context: SourceContext, at: string, reference: object | undefined): void {
  if (!reference) return;
  const fields = context.owner === 'PersistentVolume' ? ['name', 'namespace'] : ['name'];
  requireFields(context.errors, `${at}.secretRef`, reference, ...fields);
}

/** V26. */
export const fc: SourceRule<FCVolumeSource> = (source, at, { errors, rules }) => {
  const { targetWWNs = [], wwids = [], lun } = source;
  const field = `${at}.targetWWNs`;
  if (rules.before('1.8')) {
    if (targetWWNs.length === 0) errors.required(field);
  } else if (targetWWNs.length === 0 && wwids.length === 0) {
    errors.required(field, 'must specify either targetWWNs or wwids, but not both');
  } else if (targetWWNs.length > 0 && wwids.length > 0) {
    const detail = 'targetWWNs and wwids can not be specified simultaneously';
    errors.invalid(field, targetWWNs, detail);
  }
  if (targetWWNs.length === 0) return;
  if (lun === undefined) {
    errors.required(`${at}.lun`, 'lun is required if targetWWNs is specified');
  } else inRange(errors, `${at}.lun`, lun, [0, 255]);
};

/** V27. */
export const flexVolume: SourceRule<FlexVolumeSource | FlexPersistentVolumeSource> = (
  source,
  at,
  { errors },
) => {
  requireFields(errors, at, source, 'driver');
  for (const key of Object.keys(source.options ?? {})) {
    const [prefix = ''] = key.toLowerCase().split('/');
    if (/(^|\.)(kubernetes|k8s)\.io$/.test(prefix)) {
      const detail = 'kubernetes.io and k8s.io namespaces are reserved';
      errors.invalid(`${at}.options[${key}]`, key, detail);
    }
  }
};

/** V28. */
export const azureFile: SourceRule<AzureFileVolumeSource | AzureFilePersistentVolumeSource> = (
  source,
  at,
  { errors },
) => {
  requireFields(errors, at, source, 'secretName', 'shareName');
  if ('secretNamespace' in source && source.secretNamespace === '') {
    errors.required(`${at}.secretNamespace`);
  }
};

const MANAGED =
  '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
const BLOB = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';

/** V29. */
export const azureDisk: SourceRule<AzureDiskVolumeSource> = (source, at, { errors }) => {
  const { diskURI = '', cachingMode, kind } = source;
  requireFields(errors, at, source, 'diskName', 'diskURI');
  errors.oneOf(`${at}.cachingMode`, cachingMode, ['None', 'ReadOnly', 'ReadWrite']);
  errors.oneOf(`${at}.kind`, kind, ['Dedicated', 'Managed', 'Shared']);
  if (kind === 'Managed' && !diskURI.startsWith('/subscriptions/')) {
    errors.notSupported(`${at}.diskURI`, diskURI, [MANAGED]);
  }
  if (kind !== undefined && kind !== 'Managed' && !diskURI.startsWith('https://')) {
    errors.notSupported(`${at}.diskURI`, diskURI, [BLOB]);
  }
};

/** V30. */
export const vsphereVolume: SourceRule<VsphereVirtualDiskVolumeSource> = (source, at, context) => {
  requireFields(context.errors, at, source, 'volumePath');
};

/** V30. */
export const photonPersistentDisk: SourceRule<PhotonPersistentDiskVolumeSource> = (
  source,
  at,
  context,
) => {
  requireFields(context.errors, at, source, 'pdID');
};

/** V30. */
export const portworxVolume: SourceRule<PortworxVolumeSource> = (source, at, context) => {
  requireFields(context.errors, at, source, 'volumeID');
};

/** V31. */
export const scaleIO: SourceRule<Pick<ScaleIOVolumeSource, 'gateway' | 'system' | 'volumeName'>> = (
  source,
  at,
  context,
) => {
  requireFields(context.errors, at, source, 'gateway', 'system', 'volumeName');
};

/** V32. */
export const storageos: SourceRule<StorageOSVolumeSource | StorageOSPersistentVolumeSource> = (
  source,
  at,
  context,
) => {
  const { errors } = context;
  const { volumeName = '', volumeNamespace = '' } = source;
  if (volumeName === '') errors.required(`${at}.volumeName`);
  else for (const text of isLabel(volumeName)) errors.invalid(`${at}.volumeName`, volumeName, text);
  if (volumeNamespace !== '') {
    for (const text of isLabel(volumeNamespace)) {
      errors.invalid(`${at}.volumeNamespace`, volumeNamespace, text);
    }
  }
  secretRef(context, at, source.secretRef);
};

/** A PersistentVolume's local path; it may be relative, except in 1.10. */
export const local: SourceRule<LocalVolumeSource> = ({ path }, at, { errors, rules }) => {
  if (rules.before('1.14') && !rules.gate('PersistentLocalVolumes')) {
    return errors.forbidden(at, 'Local volumes are disabled by feature-gate');
  }
  if (!path) return errors.required(`${at}.path`);
  if (rules.version === '1.10' && !path.startsWith('/')) {
    errors.invalid(at, path, 'must be an absolute path');
  }
  noBacksteps(errors, `${at}.path`, path);
};
