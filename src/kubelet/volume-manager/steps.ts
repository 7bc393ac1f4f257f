/** Every step that the volume manager takes, for faults and traces: upstream's names. */
export const volumeManagerSteps: readonly string[] = [
  /** A volume of a Pod is checked before anything is done. */
  'NewMounter',
  /** The kubelet attaches a volume itself: only where no controller does. */
  'Attach',
  /** The kubelet detaches it. */
  'Detach',
  /** The Node is read, to see whether the controller has attached the volume. */
  'VerifyControllerAttachedVolume',
  /** Until the device of an attached volume has appeared. */
  'WaitForAttach',
  /** The device is mounted, once for the node. */
  'MountDevice',
  /** The device is unmounted, when no Pod has it any more. */
  'UnmountDevice',
  /** The volume is set up for a Pod, or brought up to date. */
  'SetUp',
  /** The volume is torn down for a Pod. */
  'TearDown',
  /** A raw block volume is made ready, once for the node. */
  'SetUpDevice',
  /** And taken away, when no Pod has it any more. */
  'TearDownDevice',
  /** A raw block volume is made ready for a Pod. */
  'MapPodDevice',
  /** And taken away from it. */
  'UnmapPodDevice',
  /** What a node has of a volume that was made larger is brought to its size. */
  'NodeExpandVolume',
  /** The status of a claim says how far that is. */
  'PatchPersistentVolumeClaimStatus',
];
