import type { Volume } from '../../types.ts';
import { isLabel } from '../names.ts';
import type { SourceContext, SourceRule } from './context.ts';
import * as disks from './disks.ts';
import { downwardAPI } from './downward.ts';
import * as files from './files.ts';
import * as network from './network.ts';
import { projected } from './projected.ts';
import { csi, ephemeral, persistentVolumeClaim } from './references.ts';

/** A source of a Pod's volume: its field, its rule, and how errors name it where that is something else. */
interface PodSource {
  readonly rule: (source: never, at: string, context: SourceContext) => void;
  /** In `may not specify more than 1 volume type`. */
  readonly second?: string;
  /** In errors of what is in it. */
  readonly inner?: string;
}

function source<Source>(rule: SourceRule<Source>, names: Omit<PodSource, 'rule'> = {}): PodSource {
  return { rule: rule as PodSource['rule'], ...names };
}

/** In the order in which they are looked at: the first that is there counts. */
const SOURCES: Readonly<Record<Exclude<keyof Volume, 'name'>, PodSource>> = {
  emptyDir: source(files.emptyDir),
  hostPath: source(files.hostPath),
  gitRepo: source(files.gitRepo),
  gcePersistentDisk: source(disks.gcePersistentDisk, { inner: 'persistentDisk' }),
  awsElasticBlockStore: source(disks.awsElasticBlockStore),
  secret: source(files.secret),
  nfs: source(network.nfs),
  iscsi: source(network.iscsi),
  glusterfs: source(network.glusterfs),
  flocker: source(disks.flocker),
  persistentVolumeClaim: source(persistentVolumeClaim),
  rbd: source(network.rbd),
  cinder: source(disks.cinder),
  cephfs: source(network.cephfs, { second: 'cephFS' }),
  quobyte: source(network.quobyte),
  downwardAPI: source(downwardAPI, { second: 'downwarAPI' }),
  fc: source(disks.fc),
  flexVolume: source(disks.flexVolume),
  configMap: source(files.configMap),
  azureFile: source(disks.azureFile),
  vsphereVolume: source(disks.vsphereVolume),
  photonPersistentDisk: source(disks.photonPersistentDisk),
  portworxVolume: source(disks.portworxVolume),
  azureDisk: source(disks.azureDisk),
  storageos: source(disks.storageos),
  projected: source(projected),
  scaleIO: source(disks.scaleIO),
  csi: source(csi),
  ephemeral: source(ephemeral),
  image: source(files.image),
};
const ORDER = Object.keys(SOURCES) as (keyof typeof SOURCES)[];

/** What the rules of a list of volumes look at besides. */
export type VolumesContext = Omit<SourceContext, 'name' | 'at'>;

/** V1–V7: a Pod's volumes. Returns those without an error, which mounts may name. Models ValidateVolumes. */
export function validateVolumes(
  volumes: readonly Volume[],
  at: string,
  context: VolumesContext,
): ReadonlyMap<string, Volume> {
  const { errors, rules, owner, podName, old } = context;
  const good = new Map<string, Volume>();
  const made = claimsOfPod(volumes, podName);
  volumes.forEach((volume, index) => {
    const field = `${at}[${index}]`;
    const before = errors.count;
    const name = volume.name ?? '';
    validateSources(volume, { errors, rules, owner, podName, old, at: field, name });
    if (name === '') errors.required(`${field}.name`);
    else for (const text of isLabel(name)) errors.invalid(`${field}.name`, name, text);
    if (name !== '' && good.has(name)) errors.duplicate(`${field}.name`, name);
    if (errors.count === before) good.set(name, volume);
    const claim = volume.persistentVolumeClaim?.claimName ?? '';
    if (!made.has(claim)) return;
    const detail = 'must not reference a PVC that gets created for an ephemeral volume';
    errors.invalid(`${field}.persistentVolumeClaim.claimName`, claim, detail);
  });
  return good;
}

function validateSources(volume: Volume, context: SourceContext): void {
  const { errors, at } = context;
  let found = false;
  for (const field of sourcesOf(volume)) {
    const value = volume[field];
    if (value === undefined) continue;
    const { rule, second = field, inner = field } = SOURCES[field];
    if (found) errors.forbidden(`${at}.${second}`, 'may not specify more than 1 volume type');
    else rule(value as never, `${at}.${inner}`, context);
    found = true;
  }
  if (!found) errors.required(at, 'must specify a volume type');
}

/** Most have one: only more than that have an order. */
function sourcesOf(volume: Volume): readonly (keyof typeof SOURCES)[] {
  const fields = (Object.keys(volume) as (keyof Volume)[]).filter((field) => field !== 'name');
  return fields.length > 1 ? ORDER : fields;
}

/** The claims that are made for ephemeral volumes of a Pod, once it has a name. */
function claimsOfPod(volumes: readonly Volume[], podName: string | undefined): Set<string> {
  if (!podName) return new Set();
  const own = volumes.filter(({ ephemeral }) => ephemeral);
  return new Set(own.map(({ name }) => `${podName}-${name}`));
}
