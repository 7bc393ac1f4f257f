import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { Cluster, NodeHandle, PodHandle } from '../../cluster/index.ts';
import type { NodeFs } from '../../face/index.ts';
import type { NodePicture, Picture } from './picture.ts';

/** Where pods have their directories on a node. */
export const PODS = '/var/lib/kubelet/pods';

/** The node that a record is about. */
export function nodeOf(picture: Picture, record: { readonly node?: string }): NodePicture {
  return picture.node(record.node ?? '');
}

/** Forgets what begins with the name of a node: its kubelet, or the node itself, starts anew. */
export function forgetNode(
  known: { keys(): Iterable<string>; delete(key: string): boolean },
  node: string,
): void {
  for (const key of [...known.keys()]) if (key.startsWith(`${node} `)) known.delete(key);
}

/** A static Pod: its uid is a hash of its manifest. */
const STATIC = /^[0-9a-f]{32}$/;

/** A Pod went away, or its manifest did, while no kubelet was there to see it (K39). */
export function vanished({ deleted }: Picture, uid: string, node: NodePicture): boolean {
  const at = deleted.get(uid);
  if (at !== undefined && at <= node.startedAt) return true;
  return STATIC.test(uid) && !node.seen.has(uid);
}

export function isUnmount(operation: string): boolean {
  return operation === 'volume_unmount' || operation === 'unmap_volume';
}

export function isMount(operation: string): boolean {
  return operation === 'volume_mount' || operation === 'map_volume';
}

/** The uid that the kubelet knows a Pod by: of a mirror that of the static Pod which it shows. */
export function uidOnNode({ metadata }: DeepReadonly<Pod>): string {
  return metadata.annotations?.['kubernetes.io/config.mirror'] ?? metadata.uid;
}

/** The Pod that a kubelet knows by a uid, while it is in the API. */
export function podByUid(cluster: Cluster, uid: string): DeepReadonly<Pod> | undefined {
  return cluster.list('Pod').find((pod) => uidOnNode(pod) === uid);
}

/** The name of the plugin in a unique volume name. */
export function pluginOf(volume: string): string {
  return volume.split('/').slice(0, 2).join('/');
}

/** Nodes whose kubelet runs. */
export function* lives(cluster: Cluster, picture: Picture): Generator<[string, NodeHandle]> {
  for (const [name, { up }] of picture.nodes) if (up) yield [name, cluster.node(name)];
}

/** Pods of the API, without mirrors, that a kubelet which runs looks after. */
export function* podsOf(cluster: Cluster, picture: Picture): Generator<[PodHandle, NodePicture]> {
  for (const pod of cluster.list('Pod')) {
    const { metadata, spec } = pod;
    if (uidOnNode(pod) !== metadata.uid) continue;
    const node = spec.nodeName === undefined ? undefined : picture.nodes.get(spec.nodeName);
    if (node?.up) yield [cluster.pod(metadata.name, metadata.namespace), node];
  }
}

/** Names in a directory, sorted; none when it is not there. */
export function namesIn(fs: NodeFs, path: string): string[] {
  if (!fs.existsSync(path)) return [];
  return (fs.readdirSync(path) as string[]).map(String).sort();
}

/** A volume's directory below a Pod's. */
export interface VolumePlace {
  readonly uid: string;
  /** As it is on the disk: `kubernetes.io~empty-dir`. */
  readonly plugin: string;
  readonly name: string;
  readonly path: string;
}

/** Every directory of a volume on a node. */
export function* volumePlaces(fs: NodeFs): Generator<VolumePlace> {
  for (const uid of namesIn(fs, PODS)) {
    for (const plugin of namesIn(fs, `${PODS}/${uid}/volumes`)) {
      for (const name of namesIn(fs, `${PODS}/${uid}/volumes/${plugin}`))
        yield { uid, plugin, name, path: `${PODS}/${uid}/volumes/${plugin}/${name}` };
    }
  }
}

/** Regular files below a directory, by path, with what tells that one was changed. */
export function filesBelow(
  fs: NodeFs,
  path: string,
  found: Map<string, string> = new Map(),
): Map<string, string> {
  for (const name of namesIn(fs, path)) {
    const full = `${path}/${name}`;
    const stat = fs.lstatSync(full);
    if (stat.isDirectory()) filesBelow(fs, full, found);
    else if (stat.isFile()) found.set(full, `${stat.ino} ${stat.mtimeMs} ${stat.size}`);
  }
  return found;
}

/** Bytes that a path and all below it take, as `du` counts them. */
export function bytesBelow(fs: NodeFs, path: string): number {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  let bytes = Number(stat.blocks) * 512;
  if (!stat.isDirectory()) return bytes;
  for (const name of namesIn(fs, path)) bytes += bytesBelow(fs, `${path}/${name}`);
  return bytes;
}
