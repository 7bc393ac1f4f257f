/**
 * Texts that have a type of their own in Go, which its JSON decoder names: by the struct, and the field that is such a text, or a list of
 * them. Models k8s.io/api.
 */
export const goNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ObjectMeta: { uid: 'types.UID' },
  OwnerReference: { uid: 'types.UID' },
  ObjectReference: { uid: 'types.UID' },
  LabelSelectorRequirement: { operator: 'v1.LabelSelectorOperator' },
  PodSpec: {
    restartPolicy: 'v1.RestartPolicy',
    dnsPolicy: 'v1.DNSPolicy',
    preemptionPolicy: 'v1.PreemptionPolicy',
  },
  ScopedResourceSelectorRequirement: {
    scopeName: 'v1.ResourceQuotaScope',
    operator: 'v1.ScopeSelectorOperator',
  },
  PodReadinessGate: { conditionType: 'v1.PodConditionType' },
  PodOS: { name: 'v1.OSName' },
  PodStatus: { phase: 'v1.PodPhase', qosClass: 'v1.PodQOSClass' },
  Toleration: { operator: 'v1.TolerationOperator', effect: 'v1.TaintEffect' },
  Taint: { effect: 'v1.TaintEffect' },
  TopologySpreadConstraint: {
    whenUnsatisfiable: 'v1.UnsatisfiableConstraintAction',
    nodeAffinityPolicy: 'v1.NodeInclusionPolicy',
    nodeTaintsPolicy: 'v1.NodeInclusionPolicy',
  },
  NodeSelectorRequirement: { operator: 'v1.NodeSelectorOperator' },
  PodSecurityContext: {
    supplementalGroupsPolicy: 'v1.SupplementalGroupsPolicy',
    fsGroupChangePolicy: 'v1.PodFSGroupChangePolicy',
    seLinuxChangePolicy: 'v1.PodSELinuxChangePolicy',
  },
  SecurityContext: { procMount: 'v1.ProcMountType' },
  Container: {
    restartPolicy: 'v1.ContainerRestartPolicy',
    terminationMessagePolicy: 'v1.TerminationMessagePolicy',
    imagePullPolicy: 'v1.PullPolicy',
  },
  EphemeralContainer: {
    restartPolicy: 'v1.ContainerRestartPolicy',
    terminationMessagePolicy: 'v1.TerminationMessagePolicy',
    imagePullPolicy: 'v1.PullPolicy',
  },
  ContainerPort: { protocol: 'v1.Protocol' },
  ContainerResizePolicy: {
    resourceName: 'v1.ResourceName',
    restartPolicy: 'v1.ResourceResizeRestartPolicy',
  },
  VolumeMount: {
    mountPropagation: 'v1.MountPropagationMode',
    recursiveReadOnly: 'v1.RecursiveReadOnlyMode',
  },
  HTTPGetAction: { scheme: 'v1.URIScheme' },
  Capabilities: { add: 'v1.Capability', drop: 'v1.Capability' },
  HostPathVolumeSource: { type: 'v1.HostPathType' },
  EmptyDirVolumeSource: { medium: 'v1.StorageMedium' },
  AzureDiskVolumeSource: {
    cachingMode: 'v1.AzureDataDiskCachingMode',
    kind: 'v1.AzureDataDiskKind',
  },
  ImageVolumeSource: { pullPolicy: 'v1.PullPolicy' },
  PersistentVolumeSpec: {
    accessModes: 'v1.PersistentVolumeAccessMode',
    persistentVolumeReclaimPolicy: 'v1.PersistentVolumeReclaimPolicy',
    volumeMode: 'v1.PersistentVolumeMode',
  },
  PersistentVolumeStatus: { phase: 'v1.PersistentVolumePhase' },
  PersistentVolumeClaimSpec: {
    accessModes: 'v1.PersistentVolumeAccessMode',
    volumeMode: 'v1.PersistentVolumeMode',
  },
  PersistentVolumeClaimStatus: {
    accessModes: 'v1.PersistentVolumeAccessMode',
    phase: 'v1.PersistentVolumeClaimPhase',
  },
  NodeAddress: { type: 'v1.NodeAddressType' },
  NamespaceSpec: { finalizers: 'v1.FinalizerName' },
  NamespaceStatus: { phase: 'v1.NamespacePhase' },
  Secret: { type: 'v1.SecretType' },
  ServiceSpec: {
    type: 'v1.ServiceType',
    sessionAffinity: 'v1.ServiceAffinity',
    externalTrafficPolicy: 'v1.ServiceExternalTrafficPolicy',
    internalTrafficPolicy: 'v1.ServiceInternalTrafficPolicy',
    ipFamilies: 'v1.IPFamily',
    ipFamilyPolicy: 'v1.IPFamilyPolicy',
  },
  ServicePort: { protocol: 'v1.Protocol' },
  EndpointPort: { protocol: 'v1.Protocol' },
  LimitRangeItem: { type: 'v1.LimitType' },
  ResourceQuotaSpec: { scopes: 'v1.ResourceQuotaScope' },
  StorageClass: {
    reclaimPolicy: 'v1.PersistentVolumeReclaimPolicy',
    volumeBindingMode: 'v1.VolumeBindingMode',
  },
  CSIDriverSpec: {
    volumeLifecycleModes: 'v1.VolumeLifecycleMode',
    fsGroupPolicy: 'v1.FSGroupPolicy',
  },
  VolumeSnapshotClass: { deletionPolicy: 'v1.DeletionPolicy' },
  VolumeSnapshotContentSpec: {
    deletionPolicy: 'v1.DeletionPolicy',
    sourceVolumeMode: 'v1.PersistentVolumeMode',
  },
  DeploymentStrategy: { type: 'v1.DeploymentStrategyType' },
  DaemonSetUpdateStrategy: { type: 'v1.DaemonSetUpdateStrategyType' },
  StatefulSetUpdateStrategy: { type: 'v1.StatefulSetUpdateStrategyType' },
  StatefulSetSpec: { podManagementPolicy: 'v1.PodManagementPolicyType' },
  StatefulSetPersistentVolumeClaimRetentionPolicy: {
    whenDeleted: 'v1.PersistentVolumeClaimRetentionPolicyType',
    whenScaled: 'v1.PersistentVolumeClaimRetentionPolicyType',
  },
  JobSpec: {
    completionMode: 'v1.CompletionMode',
    podReplacementPolicy: 'v1.PodReplacementPolicy',
  },
  CronJobSpec: { concurrencyPolicy: 'v1.ConcurrencyPolicy' },
  PriorityClass: { preemptionPolicy: 'v1.PreemptionPolicy' },
};
