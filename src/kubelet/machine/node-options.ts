import type { Taint } from '../../api/index.ts';
import type { DirectoryJSON, TreeSource } from '../../face/trees.ts';
import type { KubeletConfiguration } from '../contracts.ts';

/** Amounts by resource, as Kubernetes writes quantities. */
export type ResourceAmounts = {
  cpu?: string;
  memory?: string;
  ephemeralStorage?: string;
  pods?: string;
  [resource: string]: string | undefined;
};

/** How the engine's own mount namespace hangs together with the host's. Models systemd's MountFlags. */
export type MountFlags = 'shared' | 'slave' | 'private';

/** Who sees what is mounted in a volume later, on the host and in containers. */
export type MountPropagationMode = 'None' | 'HostToContainer' | 'Bidirectional';

/** What a node is made from. All but the name may be left out. */
export interface NodeOptions {
  name: string;
  labels?: Record<string, string>;
  taints?: Taint[];
  /** Default `linux`. */
  os?: 'linux' | 'windows';
  zone?: string;
  /** Whose disks can be attached. Default: any cloud's. */
  cloud?: 'gce' | 'aws' | 'azure' | 'vsphere' | 'openstack' | 'none';
  /** Default 4 CPUs, 8Gi of memory, 100Gi of ephemeral storage (the filesystem of /var/lib/kubelet), 110 pods. */
  capacity?: ResourceAmounts;
  /** Default: capacity less what the kubelet reserves. */
  allocatable?: ResourceAmounts;
  /** Images and writable layers on a filesystem of their own. Default: with the kubelet's. */
  imageFilesystem?: { size?: string };
  /** Options of the kubelet, under upstream's names. */
  kubeletConfiguration?: Partial<KubeletConfiguration>;
  /** `mountFlags` default `shared`; `recursiveReadOnlyMounts` default true. */
  containerRuntime?: { mountFlags?: MountFlags; recursiveReadOnlyMounts?: boolean };
  /** Of volumeMounts that do not say it; what a patch release of another default had. Default: the version's. */
  defaultMountPropagation?: MountPropagationMode;
  /** SELinux is on: volumes get labels. Default false. */
  seLinux?: boolean;
  /** Programs by name: `git`, `mount.nfs`, … Default: all there. */
  binaries?: Record<string, boolean>;
  /** Default: all there. */
  kernelModules?: Record<string, boolean>;
  /** What is on its disk before the kubelet starts: files by path, or a memfs `Volume`. */
  files?: DirectoryJSON | TreeSource;
}
