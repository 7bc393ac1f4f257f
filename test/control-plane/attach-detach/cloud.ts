import { allPlugins, definePlugin, type VolumePlugin } from '../../../plugins/index.ts';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.ts';
import { DanglingAttachError, OperationError } from '../../../src/plugin/index.ts';

/** A cloud that attaches disks to machines: what a cloud plugin of any kind talks to. */
export class Cloud {
  /** Machines by disk. */
  readonly attached: Map<string, Set<string>> = new Map();
  readonly calls: string[] = [];
  /** Told of what others do. */
  readonly listeners: (() => void)[] = [];

  on(disk: string): string[] {
    return [...(this.attached.get(disk) ?? [])];
  }

  /** A disk of most clouds is on one machine at a time. */
  exclusive = false;

  attach(disk: string, machine: string): string {
    this.calls.push(`attach ${disk} ${machine}`);
    const other = this.on(disk).find((name) => name !== machine);
    if (this.exclusive && other !== undefined)
      throw new DanglingAttachError(`${disk} hangs on ${other}`, other);
    this.attached.set(disk, (this.attached.get(disk) ?? new Set()).add(machine));
    return `/dev/disk/${disk}`;
  }

  detach(disk: string, machine: string): void {
    this.calls.push(`detach ${disk} ${machine}`);
    this.attached.get(disk)?.delete(machine);
  }

  /** Somebody takes a disk off a machine in the cloud's console. */
  takeOff(disk: string, machine: string): void {
    this.attached.get(disk)?.delete(machine);
    for (const listener of this.listeners) listener();
  }
}

interface Disk {
  readonly volumeID: string;
}

/** A volume type that is attached by the controller, and mounted once for a node. */
export function cloudDisk(cloud: Cloud): VolumePlugin {
  return definePlugin<Disk>({
    name: 'test.example/disk',
    source: 'awsElasticBlockStore',
    accessModes: ['ReadWriteOnce', 'ReadOnlyMany'],
    deviceName: ({ source }) => source.volumeID,
    attacher: {
      *attach({ source }, node) {
        if (!source.volumeID.startsWith('vol-')) throw new OperationError('no such disk');
        return cloud.attach(source.volumeID, node.name);
      },
      *detach({ name, source }, node) {
        cloud.detach(source.volumeID ?? name, node.name);
      },
      *waitForAttach(_, devicePath) {
        return devicePath;
      },
      *verify(specs, node) {
        return specs.map(({ source }) => cloud.on(source.volumeID).includes(node.name));
      },
      watch: (_, changed) => void cloud.listeners.push(changed),
    },
    supports: { block: true },
    blockMapper: {
      *map() {
        return '';
      },
      *unmap() {},
    },
    deviceMounter: {
      *mountDevice({ dir, source }) {
        if (!dir.exists()) yield* dir.create(0o750);
        if (!dir.isMountPoint()) yield* dir.mount({ type: 'tmpfs', source: source.volumeID });
      },
      *unmountDevice({ dir }) {
        if (dir.exists() && dir.isMountPoint()) yield* dir.unmount();
      },
    },
    *setUp({ dir, deviceMountPath }) {
      if (dir.exists() && dir.isMountPoint()) return;
      yield* dir.create(0o750);
      yield* dir.bind(deviceMountPath ?? '', {});
    },
    *tearDown({ dir }) {
      if (!dir.exists()) return;
      if (dir.isMountPoint()) yield* dir.unmount();
      yield* dir.rmdir();
    },
    reconstruct({ name, dir, node }) {
      const mount = node.namespace.mounts().find(({ mountPoint }) => mountPoint === dir.path);
      if (!mount) return undefined;
      return { name, source: { volumeID: mount.source }, readOnly: false, mountOptions: [] };
    },
  }) as VolumePlugin;
}

/** Nodes a and b, and a claim `data` that is bound to the disk vol-1. */
export function cloudCluster(
  options: ClusterOptions & { accessModes?: string[]; volumeMode?: 'Block' } = {},
): {
  cluster: Cluster;
  cloud: Cloud;
} {
  const { accessModes = ['ReadWriteOnce'], volumeMode, ...rest } = options;
  const cloud = new Cloud();
  const cluster = createCluster({
    nodes: ['a', 'b'],
    plugins: [...allPlugins, cloudDisk(cloud)],
    ...rest,
  });
  cluster.settle();
  cluster.apply([
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pv-1' },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes,
        ...(volumeMode && { volumeMode }),
        awsElasticBlockStore: { volumeID: 'vol-1' },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: {
        accessModes,
        ...(volumeMode && { volumeMode }),
        storageClassName: '',
        resources: { requests: { storage: '1Gi' } },
      },
    },
  ]);
  return { cluster, cloud };
}

/** A Pod on a node, with the claim at /data. */
export function podOn(nodeName: string, name: string, namespace = 'default'): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      nodeName,
      automountServiceAccountToken: false,
      containers: [
        { name: 'c', image: 'busybox', volumeMounts: [{ name: 'v', mountPath: '/data' }] },
      ],
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
    },
  };
}
