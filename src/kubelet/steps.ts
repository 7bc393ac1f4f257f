/**
 * The steps of a kubelet beside those of its volume manager and container runtime. What it does with files and mounts by
 * itself (subPaths, Pod directories, hosts files) has the names of the system calls, as in plugins.
 */
export const kubeletSteps: readonly string[] = [
  /** The Node object is made. */
  'CreateNode',
  /** The Node's status is written. */
  'PatchNodeStatus',
  /** A Pod's status is written. */
  'PatchPodStatus',
  /** A Pod that is being deleted is removed from the API, once nothing of it is left. */
  'DeletePod',
  /** The directory of manifests of static pods is read. */
  'ReadManifests',
  /** A Pod that shows a static one in the API is made. */
  'CreateMirrorPod',
  /** And taken away. */
  'DeleteMirrorPod',
];
