import type { PersistentVolumeSpec } from '../../types.ts';
import type { SourceContext, SourceRule } from '../volumes/context.ts';
import * as disks from '../volumes/disks.ts';
import { hostPath } from '../volumes/files.ts';
import * as network from '../volumes/network.ts';
import { csiPersistent } from '../volumes/references.ts';

type SourceField = Exclude<
  keyof PersistentVolumeSpec,
  | 'capacity'
  | 'accessModes'
  | 'claimRef'
  | 'persistentVolumeReclaimPolicy'
  | 'storageClassName'
  | 'mountOptions'
  | 'volumeMode'
  | 'nodeAffinity'
  | 'volumeAttributesClassName'
>;

type AnyRule = (source: never, at: string, context: SourceContext) => void;

const rule = <Source>(of: SourceRule<Source>): AnyRule => of as AnyRule;

/** In the order in which they are looked at: the first that is there counts. */
const SOURCES: Readonly<Record<SourceField, AnyRule>> = {
  hostPath: rule(hostPath),
  gcePersistentDisk: rule(disks.gcePersistentDisk),
  awsElasticBlockStore: rule(disks.awsElasticBlockStore),
  glusterfs: rule(network.glusterfs),
  flocker: rule(disks.flocker),
  nfs: rule(network.nfs),
  rbd: rule(network.rbd),
  quobyte: rule(network.quobyte),
  cephfs: rule(network.cephfs),
  iscsi: rule(network.iscsi),
  cinder: rule(disks.cinder),
  fc: rule(disks.fc),
  flexVolume: rule(disks.flexVolume),
  azureFile: rule(disks.azureFile),
  vsphereVolume: rule(disks.vsphereVolume),
  photonPersistentDisk: rule(disks.photonPersistentDisk),
  portworxVolume: rule(disks.portworxVolume),
  azureDisk: rule(disks.azureDisk),
  scaleIO: rule(disks.scaleIO),
  local: rule(disks.local),
  storageos: rule(disks.storageos),
  csi: rule(csiPersistent),
};

/** The fields of a PersistentVolume's spec that say what it is made of. */
export const sourceFields = Object.keys(SOURCES) as SourceField[];

/** How errors name what is in a source, where that is not by its field. */
const INNER: Partial<Record<SourceField, string>> = { gcePersistentDisk: 'persistentDisk' };

/** How errors name one too many, where that is not by its field. */
const SURPLUS: Partial<Record<SourceField, string>> = { cephfs: 'cephFS' };

/** What a volume is looked at with. `annotatedAffinity`: an annotation says where it is. */
export type VolumeContext = Pick<SourceContext, 'errors' | 'rules' | 'name'> & {
  readonly annotatedAffinity?: boolean;
};

/** V79: one source, and that one right. A flexVolume beside another is not noticed. */
export function validateVolumeSource(
  at: string,
  spec: Partial<PersistentVolumeSpec>,
  context: VolumeContext,
): void {
  const { errors } = context;
  let found = false;
  for (const field of sourceFields) {
    const source = spec[field];
    if (source === undefined) continue;
    if (found && field !== 'flexVolume') {
      const surplus = `${at}.${SURPLUS[field] ?? field}`;
      errors.forbidden(surplus, 'may not specify more than 1 volume type');
    } else {
      const inner = `${at}.${INNER[field] ?? field}`;
      SOURCES[field](source as never, inner, { ...context, at, owner: 'PersistentVolume' });
      if (field === 'local') validateLocal(at, spec, context);
    }
    found = true;
  }
  if (!found) errors.required(at, 'must specify a volume type');
}

/** V82. At first the affinity was an annotation. */
function validateLocal(
  at: string,
  { nodeAffinity }: Partial<PersistentVolumeSpec>,
  { errors, rules, annotatedAffinity }: VolumeContext,
): void {
  if (nodeAffinity || annotatedAffinity) return;
  const field = rules.before('1.15') ? 'metadata.annotations' : `${at}.nodeAffinity`;
  errors.required(field, 'Local volume requires node affinity');
}
