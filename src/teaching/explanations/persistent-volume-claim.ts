import type { TypeExplanation } from './explanation.ts';

/** `persistentVolumeClaim`. Models pkg/kubelet/volumemanager/populator. */
export const persistentVolumeClaimExplanation: TypeExplanation = {
  type: 'persistentVolumeClaim',
  summary: 'a reference: the PersistentVolume that a claim is bound to',
  text:
    'The Pod names a claim of its namespace, the claim is bound to a PersistentVolume, and that says of which type the volume is. So a Pod need not ' +
    'know where its data lies, and the data lives as long as the PersistentVolume does. Nothing of this type is mounted: the type of ' +
    'the PersistentVolume is.',
  fields: [
    {
      name: 'claimName',
      type: 'string',
      default: 'required',
      text: 'a PersistentVolumeClaim of the namespace',
    },
    {
      name: 'readOnly',
      type: 'boolean',
      default: 'false',
      text: 'mount it read-only in every container',
    },
  ],
  onTheNode: [
    "/var/lib/kubelet/pods/<uid>/volumes/<the type's plugin>/<name of the PersistentVolume>   (none for hostPath)",
  ],
  survives: {
    containerRestart: 'kept',
    podDeletion:
      "kept: the data is the PersistentVolume's, and its reclaim policy decides when the claim goes",
    otherNode: "as the PersistentVolume's type",
    nodeReboot: "as the PersistentVolume's type",
    kubeletRestart: 'kept',
  },
  writers:
    "as the PersistentVolume's type, unless readOnly. ReadWriteOnce allows one node, not one Pod: Pods of one node may share it.",
  refresh: 'none.',
  errors: [
    {
      message:
        '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
      cause:
        'no PersistentVolume fits the claim: class, access modes, size, selector. The Pod stays Pending',
    },
    {
      message:
        '0/1 nodes are available: persistentvolumeclaim "data" not found. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
      cause: 'there is no such claim in the namespace',
    },
    {
      message:
        'Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[data]: error processing PVC default/data: PVC is being deleted',
      cause: 'the claim was deleted, and goes when its last Pod has gone',
    },
  ],
  example: 'sub-path.yaml',
};
