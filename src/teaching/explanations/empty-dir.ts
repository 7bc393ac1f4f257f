import type { TypeExplanation } from './explanation.ts';

/** `emptyDir`. Models pkg/volume/emptydir. */
export const emptyDirExplanation: TypeExplanation = {
  type: 'emptyDir',
  summary: 'an empty directory of the Pod, gone with it',
  text:
    'A directory that is made, empty, when the Pod comes to a node, and removed for good when the Pod leaves it. All containers of the ' +
    'Pod can share it. Use it for scratch space, for caches, and to hand files from one container to another.',
  fields: [
    {
      name: 'medium',
      type: 'string',
      default: '""',
      text: 'where it lies: "" the disk of the node, Memory a tmpfs, HugePages or HugePages-<size> a hugetlbfs',
    },
    {
      name: 'sizeLimit',
      type: 'quantity',
      default: 'no limit',
      text: 'on disk a Pod that keeps more is evicted; in memory it is the size of the tmpfs',
    },
    {
      name: 'mode',
      type: 'mode',
      default: '0777',
      text: 'permission bits of the directory, up to 01777 (alpha: feature gate EmptyDirVolumeMode)',
    },
  ],
  onTheNode: [
    '/var/lib/kubelet/pods/<uid>/volumes/kubernetes.io~empty-dir/<name>',
    '/var/lib/kubelet/pods/<uid>/plugins/kubernetes.io~empty-dir/<name>/ready   (says that it was set up)',
  ],
  survives: {
    containerRestart: 'kept',
    podDeletion: 'removed',
    otherNode: 'starts empty',
    nodeReboot: 'disk: kept; Memory and HugePages: mounted again, empty',
    kubeletRestart: 'kept',
  },
  writers:
    'everyone: on disk drwxrwxrwx of root, in memory with the sticky bit too, so that files can be removed by their owner alone. With ' +
    "fsGroup it is that group's, and new files inherit the group.",
  refresh: 'nothing to follow. The size of a tmpfs is decided once, when it is mounted.',
  errors: [
    {
      message: 'MountVolume.SetUp failed for volume "cache" : unknown storage medium "SSD"',
      cause: 'the API server does not check medium; the node finds out',
    },
    {
      message:
        'MountVolume.SetUp failed for volume "huge" : medium HugePages-2Mi: hugePages storage requested, but there is no resource request for huge pages',
      cause: 'no container of the Pod requests hugepages-2Mi',
    },
    {
      message: 'Usage of EmptyDir volume "cache" exceeds the limit "64Mi". ',
      cause: 'the Pod was evicted: more than sizeLimit was found on disk',
    },
  ],
  example: 'empty-dir.yaml',
};
