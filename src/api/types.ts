// Written by `npm run generate` from src/api/schema.

/** Any object of the API: those of unknown kinds are kept as they are. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** Models ObjectMeta of the Kubernetes API. */
export interface ObjectMeta {
  name: string;
  generateName?: string;
  namespace?: string;
  selfLink?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  clusterName?: string;
  managedFields?: unknown[];
}

/** Models OwnerReference of the Kubernetes API. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** Models TemplateMeta of the Kubernetes API. */
export interface TemplateMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  selfLink?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  clusterName?: string;
  managedFields?: unknown[];
}

/** Models LabelSelector of the Kubernetes API. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: LabelSelectorRequirement[];
}

/** Models LabelSelectorRequirement of the Kubernetes API. */
export interface LabelSelectorRequirement {
  key: string;
  operator: string;
  values?: string[];
}

/** Models Condition of the Kubernetes API. */
export interface Condition {
  type: string;
  status: string;
  observedGeneration?: number;
  lastProbeTime?: string;
  lastTransitionTime?: string;
  reason?: string;
  message?: string;
  lastUpdateTime?: string;
}

/** metadata of an object in a namespace. */
export interface NamespacedObjectMeta extends ObjectMeta {
  namespace: string;
}

/** Models Volume of the Kubernetes API. */
export interface Volume {
  name: string;
  hostPath?: HostPathVolumeSource;
  emptyDir?: EmptyDirVolumeSource;
  gcePersistentDisk?: GCEPersistentDiskVolumeSource;
  awsElasticBlockStore?: AWSElasticBlockStoreVolumeSource;
  gitRepo?: GitRepoVolumeSource;
  secret?: SecretVolumeSource;
  nfs?: NFSVolumeSource;
  iscsi?: ISCSIVolumeSource;
  glusterfs?: GlusterfsVolumeSource;
  persistentVolumeClaim?: PersistentVolumeClaimVolumeSource;
  rbd?: RBDVolumeSource;
  flexVolume?: FlexVolumeSource;
  cinder?: CinderVolumeSource;
  cephfs?: CephFSVolumeSource;
  flocker?: FlockerVolumeSource;
  downwardAPI?: DownwardAPIVolumeSource;
  fc?: FCVolumeSource;
  azureFile?: AzureFileVolumeSource;
  configMap?: ConfigMapVolumeSource;
  vsphereVolume?: VsphereVirtualDiskVolumeSource;
  quobyte?: QuobyteVolumeSource;
  azureDisk?: AzureDiskVolumeSource;
  photonPersistentDisk?: PhotonPersistentDiskVolumeSource;
  projected?: ProjectedVolumeSource;
  portworxVolume?: PortworxVolumeSource;
  scaleIO?: ScaleIOVolumeSource;
  storageos?: StorageOSVolumeSource;
  csi?: CSIVolumeSource;
  ephemeral?: EphemeralVolumeSource;
  image?: ImageVolumeSource;
}

/** Models HostPathVolumeSource of the Kubernetes API. */
export interface HostPathVolumeSource {
  path: string;
  type?: string;
}

/** Models EmptyDirVolumeSource of the Kubernetes API. */
export interface EmptyDirVolumeSource {
  medium?: string;
  sizeLimit?: string;
  mode?: number;
}

/** Models GCEPersistentDiskVolumeSource of the Kubernetes API. */
export interface GCEPersistentDiskVolumeSource {
  pdName: string;
  fsType?: string;
  partition?: number;
  readOnly?: boolean;
}

/** Models AWSElasticBlockStoreVolumeSource of the Kubernetes API. */
export interface AWSElasticBlockStoreVolumeSource {
  volumeID: string;
  fsType?: string;
  partition?: number;
  readOnly?: boolean;
}

/** Models GitRepoVolumeSource of the Kubernetes API. */
export interface GitRepoVolumeSource {
  repository: string;
  revision?: string;
  directory?: string;
}

/** Models SecretVolumeSource of the Kubernetes API. */
export interface SecretVolumeSource {
  secretName?: string;
  items?: KeyToPath[];
  defaultMode?: number;
  optional?: boolean;
  defaultUser?: number;
}

/** Models ConfigMapVolumeSource of the Kubernetes API. */
export interface ConfigMapVolumeSource {
  name?: string;
  items?: KeyToPath[];
  defaultMode?: number;
  optional?: boolean;
  defaultUser?: number;
}

/** Models KeyToPath of the Kubernetes API. */
export interface KeyToPath {
  key: string;
  path: string;
  mode?: number;
  user?: number;
}

/** Models NFSVolumeSource of the Kubernetes API. */
export interface NFSVolumeSource {
  server: string;
  path: string;
  readOnly?: boolean;
}

/** Models ISCSIVolumeSource of the Kubernetes API. */
export interface ISCSIVolumeSource {
  targetPortal: string;
  iqn: string;
  lun?: number;
  iscsiInterface?: string;
  fsType?: string;
  readOnly?: boolean;
  portals?: string[];
  chapAuthDiscovery?: boolean;
  chapAuthSession?: boolean;
  secretRef?: LocalObjectReference;
  initiatorName?: string;
}

/** Models GlusterfsVolumeSource of the Kubernetes API. */
export interface GlusterfsVolumeSource {
  endpoints: string;
  path: string;
  readOnly?: boolean;
}

/** Models PersistentVolumeClaimVolumeSource of the Kubernetes API. */
export interface PersistentVolumeClaimVolumeSource {
  claimName: string;
  readOnly?: boolean;
}

/** Models RBDVolumeSource of the Kubernetes API. */
export interface RBDVolumeSource {
  monitors?: string[];
  image: string;
  fsType?: string;
  pool?: string;
  user?: string;
  keyring?: string;
  secretRef?: LocalObjectReference;
  readOnly?: boolean;
}

/** Models FlexVolumeSource of the Kubernetes API. */
export interface FlexVolumeSource {
  driver: string;
  fsType?: string;
  secretRef?: LocalObjectReference;
  readOnly?: boolean;
  options?: Record<string, string>;
}

/** Models CinderVolumeSource of the Kubernetes API. */
export interface CinderVolumeSource {
  volumeID: string;
  fsType?: string;
  readOnly?: boolean;
  secretRef?: LocalObjectReference;
}

/** Models CephFSVolumeSource of the Kubernetes API. */
export interface CephFSVolumeSource {
  monitors?: string[];
  path?: string;
  user?: string;
  secretFile?: string;
  secretRef?: LocalObjectReference;
  readOnly?: boolean;
}

/** Models FlockerVolumeSource of the Kubernetes API. */
export interface FlockerVolumeSource {
  datasetName?: string;
  datasetUUID?: string;
}

/** Models DownwardAPIVolumeSource of the Kubernetes API. */
export interface DownwardAPIVolumeSource {
  items?: DownwardAPIVolumeFile[];
  defaultMode?: number;
  defaultUser?: number;
}

/** Models DownwardAPIVolumeFile of the Kubernetes API. */
export interface DownwardAPIVolumeFile {
  path: string;
  fieldRef?: ObjectFieldSelector;
  resourceFieldRef?: ResourceFieldSelector;
  mode?: number;
  user?: number;
}

/** Models ObjectFieldSelector of the Kubernetes API. */
export interface ObjectFieldSelector {
  apiVersion?: string;
  fieldPath: string;
}

/** Models ResourceFieldSelector of the Kubernetes API. */
export interface ResourceFieldSelector {
  containerName?: string;
  resource: string;
  divisor?: string;
}

/** Models FCVolumeSource of the Kubernetes API. */
export interface FCVolumeSource {
  targetWWNs?: string[];
  lun?: number;
  fsType?: string;
  readOnly?: boolean;
  wwids?: string[];
}

/** Models AzureFileVolumeSource of the Kubernetes API. */
export interface AzureFileVolumeSource {
  secretName: string;
  shareName: string;
  readOnly?: boolean;
}

/** Models VsphereVirtualDiskVolumeSource of the Kubernetes API. */
export interface VsphereVirtualDiskVolumeSource {
  volumePath: string;
  fsType?: string;
  storagePolicyName?: string;
  storagePolicyID?: string;
}

/** Models QuobyteVolumeSource of the Kubernetes API. */
export interface QuobyteVolumeSource {
  registry: string;
  volume: string;
  readOnly?: boolean;
  user?: string;
  group?: string;
  tenant?: string;
}

/** Models AzureDiskVolumeSource of the Kubernetes API. */
export interface AzureDiskVolumeSource {
  diskName: string;
  diskURI: string;
  cachingMode?: string;
  fsType?: string;
  readOnly?: boolean;
  kind?: string;
}

/** Models PhotonPersistentDiskVolumeSource of the Kubernetes API. */
export interface PhotonPersistentDiskVolumeSource {
  pdID: string;
  fsType?: string;
}

/** Models ProjectedVolumeSource of the Kubernetes API. */
export interface ProjectedVolumeSource {
  sources?: VolumeProjection[];
  defaultMode?: number;
  defaultUser?: number;
}

/** Models VolumeProjection of the Kubernetes API. */
export interface VolumeProjection {
  secret?: SecretProjection;
  downwardAPI?: DownwardAPIProjection;
  configMap?: ConfigMapProjection;
  serviceAccountToken?: ServiceAccountTokenProjection;
  clusterTrustBundle?: ClusterTrustBundleProjection;
  podCertificate?: PodCertificateProjection;
}

/** Models SecretProjection of the Kubernetes API. */
export interface SecretProjection {
  name?: string;
  items?: KeyToPath[];
  optional?: boolean;
}

/** Models ConfigMapProjection of the Kubernetes API. */
export interface ConfigMapProjection {
  name?: string;
  items?: KeyToPath[];
  optional?: boolean;
}

/** Models DownwardAPIProjection of the Kubernetes API. */
export interface DownwardAPIProjection {
  items?: DownwardAPIVolumeFile[];
}

/** Models ServiceAccountTokenProjection of the Kubernetes API. */
export interface ServiceAccountTokenProjection {
  audience?: string;
  expirationSeconds?: number;
  path: string;
  user?: number;
}

/** Models ClusterTrustBundleProjection of the Kubernetes API. */
export interface ClusterTrustBundleProjection {
  name?: string;
  signerName?: string;
  labelSelector?: LabelSelector;
  optional?: boolean;
  path: string;
  user?: number;
}

/** Models PodCertificateProjection of the Kubernetes API. */
export interface PodCertificateProjection {
  signerName?: string;
  keyType?: string;
  maxExpirationSeconds?: number;
  credentialBundlePath?: string;
  keyPath?: string;
  certificateChainPath?: string;
  userAnnotations?: Record<string, string>;
}

/** Models PortworxVolumeSource of the Kubernetes API. */
export interface PortworxVolumeSource {
  volumeID: string;
  fsType?: string;
  readOnly?: boolean;
}

/** Models ScaleIOVolumeSource of the Kubernetes API. */
export interface ScaleIOVolumeSource {
  gateway: string;
  system: string;
  secretRef?: LocalObjectReference;
  sslEnabled?: boolean;
  protectionDomain?: string;
  storagePool?: string;
  storageMode?: string;
  volumeName?: string;
  fsType?: string;
  readOnly?: boolean;
}

/** Models StorageOSVolumeSource of the Kubernetes API. */
export interface StorageOSVolumeSource {
  volumeName?: string;
  volumeNamespace?: string;
  fsType?: string;
  readOnly?: boolean;
  secretRef?: LocalObjectReference;
}

/** Models CSIVolumeSource of the Kubernetes API. */
export interface CSIVolumeSource {
  driver: string;
  readOnly?: boolean;
  fsType?: string;
  volumeAttributes?: Record<string, string>;
  nodePublishSecretRef?: LocalObjectReference;
}

/** Models EphemeralVolumeSource of the Kubernetes API. */
export interface EphemeralVolumeSource {
  volumeClaimTemplate?: PersistentVolumeClaimTemplate;
  readOnly?: boolean;
}

/** Models PersistentVolumeClaimTemplate of the Kubernetes API. */
export interface PersistentVolumeClaimTemplate {
  metadata?: TemplateMeta;
  spec: PersistentVolumeClaimSpec;
}

/** Models ImageVolumeSource of the Kubernetes API. */
export interface ImageVolumeSource {
  reference?: string;
  pullPolicy?: string;
}

/** Models LocalObjectReference of the Kubernetes API. */
export interface LocalObjectReference {
  name?: string;
}

/** Models PersistentVolume of the Kubernetes API. */
export interface PersistentVolume extends KubernetesObject {
  apiVersion: string;
  kind: 'PersistentVolume';
  metadata: ObjectMeta;
  spec: PersistentVolumeSpec;
  status: PersistentVolumeStatus;
}

/** Models PersistentVolumeSpec of the Kubernetes API. */
export interface PersistentVolumeSpec {
  capacity: Record<string, string>;
  gcePersistentDisk?: GCEPersistentDiskVolumeSource;
  awsElasticBlockStore?: AWSElasticBlockStoreVolumeSource;
  hostPath?: HostPathVolumeSource;
  glusterfs?: GlusterfsPersistentVolumeSource;
  nfs?: NFSVolumeSource;
  rbd?: RBDPersistentVolumeSource;
  iscsi?: ISCSIPersistentVolumeSource;
  cinder?: CinderPersistentVolumeSource;
  cephfs?: CephFSPersistentVolumeSource;
  fc?: FCVolumeSource;
  flocker?: FlockerVolumeSource;
  flexVolume?: FlexPersistentVolumeSource;
  azureFile?: AzureFilePersistentVolumeSource;
  vsphereVolume?: VsphereVirtualDiskVolumeSource;
  quobyte?: QuobyteVolumeSource;
  azureDisk?: AzureDiskVolumeSource;
  photonPersistentDisk?: PhotonPersistentDiskVolumeSource;
  portworxVolume?: PortworxVolumeSource;
  scaleIO?: ScaleIOPersistentVolumeSource;
  local?: LocalVolumeSource;
  storageos?: StorageOSPersistentVolumeSource;
  csi?: CSIPersistentVolumeSource;
  accessModes: string[];
  claimRef?: ObjectReference;
  persistentVolumeReclaimPolicy?: string;
  storageClassName?: string;
  mountOptions?: string[];
  volumeMode?: string;
  nodeAffinity?: VolumeNodeAffinity;
  volumeAttributesClassName?: string;
}

/** Models PersistentVolumeStatus of the Kubernetes API. */
export interface PersistentVolumeStatus {
  phase?: string;
  message?: string;
  reason?: string;
  lastPhaseTransitionTime?: string;
}

/** Models GlusterfsPersistentVolumeSource of the Kubernetes API. */
export interface GlusterfsPersistentVolumeSource {
  endpoints: string;
  path: string;
  readOnly?: boolean;
  endpointsNamespace?: string;
}

/** Models RBDPersistentVolumeSource of the Kubernetes API. */
export interface RBDPersistentVolumeSource {
  monitors?: string[];
  image: string;
  fsType?: string;
  pool?: string;
  user?: string;
  keyring?: string;
  secretRef?: SecretReference;
  readOnly?: boolean;
}

/** Models ISCSIPersistentVolumeSource of the Kubernetes API. */
export interface ISCSIPersistentVolumeSource {
  targetPortal: string;
  iqn: string;
  lun?: number;
  iscsiInterface?: string;
  fsType?: string;
  readOnly?: boolean;
  portals?: string[];
  chapAuthDiscovery?: boolean;
  chapAuthSession?: boolean;
  secretRef?: SecretReference;
  initiatorName?: string;
}

/** Models CinderPersistentVolumeSource of the Kubernetes API. */
export interface CinderPersistentVolumeSource {
  volumeID: string;
  fsType?: string;
  readOnly?: boolean;
  secretRef?: SecretReference;
}

/** Models CephFSPersistentVolumeSource of the Kubernetes API. */
export interface CephFSPersistentVolumeSource {
  monitors?: string[];
  path?: string;
  user?: string;
  secretFile?: string;
  secretRef?: SecretReference;
  readOnly?: boolean;
}

/** Models FlexPersistentVolumeSource of the Kubernetes API. */
export interface FlexPersistentVolumeSource {
  driver: string;
  fsType?: string;
  secretRef?: SecretReference;
  readOnly?: boolean;
  options?: Record<string, string>;
}

/** Models AzureFilePersistentVolumeSource of the Kubernetes API. */
export interface AzureFilePersistentVolumeSource {
  secretName: string;
  shareName: string;
  readOnly?: boolean;
  secretNamespace?: string;
}

/** Models ScaleIOPersistentVolumeSource of the Kubernetes API. */
export interface ScaleIOPersistentVolumeSource {
  gateway: string;
  system: string;
  secretRef?: SecretReference;
  sslEnabled?: boolean;
  protectionDomain?: string;
  storagePool?: string;
  storageMode?: string;
  volumeName?: string;
  fsType?: string;
  readOnly?: boolean;
}

/** Models LocalVolumeSource of the Kubernetes API. */
export interface LocalVolumeSource {
  path: string;
  fsType?: string;
}

/** Models StorageOSPersistentVolumeSource of the Kubernetes API. */
export interface StorageOSPersistentVolumeSource {
  volumeName?: string;
  volumeNamespace?: string;
  fsType?: string;
  readOnly?: boolean;
  secretRef?: ObjectReference;
}

/** Models CSIPersistentVolumeSource of the Kubernetes API. */
export interface CSIPersistentVolumeSource {
  driver: string;
  volumeHandle: string;
  readOnly?: boolean;
  fsType?: string;
  volumeAttributes?: Record<string, string>;
  controllerPublishSecretRef?: SecretReference;
  nodeStageSecretRef?: SecretReference;
  nodePublishSecretRef?: SecretReference;
  controllerExpandSecretRef?: SecretReference;
  nodeExpandSecretRef?: SecretReference;
}

/** Models SecretReference of the Kubernetes API. */
export interface SecretReference {
  name?: string;
  namespace?: string;
}

/** Models ObjectReference of the Kubernetes API. */
export interface ObjectReference {
  kind?: string;
  namespace?: string;
  name?: string;
  uid?: string;
  apiVersion?: string;
  resourceVersion?: string;
  fieldPath?: string;
}

/** Models VolumeNodeAffinity of the Kubernetes API. */
export interface VolumeNodeAffinity {
  required?: NodeSelector;
}

/** Models PersistentVolumeClaim of the Kubernetes API. */
export interface PersistentVolumeClaim extends KubernetesObject {
  apiVersion: string;
  kind: 'PersistentVolumeClaim';
  metadata: NamespacedObjectMeta;
  spec: PersistentVolumeClaimSpec;
  status: PersistentVolumeClaimStatus;
}

/** Models PersistentVolumeClaimSpec of the Kubernetes API. */
export interface PersistentVolumeClaimSpec {
  accessModes?: string[];
  selector?: LabelSelector;
  resources?: VolumeResourceRequirements;
  volumeName?: string;
  storageClassName?: string;
  volumeMode?: string;
  dataSource?: TypedLocalObjectReference;
  dataSourceRef?: TypedObjectReference;
  volumeAttributesClassName?: string;
}

/** Models VolumeResourceRequirements of the Kubernetes API. */
export interface VolumeResourceRequirements {
  limits?: Record<string, string>;
  requests?: Record<string, string>;
}

/** Models TypedLocalObjectReference of the Kubernetes API. */
export interface TypedLocalObjectReference {
  apiGroup?: string;
  kind: string;
  name: string;
}

/** Models TypedObjectReference of the Kubernetes API. */
export interface TypedObjectReference {
  apiGroup?: string;
  kind: string;
  name: string;
  namespace?: string;
}

/** Models PersistentVolumeClaimStatus of the Kubernetes API. */
export interface PersistentVolumeClaimStatus {
  phase?: string;
  accessModes?: string[];
  capacity?: Record<string, string>;
  conditions?: Condition[];
  allocatedResources?: Record<string, string>;
  allocatedResourceStatuses?: Record<string, string>;
  resizeStatus?: string;
  currentVolumeAttributesClassName?: string;
  modifyVolumeStatus?: ModifyVolumeStatus;
  healthStatus?: unknown;
}

/** Models ModifyVolumeStatus of the Kubernetes API. */
export interface ModifyVolumeStatus {
  targetVolumeAttributesClassName?: string;
  status: string;
}

/** Models Pod of the Kubernetes API. */
export interface Pod extends KubernetesObject {
  apiVersion: string;
  kind: 'Pod';
  metadata: NamespacedObjectMeta;
  spec: PodSpec;
  status: PodStatus;
}

/** Models PodTemplateSpec of the Kubernetes API. */
export interface PodTemplateSpec {
  metadata?: TemplateMeta;
  spec: PodSpec;
}

/** Models PodTemplate of the Kubernetes API. */
export interface PodTemplate extends KubernetesObject {
  apiVersion: string;
  kind: 'PodTemplate';
  metadata: NamespacedObjectMeta;
  template?: PodTemplateSpec;
}

/** Models PodSpec of the Kubernetes API. */
export interface PodSpec {
  volumes?: Volume[];
  initContainers?: Container[];
  containers: Container[];
  ephemeralContainers?: EphemeralContainer[];
  restartPolicy?: string;
  terminationGracePeriodSeconds?: number;
  activeDeadlineSeconds?: number;
  dnsPolicy?: string;
  nodeSelector?: Record<string, string>;
  serviceAccountName?: string;
  serviceAccount?: string;
  automountServiceAccountToken?: boolean;
  nodeName?: string;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  shareProcessNamespace?: boolean;
  securityContext?: PodSecurityContext;
  imagePullSecrets?: LocalObjectReference[];
  hostname?: string;
  subdomain?: string;
  affinity?: Affinity;
  schedulerName?: string;
  tolerations?: Toleration[];
  hostAliases?: HostAlias[];
  priorityClassName?: string;
  priority?: number;
  dnsConfig?: PodDNSConfig;
  readinessGates?: PodReadinessGate[];
  runtimeClassName?: string;
  enableServiceLinks?: boolean;
  preemptionPolicy?: string;
  overhead?: Record<string, string>;
  topologySpreadConstraints?: TopologySpreadConstraint[];
  setHostnameAsFQDN?: boolean;
  os?: PodOS;
  hostUsers?: boolean;
  schedulingGates?: PodSchedulingGate[];
  resourceClaims?: unknown[];
  resources?: ResourceRequirements;
  hostnameOverride?: string;
  workloadRef?: unknown;
}

/** Models PodOS of the Kubernetes API. */
export interface PodOS {
  name: string;
}

/** Models PodSchedulingGate of the Kubernetes API. */
export interface PodSchedulingGate {
  name: string;
}

/** Models PodReadinessGate of the Kubernetes API. */
export interface PodReadinessGate {
  conditionType: string;
}

/** Models HostAlias of the Kubernetes API. */
export interface HostAlias {
  ip?: string;
  hostnames?: string[];
}

/** Models PodDNSConfig of the Kubernetes API. */
export interface PodDNSConfig {
  nameservers?: string[];
  searches?: string[];
  options?: PodDNSConfigOption[];
}

/** Models PodDNSConfigOption of the Kubernetes API. */
export interface PodDNSConfigOption {
  name?: string;
  value?: string;
}

/** Models Toleration of the Kubernetes API. */
export interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
}

/** Models TopologySpreadConstraint of the Kubernetes API. */
export interface TopologySpreadConstraint {
  maxSkew: number;
  topologyKey: string;
  whenUnsatisfiable: string;
  labelSelector?: LabelSelector;
  minDomains?: number;
  nodeAffinityPolicy?: string;
  nodeTaintsPolicy?: string;
  matchLabelKeys?: string[];
}

/** Models Affinity of the Kubernetes API. */
export interface Affinity {
  nodeAffinity?: NodeAffinity;
  podAffinity?: PodAffinity;
  podAntiAffinity?: PodAffinity;
}

/** Models NodeAffinity of the Kubernetes API. */
export interface NodeAffinity {
  requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector;
  preferredDuringSchedulingIgnoredDuringExecution?: PreferredSchedulingTerm[];
}

/** Models PreferredSchedulingTerm of the Kubernetes API. */
export interface PreferredSchedulingTerm {
  weight: number;
  preference: NodeSelectorTerm;
}

/** Models NodeSelector of the Kubernetes API. */
export interface NodeSelector {
  nodeSelectorTerms: NodeSelectorTerm[];
}

/** Models NodeSelectorTerm of the Kubernetes API. */
export interface NodeSelectorTerm {
  matchExpressions?: NodeSelectorRequirement[];
  matchFields?: NodeSelectorRequirement[];
}

/** Models NodeSelectorRequirement of the Kubernetes API. */
export interface NodeSelectorRequirement {
  key: string;
  operator: string;
  values?: string[];
}

/** Models PodAffinity of the Kubernetes API. */
export interface PodAffinity {
  requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];
  preferredDuringSchedulingIgnoredDuringExecution?: WeightedPodAffinityTerm[];
}

/** Models WeightedPodAffinityTerm of the Kubernetes API. */
export interface WeightedPodAffinityTerm {
  weight: number;
  podAffinityTerm: PodAffinityTerm;
}

/** Models PodAffinityTerm of the Kubernetes API. */
export interface PodAffinityTerm {
  labelSelector?: LabelSelector;
  namespaces?: string[];
  topologyKey: string;
  namespaceSelector?: LabelSelector;
  matchLabelKeys?: string[];
  mismatchLabelKeys?: string[];
}

/** Models PodSecurityContext of the Kubernetes API. */
export interface PodSecurityContext {
  seLinuxOptions?: SELinuxOptions;
  windowsOptions?: WindowsSecurityContextOptions;
  runAsUser?: number;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  supplementalGroups?: number[];
  supplementalGroupsPolicy?: string;
  fsGroup?: number;
  sysctls?: Sysctl[];
  fsGroupChangePolicy?: string;
  seccompProfile?: SecurityProfile;
  appArmorProfile?: SecurityProfile;
  seLinuxChangePolicy?: string;
}

/** Models Sysctl of the Kubernetes API. */
export interface Sysctl {
  name: string;
  value: string;
}

/** Models SELinuxOptions of the Kubernetes API. */
export interface SELinuxOptions {
  user?: string;
  role?: string;
  type?: string;
  level?: string;
}

/** Models WindowsSecurityContextOptions of the Kubernetes API. */
export interface WindowsSecurityContextOptions {
  gmsaCredentialSpecName?: string;
  gmsaCredentialSpec?: string;
  runAsUserName?: string;
  hostProcess?: boolean;
}

/** Models SecurityProfile of the Kubernetes API. */
export interface SecurityProfile {
  type: string;
  localhostProfile?: string;
}

/** Models PodStatus of the Kubernetes API. */
export interface PodStatus {
  observedGeneration?: number;
  phase: string;
  conditions?: PodCondition[];
  message?: string;
  reason?: string;
  nominatedNodeName?: string;
  hostIP?: string;
  hostIPs?: HostIP[];
  podIP?: string;
  podIPs?: PodIP[];
  startTime?: string;
  initContainerStatuses?: ContainerStatus[];
  containerStatuses?: ContainerStatus[];
  qosClass?: string;
  ephemeralContainerStatuses?: ContainerStatus[];
  resize?: string;
  resourceClaimStatuses?: unknown[];
  volumeHealth?: unknown[];
  allocatedResources?: Record<string, string>;
  resources?: ResourceRequirements;
  extendedResourceClaimStatus?: unknown;
}

/** Models PodCondition of the Kubernetes API. */
export interface PodCondition {
  type: string;
  observedGeneration?: number;
  status: string;
  lastProbeTime?: string;
  lastTransitionTime?: string;
  reason?: string;
  message?: string;
}

/** Models HostIP of the Kubernetes API. */
export interface HostIP {
  ip: string;
}

/** Models PodIP of the Kubernetes API. */
export interface PodIP {
  ip: string;
}

/** Models ContainerStatus of the Kubernetes API. */
export interface ContainerStatus {
  name: string;
  state?: ContainerState;
  lastState?: ContainerState;
  ready: boolean;
  restartCount: number;
  image: string;
  imageID: string;
  containerID?: string;
  started?: boolean;
  allocatedResources?: Record<string, string>;
  resources?: ResourceRequirements;
  volumeMounts?: VolumeMountStatus[];
  user?: unknown;
  allocatedResourcesStatus?: unknown[];
  stopSignal?: string;
}

/** Models VolumeMountStatus of the Kubernetes API. */
export interface VolumeMountStatus {
  name: string;
  mountPath: string;
  readOnly?: boolean;
  recursiveReadOnly?: string;
  volumeStatus?: unknown;
}

/** Models ContainerState of the Kubernetes API. */
export interface ContainerState {
  waiting?: ContainerStateWaiting;
  running?: ContainerStateRunning;
  terminated?: ContainerStateTerminated;
}

/** Models ContainerStateWaiting of the Kubernetes API. */
export interface ContainerStateWaiting {
  reason?: string;
  message?: string;
}

/** Models ContainerStateRunning of the Kubernetes API. */
export interface ContainerStateRunning {
  startedAt?: string;
}

/** Models ContainerStateTerminated of the Kubernetes API. */
export interface ContainerStateTerminated {
  exitCode: number;
  signal?: number;
  reason?: string;
  message?: string;
  startedAt?: string;
  finishedAt?: string;
  containerID?: string;
}

/** Models Container of the Kubernetes API. */
export interface Container {
  name: string;
  image?: string;
  command?: string[];
  args?: string[];
  workingDir?: string;
  ports?: ContainerPort[];
  envFrom?: EnvFromSource[];
  env?: EnvVar[];
  resources?: ResourceRequirements;
  resizePolicy?: ContainerResizePolicy[];
  restartPolicy?: string;
  restartPolicyRules?: unknown[];
  volumeMounts?: VolumeMount[];
  volumeDevices?: VolumeDevice[];
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  startupProbe?: Probe;
  lifecycle?: Lifecycle;
  terminationMessagePath?: string;
  terminationMessagePolicy?: string;
  imagePullPolicy?: string;
  securityContext?: SecurityContext;
  stdin?: boolean;
  stdinOnce?: boolean;
  tty?: boolean;
}

/** Models EphemeralContainer of the Kubernetes API. */
export interface EphemeralContainer {
  name: string;
  image?: string;
  command?: string[];
  args?: string[];
  workingDir?: string;
  ports?: ContainerPort[];
  envFrom?: EnvFromSource[];
  env?: EnvVar[];
  resources?: ResourceRequirements;
  resizePolicy?: ContainerResizePolicy[];
  restartPolicy?: string;
  restartPolicyRules?: unknown[];
  volumeMounts?: VolumeMount[];
  volumeDevices?: VolumeDevice[];
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  startupProbe?: Probe;
  lifecycle?: Lifecycle;
  terminationMessagePath?: string;
  terminationMessagePolicy?: string;
  imagePullPolicy?: string;
  securityContext?: SecurityContext;
  stdin?: boolean;
  stdinOnce?: boolean;
  tty?: boolean;
  targetContainerName?: string;
}

/** Models ContainerPort of the Kubernetes API. */
export interface ContainerPort {
  name?: string;
  hostPort?: number;
  containerPort: number;
  protocol?: string;
  hostIP?: string;
}

/** Models ContainerResizePolicy of the Kubernetes API. */
export interface ContainerResizePolicy {
  resourceName: string;
  restartPolicy: string;
}

/** Models EnvFromSource of the Kubernetes API. */
export interface EnvFromSource {
  prefix?: string;
  configMapRef?: EnvSource;
  secretRef?: EnvSource;
}

/** Models EnvSource of the Kubernetes API. */
export interface EnvSource {
  name?: string;
  optional?: boolean;
}

/** Models EnvVar of the Kubernetes API. */
export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: EnvVarSource;
}

/** Models EnvVarSource of the Kubernetes API. */
export interface EnvVarSource {
  fieldRef?: ObjectFieldSelector;
  resourceFieldRef?: ResourceFieldSelector;
  configMapKeyRef?: KeySelector;
  secretKeyRef?: KeySelector;
  fileKeyRef?: FileKeySelector;
}

/** Models KeySelector of the Kubernetes API. */
export interface KeySelector {
  name?: string;
  key: string;
  optional?: boolean;
}

/** Models FileKeySelector of the Kubernetes API. */
export interface FileKeySelector {
  volumeName: string;
  path: string;
  key: string;
  optional?: boolean;
}

/** Models ResourceRequirements of the Kubernetes API. */
export interface ResourceRequirements {
  limits?: Record<string, string>;
  requests?: Record<string, string>;
  claims?: unknown[];
}

/** Models VolumeMount of the Kubernetes API. */
export interface VolumeMount {
  name: string;
  readOnly?: boolean;
  recursiveReadOnly?: string;
  mountPath: string;
  subPath?: string;
  mountPropagation?: string;
  subPathExpr?: string;
  bindMountOptions?: string[];
}

/** Models VolumeDevice of the Kubernetes API. */
export interface VolumeDevice {
  name: string;
  devicePath: string;
}

/** Models Probe of the Kubernetes API. */
export interface Probe {
  exec?: ExecAction;
  httpGet?: HTTPGetAction;
  tcpSocket?: TCPSocketAction;
  grpc?: GRPCAction;
  initialDelaySeconds?: number;
  timeoutSeconds?: number;
  periodSeconds?: number;
  successThreshold?: number;
  failureThreshold?: number;
  terminationGracePeriodSeconds?: number;
}

/** Models Lifecycle of the Kubernetes API. */
export interface Lifecycle {
  postStart?: LifecycleHandler;
  preStop?: LifecycleHandler;
  stopSignal?: string;
}

/** Models LifecycleHandler of the Kubernetes API. */
export interface LifecycleHandler {
  exec?: ExecAction;
  httpGet?: HTTPGetAction;
  tcpSocket?: TCPSocketAction;
  sleep?: SleepAction;
}

/** Models ExecAction of the Kubernetes API. */
export interface ExecAction {
  command?: string[];
}

/** Models HTTPGetAction of the Kubernetes API. */
export interface HTTPGetAction {
  path?: string;
  port: number | string;
  host?: string;
  scheme?: string;
  httpHeaders?: HTTPHeader[];
}

/** Models HTTPHeader of the Kubernetes API. */
export interface HTTPHeader {
  name: string;
  value: string;
}

/** Models TCPSocketAction of the Kubernetes API. */
export interface TCPSocketAction {
  port: number | string;
  host?: string;
}

/** Models GRPCAction of the Kubernetes API. */
export interface GRPCAction {
  port: number;
  service?: string;
}

/** Models SleepAction of the Kubernetes API. */
export interface SleepAction {
  seconds: number;
}

/** Models SecurityContext of the Kubernetes API. */
export interface SecurityContext {
  capabilities?: Capabilities;
  privileged?: boolean;
  seLinuxOptions?: SELinuxOptions;
  windowsOptions?: WindowsSecurityContextOptions;
  runAsUser?: number;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  readOnlyRootFilesystem?: boolean;
  allowPrivilegeEscalation?: boolean;
  procMount?: string;
  seccompProfile?: SecurityProfile;
  appArmorProfile?: SecurityProfile;
}

/** Models Capabilities of the Kubernetes API. */
export interface Capabilities {
  add?: string[];
  drop?: string[];
}

/** Models Node of the Kubernetes API. */
export interface Node extends KubernetesObject {
  apiVersion: string;
  kind: 'Node';
  metadata: ObjectMeta;
  spec: NodeSpec;
  status: NodeStatus;
}

/** Models NodeSpec of the Kubernetes API. */
export interface NodeSpec {
  podCIDR?: string;
  podCIDRs?: string[];
  providerID?: string;
  unschedulable?: boolean;
  taints?: Taint[];
  configSource?: unknown;
  externalID?: string;
}

/** Models Taint of the Kubernetes API. */
export interface Taint {
  key: string;
  value?: string;
  effect: string;
  timeAdded?: string;
}

/** Models NodeStatus of the Kubernetes API. */
export interface NodeStatus {
  capacity?: Record<string, string>;
  allocatable?: Record<string, string>;
  phase?: string;
  conditions?: NodeCondition[];
  addresses?: NodeAddress[];
  daemonEndpoints?: unknown;
  nodeInfo?: NodeSystemInfo;
  images?: ContainerImage[];
  volumesInUse?: string[];
  volumesAttached?: AttachedVolume[];
  config?: unknown;
  runtimeHandlers?: unknown[];
  features?: unknown;
  declaredFeatures?: string[];
}

/** Models NodeCondition of the Kubernetes API. */
export interface NodeCondition {
  type: string;
  status: string;
  lastHeartbeatTime?: string;
  lastTransitionTime?: string;
  reason?: string;
  message?: string;
}

/** Models NodeAddress of the Kubernetes API. */
export interface NodeAddress {
  type: string;
  address: string;
}

/** Models NodeSystemInfo of the Kubernetes API. */
export interface NodeSystemInfo {
  machineID?: string;
  systemUUID?: string;
  bootID?: string;
  kernelVersion?: string;
  osImage?: string;
  containerRuntimeVersion?: string;
  kubeletVersion?: string;
  kubeProxyVersion?: string;
  operatingSystem?: string;
  architecture?: string;
  swap?: unknown;
}

/** Models ContainerImage of the Kubernetes API. */
export interface ContainerImage {
  names?: string[];
  sizeBytes?: number;
}

/** Models AttachedVolume of the Kubernetes API. */
export interface AttachedVolume {
  name: string;
  devicePath: string;
}

/** Models Namespace of the Kubernetes API. */
export interface Namespace extends KubernetesObject {
  apiVersion: string;
  kind: 'Namespace';
  metadata: ObjectMeta;
  spec?: NamespaceSpec;
  status: NamespaceStatus;
}

/** Models NamespaceSpec of the Kubernetes API. */
export interface NamespaceSpec {
  finalizers?: string[];
}

/** Models NamespaceStatus of the Kubernetes API. */
export interface NamespaceStatus {
  phase?: string;
  conditions?: Condition[];
}

/** Models ConfigMap of the Kubernetes API. */
export interface ConfigMap extends KubernetesObject {
  apiVersion: string;
  kind: 'ConfigMap';
  metadata: NamespacedObjectMeta;
  immutable?: boolean;
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
}

/** Models Secret of the Kubernetes API. */
export interface Secret extends KubernetesObject {
  apiVersion: string;
  kind: 'Secret';
  metadata: NamespacedObjectMeta;
  immutable?: boolean;
  data?: Record<string, string>;
  stringData?: Record<string, string>;
  type?: string;
}

/** Models ServiceAccount of the Kubernetes API. */
export interface ServiceAccount extends KubernetesObject {
  apiVersion: string;
  kind: 'ServiceAccount';
  metadata: NamespacedObjectMeta;
  secrets?: ObjectReference[];
  imagePullSecrets?: LocalObjectReference[];
  automountServiceAccountToken?: boolean;
}

/** Models Event of the Kubernetes API. */
export interface Event extends KubernetesObject {
  apiVersion: string;
  kind: 'Event';
  metadata: NamespacedObjectMeta;
  involvedObject: ObjectReference;
  reason?: string;
  message?: string;
  source?: EventSource;
  firstTimestamp?: string;
  lastTimestamp?: string;
  count?: number;
  type?: string;
  eventTime?: string;
  series?: unknown;
  action?: string;
  related?: ObjectReference;
  reportingComponent?: string;
  reportingInstance?: string;
}

/** Models EventSource of the Kubernetes API. */
export interface EventSource {
  component?: string;
  host?: string;
}

/** Models Service of the Kubernetes API. */
export interface Service extends KubernetesObject {
  apiVersion: string;
  kind: 'Service';
  metadata: NamespacedObjectMeta;
  spec?: ServiceSpec;
  status?: unknown;
}

/** Models ServiceSpec of the Kubernetes API. */
export interface ServiceSpec {
  ports?: ServicePort[];
  selector?: Record<string, string>;
  clusterIP?: string;
  clusterIPs?: string[];
  type?: string;
  externalIPs?: string[];
  sessionAffinity?: string;
  loadBalancerIP?: string;
  loadBalancerSourceRanges?: string[];
  externalName?: string;
  externalTrafficPolicy?: string;
  healthCheckNodePort?: number;
  publishNotReadyAddresses?: boolean;
  sessionAffinityConfig?: unknown;
  ipFamilies?: string[];
  ipFamilyPolicy?: string;
  allocateLoadBalancerNodePorts?: boolean;
  loadBalancerClass?: string;
  internalTrafficPolicy?: string;
  trafficDistribution?: string;
}

/** Models ServicePort of the Kubernetes API. */
export interface ServicePort {
  name?: string;
  protocol?: string;
  appProtocol?: string;
  port: number;
  targetPort?: number | string;
  nodePort?: number;
}

/** Models Endpoints of the Kubernetes API. */
export interface Endpoints extends KubernetesObject {
  apiVersion: string;
  kind: 'Endpoints';
  metadata: NamespacedObjectMeta;
  subsets?: EndpointSubset[];
}

/** Models EndpointSubset of the Kubernetes API. */
export interface EndpointSubset {
  addresses?: EndpointAddress[];
  notReadyAddresses?: EndpointAddress[];
  ports?: EndpointPort[];
}

/** Models EndpointAddress of the Kubernetes API. */
export interface EndpointAddress {
  ip: string;
  hostname?: string;
  nodeName?: string;
  targetRef?: ObjectReference;
}

/** Models EndpointPort of the Kubernetes API. */
export interface EndpointPort {
  name?: string;
  port: number;
  protocol?: string;
  appProtocol?: string;
}

/** Models LimitRange of the Kubernetes API. */
export interface LimitRange extends KubernetesObject {
  apiVersion: string;
  kind: 'LimitRange';
  metadata: NamespacedObjectMeta;
  spec?: LimitRangeSpec;
}

/** Models LimitRangeSpec of the Kubernetes API. */
export interface LimitRangeSpec {
  limits?: LimitRangeItem[];
}

/** Models LimitRangeItem of the Kubernetes API. */
export interface LimitRangeItem {
  type: string;
  max?: Record<string, string>;
  min?: Record<string, string>;
  default?: Record<string, string>;
  defaultRequest?: Record<string, string>;
  maxLimitRequestRatio?: Record<string, string>;
}

/** Models ResourceQuota of the Kubernetes API. */
export interface ResourceQuota extends KubernetesObject {
  apiVersion: string;
  kind: 'ResourceQuota';
  metadata: NamespacedObjectMeta;
  spec?: ResourceQuotaSpec;
  status?: ResourceQuotaStatus;
}

/** Models ResourceQuotaSpec of the Kubernetes API. */
export interface ResourceQuotaSpec {
  hard?: Record<string, string>;
  scopes?: string[];
  scopeSelector?: ScopeSelector;
}

/** Models ScopeSelector of the Kubernetes API. */
export interface ScopeSelector {
  matchExpressions?: ScopedResourceSelectorRequirement[];
}

/** Models ScopedResourceSelectorRequirement of the Kubernetes API. */
export interface ScopedResourceSelectorRequirement {
  scopeName: string;
  operator: string;
  values?: string[];
}

/** Models ResourceQuotaStatus of the Kubernetes API. */
export interface ResourceQuotaStatus {
  hard?: Record<string, string>;
  used?: Record<string, string>;
}

/** Models ReplicationController of the Kubernetes API. */
export interface ReplicationController extends KubernetesObject {
  apiVersion: string;
  kind: 'ReplicationController';
  metadata: NamespacedObjectMeta;
  spec: ReplicationControllerSpec;
  status?: ReplicaSetStatus;
}

/** Models ReplicationControllerSpec of the Kubernetes API. */
export interface ReplicationControllerSpec {
  replicas?: number;
  minReadySeconds?: number;
  selector?: Record<string, string>;
  template?: PodTemplateSpec;
}

/** Models StorageClass of the Kubernetes API. */
export interface StorageClass extends KubernetesObject {
  apiVersion: string;
  kind: 'StorageClass';
  metadata: ObjectMeta;
  provisioner: string;
  parameters?: Record<string, string>;
  reclaimPolicy?: string;
  mountOptions?: string[];
  allowVolumeExpansion?: boolean;
  volumeBindingMode?: string;
  allowedTopologies?: TopologySelectorTerm[];
}

/** Models TopologySelectorTerm of the Kubernetes API. */
export interface TopologySelectorTerm {
  matchLabelExpressions?: TopologySelectorLabelRequirement[];
}

/** Models TopologySelectorLabelRequirement of the Kubernetes API. */
export interface TopologySelectorLabelRequirement {
  key: string;
  values: string[];
}

/** Models VolumeAttachment of the Kubernetes API. */
export interface VolumeAttachment extends KubernetesObject {
  apiVersion: string;
  kind: 'VolumeAttachment';
  metadata: ObjectMeta;
  spec: VolumeAttachmentSpec;
  status?: VolumeAttachmentStatus;
}

/** Models VolumeAttachmentSpec of the Kubernetes API. */
export interface VolumeAttachmentSpec {
  attacher: string;
  source: VolumeAttachmentSource;
  nodeName: string;
}

/** Models VolumeAttachmentSource of the Kubernetes API. */
export interface VolumeAttachmentSource {
  persistentVolumeName?: string;
  inlineVolumeSpec?: PersistentVolumeSpec;
}

/** Models VolumeAttachmentStatus of the Kubernetes API. */
export interface VolumeAttachmentStatus {
  attached: boolean;
  attachmentMetadata?: Record<string, string>;
  attachError?: VolumeError;
  detachError?: VolumeError;
}

/** Models VolumeError of the Kubernetes API. */
export interface VolumeError {
  time?: string;
  message?: string;
  errorCode?: number;
}

/** Models CSIDriver of the Kubernetes API. */
export interface CSIDriver extends KubernetesObject {
  apiVersion: string;
  kind: 'CSIDriver';
  metadata: ObjectMeta;
  spec: CSIDriverSpec;
}

/** Models CSIDriverSpec of the Kubernetes API. */
export interface CSIDriverSpec {
  attachRequired?: boolean;
  podInfoOnMount?: boolean;
  volumeLifecycleModes?: string[];
  storageCapacity?: boolean;
  fsGroupPolicy?: string;
  tokenRequests?: TokenRequest[];
  requiresRepublish?: boolean;
  seLinuxMount?: boolean;
  nodeAllocatableUpdatePeriodSeconds?: number;
  serviceAccountTokenInSecrets?: boolean;
  preventPodSchedulingIfMissing?: boolean;
}

/** Models TokenRequest of the Kubernetes API. */
export interface TokenRequest {
  audience?: string;
  expirationSeconds?: number;
}

/** Models CSINode of the Kubernetes API. */
export interface CSINode extends KubernetesObject {
  apiVersion: string;
  kind: 'CSINode';
  metadata: ObjectMeta;
  spec: CSINodeSpec;
}

/** Models CSINodeSpec of the Kubernetes API. */
export interface CSINodeSpec {
  drivers?: CSINodeDriver[];
}

/** Models CSINodeDriver of the Kubernetes API. */
export interface CSINodeDriver {
  name: string;
  nodeID: string;
  topologyKeys?: string[];
  allocatable?: VolumeNodeResources;
}

/** Models VolumeNodeResources of the Kubernetes API. */
export interface VolumeNodeResources {
  count?: number;
}

/** Models CSIStorageCapacity of the Kubernetes API. */
export interface CSIStorageCapacity extends KubernetesObject {
  apiVersion: string;
  kind: 'CSIStorageCapacity';
  metadata: NamespacedObjectMeta;
  nodeTopology?: LabelSelector;
  storageClassName: string;
  capacity?: string;
  maximumVolumeSize?: string;
}

/** Models VolumeAttributesClass of the Kubernetes API. */
export interface VolumeAttributesClass extends KubernetesObject {
  apiVersion: string;
  kind: 'VolumeAttributesClass';
  metadata: ObjectMeta;
  driverName: string;
  parameters?: Record<string, string>;
}

/** Models VolumeSnapshot of the Kubernetes API. */
export interface VolumeSnapshot extends KubernetesObject {
  apiVersion: string;
  kind: 'VolumeSnapshot';
  metadata: NamespacedObjectMeta;
  spec: VolumeSnapshotSpec;
  status?: VolumeSnapshotStatus;
}

/** Models VolumeSnapshotSpec of the Kubernetes API. */
export interface VolumeSnapshotSpec {
  source: VolumeSnapshotSource;
  volumeSnapshotClassName?: string;
}

/** Models VolumeSnapshotSource of the Kubernetes API. */
export interface VolumeSnapshotSource {
  persistentVolumeClaimName?: string;
  volumeSnapshotContentName?: string;
}

/** Models VolumeSnapshotStatus of the Kubernetes API. */
export interface VolumeSnapshotStatus {
  boundVolumeSnapshotContentName?: string;
  creationTime?: string;
  readyToUse?: boolean;
  restoreSize?: string;
  error?: VolumeSnapshotError;
  volumeGroupSnapshotName?: string;
}

/** Models VolumeSnapshotError of the Kubernetes API. */
export interface VolumeSnapshotError {
  time?: string;
  message?: string;
}

/** Models VolumeSnapshotContent of the Kubernetes API. */
export interface VolumeSnapshotContent extends KubernetesObject {
  apiVersion: string;
  kind: 'VolumeSnapshotContent';
  metadata: ObjectMeta;
  spec: VolumeSnapshotContentSpec;
  status?: VolumeSnapshotContentStatus;
}

/** Models VolumeSnapshotContentSpec of the Kubernetes API. */
export interface VolumeSnapshotContentSpec {
  volumeSnapshotRef: ObjectReference;
  deletionPolicy: string;
  driver: string;
  volumeSnapshotClassName?: string;
  source: VolumeSnapshotContentSource;
  sourceVolumeMode?: string;
}

/** Models VolumeSnapshotContentSource of the Kubernetes API. */
export interface VolumeSnapshotContentSource {
  volumeHandle?: string;
  snapshotHandle?: string;
}

/** Models VolumeSnapshotContentStatus of the Kubernetes API. */
export interface VolumeSnapshotContentStatus {
  snapshotHandle?: string;
  creationTime?: number;
  restoreSize?: number;
  readyToUse?: boolean;
  error?: VolumeSnapshotError;
  volumeGroupSnapshotHandle?: string;
}

/** Models VolumeSnapshotClass of the Kubernetes API. */
export interface VolumeSnapshotClass extends KubernetesObject {
  apiVersion: string;
  kind: 'VolumeSnapshotClass';
  metadata: ObjectMeta;
  driver: string;
  parameters?: Record<string, string>;
  deletionPolicy: string;
}

/** Models Deployment of the Kubernetes API. */
export interface Deployment extends KubernetesObject {
  apiVersion: string;
  kind: 'Deployment';
  metadata: NamespacedObjectMeta;
  spec: DeploymentSpec;
  status?: DeploymentStatus;
}

/** Models DeploymentSpec of the Kubernetes API. */
export interface DeploymentSpec {
  replicas?: number;
  selector?: LabelSelector;
  template: PodTemplateSpec;
  strategy?: DeploymentStrategy;
  minReadySeconds?: number;
  revisionHistoryLimit?: number;
  paused?: boolean;
  progressDeadlineSeconds?: number;
  rollbackTo?: unknown;
}

/** Models DeploymentStrategy of the Kubernetes API. */
export interface DeploymentStrategy {
  type?: string;
  rollingUpdate?: RollingUpdate;
}

/** Models RollingUpdate of the Kubernetes API. */
export interface RollingUpdate {
  maxUnavailable?: number | string;
  maxSurge?: number | string;
  partition?: number;
}

/** Models DeploymentStatus of the Kubernetes API. */
export interface DeploymentStatus {
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  unavailableReplicas?: number;
  terminatingReplicas?: number;
  conditions?: Condition[];
  collisionCount?: number;
}

/** Models ReplicaSet of the Kubernetes API. */
export interface ReplicaSet extends KubernetesObject {
  apiVersion: string;
  kind: 'ReplicaSet';
  metadata: NamespacedObjectMeta;
  spec: ReplicaSetSpec;
  status?: ReplicaSetStatus;
}

/** Models ReplicaSetSpec of the Kubernetes API. */
export interface ReplicaSetSpec {
  replicas?: number;
  minReadySeconds?: number;
  selector?: LabelSelector;
  template?: PodTemplateSpec;
}

/** Models ReplicaSetStatus of the Kubernetes API. */
export interface ReplicaSetStatus {
  replicas?: number;
  fullyLabeledReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  terminatingReplicas?: number;
  observedGeneration?: number;
  conditions?: Condition[];
}

/** Models StatefulSet of the Kubernetes API. */
export interface StatefulSet extends KubernetesObject {
  apiVersion: string;
  kind: 'StatefulSet';
  metadata: NamespacedObjectMeta;
  spec: StatefulSetSpec;
  status?: StatefulSetStatus;
}

/** Models StatefulSetSpec of the Kubernetes API. */
export interface StatefulSetSpec {
  replicas?: number;
  selector?: LabelSelector;
  template: PodTemplateSpec;
  volumeClaimTemplates?: ClaimTemplate[];
  serviceName?: string;
  podManagementPolicy?: string;
  updateStrategy?: StatefulSetUpdateStrategy;
  revisionHistoryLimit?: number;
  minReadySeconds?: number;
  persistentVolumeClaimRetentionPolicy?: StatefulSetPersistentVolumeClaimRetentionPolicy;
  ordinals?: StatefulSetOrdinals;
}

/** Models ClaimTemplate of the Kubernetes API. */
export interface ClaimTemplate {
  apiVersion?: string;
  kind?: string;
  metadata?: TemplateMeta;
  spec: PersistentVolumeClaimSpec;
  status?: PersistentVolumeClaimStatus;
}

/** Models StatefulSetUpdateStrategy of the Kubernetes API. */
export interface StatefulSetUpdateStrategy {
  type?: string;
  rollingUpdate?: RollingUpdate;
}

/** Models StatefulSetPersistentVolumeClaimRetentionPolicy of the Kubernetes API. */
export interface StatefulSetPersistentVolumeClaimRetentionPolicy {
  whenDeleted?: string;
  whenScaled?: string;
}

/** Models StatefulSetOrdinals of the Kubernetes API. */
export interface StatefulSetOrdinals {
  start: number;
}

/** Models StatefulSetStatus of the Kubernetes API. */
export interface StatefulSetStatus {
  observedGeneration?: number;
  replicas?: number;
  readyReplicas?: number;
  currentReplicas?: number;
  updatedReplicas?: number;
  currentRevision?: string;
  updateRevision?: string;
  collisionCount?: number;
  conditions?: Condition[];
  availableReplicas?: number;
}

/** Models DaemonSet of the Kubernetes API. */
export interface DaemonSet extends KubernetesObject {
  apiVersion: string;
  kind: 'DaemonSet';
  metadata: NamespacedObjectMeta;
  spec: DaemonSetSpec;
  status?: DaemonSetStatus;
}

/** Models DaemonSetSpec of the Kubernetes API. */
export interface DaemonSetSpec {
  selector?: LabelSelector;
  template: PodTemplateSpec;
  updateStrategy?: DeploymentStrategy;
  minReadySeconds?: number;
  revisionHistoryLimit?: number;
  templateGeneration?: number;
}

/** Models DaemonSetStatus of the Kubernetes API. */
export interface DaemonSetStatus {
  currentNumberScheduled?: number;
  numberMisscheduled?: number;
  desiredNumberScheduled?: number;
  numberReady?: number;
  observedGeneration?: number;
  updatedNumberScheduled?: number;
  numberAvailable?: number;
  numberUnavailable?: number;
  collisionCount?: number;
  conditions?: Condition[];
}

/** Models Job of the Kubernetes API. */
export interface Job extends KubernetesObject {
  apiVersion: string;
  kind: 'Job';
  metadata: NamespacedObjectMeta;
  spec: JobSpec;
  status?: JobStatus;
}

/** Models JobSpec of the Kubernetes API. */
export interface JobSpec {
  parallelism?: number;
  completions?: number;
  activeDeadlineSeconds?: number;
  podFailurePolicy?: unknown;
  successPolicy?: unknown;
  backoffLimit?: number;
  backoffLimitPerIndex?: number;
  maxFailedIndexes?: number;
  selector?: LabelSelector;
  manualSelector?: boolean;
  template: PodTemplateSpec;
  ttlSecondsAfterFinished?: number;
  completionMode?: string;
  suspend?: boolean;
  podReplacementPolicy?: string;
  managedBy?: string;
}

/** Models JobStatus of the Kubernetes API. */
export interface JobStatus {
  conditions?: Condition[];
  startTime?: string;
  completionTime?: string;
  active?: number;
  succeeded?: number;
  failed?: number;
  terminating?: number;
  completedIndexes?: string;
  failedIndexes?: string;
  uncountedTerminatedPods?: unknown;
  ready?: number;
}

/** Models CronJob of the Kubernetes API. */
export interface CronJob extends KubernetesObject {
  apiVersion: string;
  kind: 'CronJob';
  metadata: NamespacedObjectMeta;
  spec: CronJobSpec;
  status?: CronJobStatus;
}

/** Models CronJobSpec of the Kubernetes API. */
export interface CronJobSpec {
  schedule: string;
  timeZone?: string;
  startingDeadlineSeconds?: number;
  concurrencyPolicy?: string;
  suspend?: boolean;
  jobTemplate: JobTemplateSpec;
  successfulJobsHistoryLimit?: number;
  failedJobsHistoryLimit?: number;
}

/** Models JobTemplateSpec of the Kubernetes API. */
export interface JobTemplateSpec {
  metadata?: TemplateMeta;
  spec: JobSpec;
}

/** Models CronJobStatus of the Kubernetes API. */
export interface CronJobStatus {
  active?: ObjectReference[];
  lastScheduleTime?: string;
  lastSuccessfulTime?: string;
}

/** Models PriorityClass of the Kubernetes API. */
export interface PriorityClass extends KubernetesObject {
  apiVersion: string;
  kind: 'PriorityClass';
  metadata: ObjectMeta;
  value: number;
  globalDefault?: boolean;
  description?: string;
  preemptionPolicy?: string;
}

/** Models Lease of the Kubernetes API. */
export interface Lease extends KubernetesObject {
  apiVersion: string;
  kind: 'Lease';
  metadata: NamespacedObjectMeta;
  spec?: unknown;
}

/** Models TokenReview of the Kubernetes API. */
export interface TokenReview extends KubernetesObject {
  apiVersion: string;
  kind: 'TokenReview';
  metadata: ObjectMeta;
  spec: TokenReviewSpec;
  status?: TokenReviewStatus;
}

/** Models TokenReviewSpec of the Kubernetes API. */
export interface TokenReviewSpec {
  token?: string;
  audiences?: string[];
}

/** Models TokenReviewStatus of the Kubernetes API. */
export interface TokenReviewStatus {
  authenticated?: boolean;
  user?: UserInfo;
  audiences?: string[];
  error?: string;
}

/** Models UserInfo of the Kubernetes API. */
export interface UserInfo {
  username?: string;
  uid?: string;
  groups?: string[];
  extra?: Record<string, string[]>;
}

/** The kinds that have a schema. */
export interface KindMap {
  PersistentVolume: PersistentVolume;
  PersistentVolumeClaim: PersistentVolumeClaim;
  Pod: Pod;
  PodTemplate: PodTemplate;
  Node: Node;
  Namespace: Namespace;
  ConfigMap: ConfigMap;
  Secret: Secret;
  ServiceAccount: ServiceAccount;
  Event: Event;
  Service: Service;
  Endpoints: Endpoints;
  LimitRange: LimitRange;
  ResourceQuota: ResourceQuota;
  ReplicationController: ReplicationController;
  StorageClass: StorageClass;
  VolumeAttachment: VolumeAttachment;
  CSIDriver: CSIDriver;
  CSINode: CSINode;
  CSIStorageCapacity: CSIStorageCapacity;
  VolumeAttributesClass: VolumeAttributesClass;
  VolumeSnapshot: VolumeSnapshot;
  VolumeSnapshotContent: VolumeSnapshotContent;
  VolumeSnapshotClass: VolumeSnapshotClass;
  Deployment: Deployment;
  ReplicaSet: ReplicaSet;
  StatefulSet: StatefulSet;
  DaemonSet: DaemonSet;
  Job: Job;
  CronJob: CronJob;
  PriorityClass: PriorityClass;
  Lease: Lease;
  TokenReview: TokenReview;
}
