import type { TypeExplanation } from './explanation.ts';

/** `local`. Models pkg/volume/local. */
export const localExplanation: TypeExplanation = {
  type: 'local',
  summary: 'a directory or disk of one node, through a PersistentVolume',
  text:
    'As hostPath, but the PersistentVolume says in its nodeAffinity which node has it, and the scheduler sends every Pod that uses it there. It ' +
    'stands in a PersistentVolume only; a Pod names the claim.',
  fields: [
    {
      name: 'path',
      type: 'string',
      default: 'required',
      text: 'an existing directory of the node, or a block device',
    },
    {
      name: 'fsType',
      type: 'string',
      default: 'ext4',
      text: 'filesystem of a block device; means nothing for a directory',
    },
  ],
  onTheNode: [
    'the path itself, bound to',
    '/var/lib/kubelet/pods/<uid>/volumes/kubernetes.io~local-volume/<name of the PersistentVolume>',
  ],
  survives: {
    containerRestart: 'kept',
    podDeletion: 'kept; the claim stays bound to the volume',
    otherNode: 'the Pod cannot go to another node',
    nodeReboot: 'kept',
    kubeletRestart: 'kept',
  },
  writers:
    'whom the permissions of the directory let, and fsGroup, which is applied unless another Pod has it mounted. readOnly of the claim ' +
    'reference makes the mount read-only.',
  refresh: "it is the node's own directory: every change is seen at once.",
  errors: [
    {
      message:
        'MountVolume.NewMounter initialization failed for volume "ssd1" : path "/mnt/disks/ssd1" does not exist',
      cause: 'nobody makes the directory; it must be there',
    },
    {
      message: 'spec.nodeAffinity: Required value: Local volume requires node affinity',
      cause: 'the PersistentVolume was refused by the API server',
    },
    {
      message:
        "0/1 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
      cause: 'no node is the one that the PersistentVolume names; the Pod stays Pending',
    },
  ],
  example: 'local.yaml',
};
