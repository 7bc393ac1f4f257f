import type { TypeExplanation } from './explanation.ts';

/** `ephemeral`. Models pkg/controller/volume/ephemeral. */
export const ephemeralExplanation: TypeExplanation = {
  type: 'ephemeral',
  summary: "a reference: a claim of the Pod's own, made from a template and deleted with it",
  text:
    'The Pod brings the template of a PersistentVolumeClaim. A controller makes the claim <pod>-<volume>, owned by the Pod; it is bound, provisioned and ' +
    'scheduled like any other, and the garbage collector deletes it after the Pod. So a Pod can have a disk of its own for scratch, of ' +
    'any class that provisions. Nothing of this type is mounted: the type of the PersistentVolume is.',
  fields: [
    {
      name: 'volumeClaimTemplate.spec',
      type: 'PersistentVolumeClaimSpec',
      default: 'required',
      text: 'accessModes, resources.requests.storage, storageClassName, …: as in a claim',
    },
    {
      name: 'volumeClaimTemplate.metadata',
      type: 'ObjectMeta',
      default: 'none',
      text: 'labels and annotations of the claim; nothing else may stand there',
    },
  ],
  onTheNode: [
    "/var/lib/kubelet/pods/<uid>/volumes/<the type's plugin>/<name of the PersistentVolume>   (none for hostPath)",
  ],
  survives: {
    containerRestart: 'kept',
    podDeletion:
      'the claim goes; then the reclaim policy of its PersistentVolume decides, Delete for most classes',
    otherNode: 'another Pod has another claim, which starts empty',
    nodeReboot: "as the PersistentVolume's type",
    kubeletRestart: 'kept',
  },
  writers: "as the PersistentVolume's type.",
  refresh: 'none.',
  errors: [
    {
      message:
        '0/1 nodes are available: waiting for ephemeral volume controller to create the persistentvolumeclaim "web-scratch". preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
      cause: 'the claim is not made yet; usually gone at the next attempt',
    },
    {
      message:
        'ephemeral volume scratch: PVC default/web-scratch was not created for pod default/web (pod is not owner)',
      cause:
        'another claim has that name: of an earlier Pod that is still going, or of somebody else',
    },
  ],
  example: 'ephemeral.yaml',
};
