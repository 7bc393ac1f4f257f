/**
 * Every step that the control plane takes, for faults and traces. All are writes to the API server, named after the call.
 */
export const controlPlaneSteps: readonly string[] = [
  /** scheduler: the pods/binding call that gives a Pod its node. */
  'Bind',
  /** scheduler: condition PodScheduled of a Pod that fits nowhere. */
  'UpdatePodStatus',
  /** serviceaccount: the account `default` of a namespace. */
  'CreateServiceAccount',
  /** namespace: deletes what is in a namespace that is being deleted, object by object. */
  'DeleteCollection',
  /** namespace: conditions of a namespace that is being deleted. */
  'UpdateNamespaceStatus',
  /** namespace: lets an empty namespace go. */
  'FinalizeNamespace',
  /** garbagecollector: deletes what a deleted object owned. */
  'DeleteDependent',
  /** garbagecollector: owners of an object that is orphaned, or that keeps other owners. */
  'UpdateOwnerReferences',
  /** garbagecollector: lets an owner go that waited for it. */
  'RemoveFinalizer',
  /** attachdetach: a volume is attached to a node, and detached. */
  'Attach',
  'Detach',
  /** persistentvolume-expander: a plugin makes a volume larger. */
  'ExpandVolume',
  /** attachdetach: what a node is told to be attached. */
  'PatchVolumesAttached',
  /** nodelifecycle: taints of a node by its conditions. */
  'PatchNodeTaints',
  /** nodelifecycle: labels of a node under their older names. */
  'PatchNodeLabels',
  /** nodelifecycle: conditions of a node that is silent. */
  'UpdateNodeStatus',
  /** resourcequota: what of a quota is used. */
  'UpdateResourceQuotaStatus',
  /** root-ca-cert-publisher: `kube-root-ca.crt` of a namespace. */
  'CreateConfigMap',
  /** root-ca-cert-publisher: its data, put right. */
  'UpdateConfigMap',
  /** persistentvolume-binder: a plugin makes a volume, and deletes one; a Pod scrubs one. */
  'Provision',
  'Delete',
  'Recycle',
  /** persistentvolume-binder: the object of a volume that was provisioned, or deleted. */
  'CreatePersistentVolume',
  'DeletePersistentVolume',
  /** persistentvolume-binder: the Pod that scrubs a volume. */
  'CreatePod',
  'DeletePod',
  /** ephemeral-volume: the claim of a Pod's ephemeral volume. */
  'CreatePersistentVolumeClaim',
  /** persistentvolume-binder, persistentvolume-expander, pv-protection: claimRef, capacity, annotations and finalizers of a volume. */
  'UpdatePersistentVolume',
  /** persistentvolume-binder: phase of a volume. */
  'UpdatePersistentVolumeStatus',
  /** persistentvolume-binder, persistentvolume-expander, pvc-protection, scheduler: volumeName, annotations and finalizers of a claim. */
  'UpdatePersistentVolumeClaim',
  /** persistentvolume-binder, persistentvolume-expander: phase, capacity and conditions of a claim. */
  'UpdatePersistentVolumeClaimStatus',
];
