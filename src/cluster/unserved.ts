import {
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  persistentVolumeSources,
} from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import type { PluginRegistry } from '../plugin/index.ts';
import type { ClusterParts } from './cluster.ts';

/** Sources that stand for another one, and have no plugin of their own. */
const REFERENCES: ReadonlySet<string> = new Set(['persistentVolumeClaim', 'ephemeral']);

/** Why no plugin can mount a volume of a Pod, naming the field of the Pod or of the PersistentVolume; undefined when one can, or when it is not known yet. */
export function unservedSource(
  { store }: ClusterParts,
  plugins: PluginRegistry,
  pod: DeepReadonly<Pod>,
  index: number,
): string | undefined {
  const { name: _, ...sources } = pod.spec.volumes?.[index] ?? { name: '' };
  const claim = sources.persistentVolumeClaim?.claimName;
  if (claim === undefined) {
    const [field] = Object.keys(sources);
    return unserved(plugins, `spec.volumes[${index}]`, field);
  }
  const bound = store.get('PersistentVolumeClaim', pod.metadata.namespace, claim) as
    | DeepReadonly<PersistentVolumeClaim>
    | undefined;
  const volumeName = bound?.spec.volumeName;
  if (!volumeName) return undefined;
  const volume = store.get('PersistentVolume', undefined, volumeName) as
    | DeepReadonly<PersistentVolume>
    | undefined;
  const field = persistentVolumeSources.find((source) => volume && source in volume.spec);
  return unserved(plugins, `PersistentVolume ${volumeName}: spec`, field);
}

function unserved(
  plugins: PluginRegistry,
  at: string,
  field: string | undefined,
): string | undefined {
  if (field === undefined || REFERENCES.has(field) || plugins.forSource(field).length > 0) {
    return undefined;
  }
  const known = plugins.all.map(({ source }) => source).join(', ');
  return `${at}.${field}: no plugin for this volume type; there are ${known}`;
}
