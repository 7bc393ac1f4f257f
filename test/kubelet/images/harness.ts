import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.ts';
import { podWith } from '../../objects.ts';

/** A thousandth of the disk, about: it has 1024 of them, of which 51 are for root. */
export const UNIT: number = 128 * 1024;

export interface Options extends ClusterOptions {
  readonly kubelet?: object;
  readonly imageFilesystem?: { size: string };
}

/** A node with a disk of 128 MiB, and images `a` to `e` of 100 units. Nothing is evicted unless `kubelet` says so. */
export function start({ kubelet = {}, imageFilesystem, ...options }: Options = {}): Cluster {
  const cluster = createCluster({
    nodes: [
      {
        name: 'node-1',
        capacity: { ephemeralStorage: '128Mi' },
        ...(imageFilesystem && { imageFilesystem }),
        kubeletConfiguration: { evictionHard: {}, ...kubelet },
      },
    ],
    ...options,
  });
  for (const name of 'abcde') {
    cluster.images.add(name, (process) => process.sleep('10000h'), { size: 100 * UNIT });
  }
  return cluster;
}

export function pod(name: string, image: string, container: object = {}): object {
  return podWith([], {
    name,
    container: { image, imagePullPolicy: 'IfNotPresent', ...container },
    spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 0 },
  });
}

/** A Pod of each image comes and goes. */
export function pulled(cluster: Cluster, ...images: string[]): void {
  for (const image of images) {
    cluster.apply(pod(`pull-${image}`, image));
    cluster.settle();
    cluster.delete('Pod', `pull-${image}`);
    cluster.settle();
  }
}

const BLOBS = '/var/lib/containerd/io.containerd.content.v1.content/blobs/sha256';

/** Images on the node's disk, by their short names. */
export function stored(cluster: Cluster): string[] {
  const { fs } = cluster.node();
  if (!fs.existsSync(BLOBS)) return [];
  const names = (fs.readdirSync(BLOBS) as string[]).map((blob) => {
    const { name } = JSON.parse(fs.readFileSync(`${BLOBS}/${blob}`, 'utf8') as string) as {
      name: string;
    };
    return name.replace('docker.io/library/', '').replace(':latest', '');
  });
  return names.sort();
}

/** Units in use on the disk of a path. */
export function used(cluster: Cluster, path = '/'): number {
  const { blocks, bfree, bsize } = cluster.node().fs.statfsSync(path);
  return Math.round(((Number(blocks) - Number(bfree)) * Number(bsize)) / UNIT);
}

/** Fills a disk until so many units of it are in use. */
export function fill(cluster: Cluster, units: number, path = '/filler'): void {
  const { fs } = cluster.node();
  const missing = units - used(cluster, path.slice(0, path.lastIndexOf('/')) || '/');
  fs.writeFileSync(path, new Uint8Array(missing * UNIT));
}

/** Takes away what was filled. */
export function empty(cluster: Cluster, path = '/filler'): void {
  cluster.node().fs.unlinkSync(path);
}

export function events(cluster: Cluster, reason: string): string[] {
  return cluster.events({ reason }).map(({ message }) => String(message));
}

export function logged(cluster: Cluster, level: 'info' | 'error' = 'info'): string[] {
  return cluster.trace.records.flatMap((one) =>
    one.type === 'log' && one.level === level ? [one.message] : [],
  );
}
