/** `name of a group: version range, version range` for each group that a kind is or was in. */
function served(...texts: readonly string[]): Readonly<Record<string, string>> {
  const entries = texts.flatMap((text) => {
    const [group = '', versions = ''] = text.split(': ');
    return versions.split(', ').map((one) => {
      const [version = '', range = ''] = one.split(' ');
      return [group === 'core' ? version : `${group}/${version}`, range] as const;
    });
  });
  return Object.fromEntries(entries);
}

const ADMISSION = 'admissionregistration.k8s.io';
const WEBHOOKS = served(`${ADMISSION}: v1beta1 1.9-1.21, v1 1.16-`);
const VALIDATING = served(`${ADMISSION}: v1alpha1 1.26-, v1beta1 1.28-, v1 1.30-`);
const MUTATING = served(`${ADMISSION}: v1alpha1 1.32-, v1beta1 1.34-, v1 1.36-`);
const REVIEWS = served('authorization.k8s.io: v1beta1 1.5-1.21, v1 1.6-');
const FLOWS = served(
  'flowcontrol.apiserver.k8s.io: v1alpha1 1.18-1.23, v1beta1 1.20-1.25, v1beta2 1.23-1.28, v1beta3 1.26-1.31, v1 1.29-',
);
const ADDRESSES = served('networking.k8s.io: v1alpha1 1.27-1.33, v1beta1 1.31-, v1 1.33-');
const ROLES = served('rbac.authorization.k8s.io: v1alpha1 1.5-1.21, v1beta1 1.6-1.21, v1 1.8-');
const DEVICES = 'v1alpha3 1.31-, v1beta1 1.32-, v1beta2 1.33-, v1 1.34-';
const CLAIMS = served(`resource.k8s.io: v1alpha1 1.26-1.26, v1alpha2 1.27-1.30, ${DEVICES}`);

/**
 * Kinds of Kubernetes' own groups that have no schema here, by the versions of their groups and the Kubernetes versions that serve them.
 * Models the resources that kube-apiserver installs.
 */
export const otherKinds: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  APIService: served('apiregistration.k8s.io: v1beta1 1.7-1.21, v1 1.10-'),
  Binding: served('core: v1 1.5-'),
  CertificateSigningRequest: served(
    'certificates.k8s.io: v1alpha1 1.5-1.5, v1beta1 1.6-1.21, v1 1.19-',
  ),
  ClusterTrustBundle: served('certificates.k8s.io: v1alpha1 1.27-, v1beta1 1.33-'),
  ComponentStatus: served('core: v1 1.5-'),
  ControllerRevision: served('apps: v1beta1 1.7-1.15, v1beta2 1.8-1.15, v1 1.9-'),
  DeviceClass: served(`resource.k8s.io: ${DEVICES}`),
  DeviceTaintRule: served('resource.k8s.io: v1alpha3 1.33-'),
  EndpointSlice: served('discovery.k8s.io: v1alpha1 1.16-1.20, v1beta1 1.17-1.24, v1 1.21-'),
  Eviction: served('policy: v1beta1 1.5-1.24, v1 1.22-'),
  FlowSchema: FLOWS,
  HorizontalPodAutoscaler: served(
    'autoscaling: v1 1.5-, v2alpha1 1.6-1.8, v2beta1 1.8-1.24, v2beta2 1.12-1.25, v2 1.23-',
  ),
  IPAddress: ADDRESSES,
  Ingress: served('extensions: v1beta1 1.5-1.21', 'networking.k8s.io: v1beta1 1.14-1.21, v1 1.19-'),
  IngressClass: served('networking.k8s.io: v1beta1 1.18-1.21, v1 1.19-'),
  InitializerConfiguration: served(`${ADMISSION}: v1alpha1 1.7-1.13`),
  LeaseCandidate: served('coordination.k8s.io: v1alpha1 1.31-1.31, v1alpha2 1.32-, v1beta1 1.33-'),
  LocalSubjectAccessReview: REVIEWS,
  MutatingAdmissionPolicy: MUTATING,
  MutatingAdmissionPolicyBinding: MUTATING,
  MutatingWebhookConfiguration: WEBHOOKS,
  NetworkPolicy: served('extensions: v1beta1 1.5-1.15', 'networking.k8s.io: v1 1.7-'),
  PodCertificateRequest: served('certificates.k8s.io: v1alpha1 1.34-, v1beta1 1.35-'),
  PodDisruptionBudget: served('policy: v1beta1 1.5-1.24, v1 1.21-'),
  PodPreset: served('settings.k8s.io: v1alpha1 1.6-1.19'),
  PodSchedulingContext: served('resource.k8s.io: v1alpha2 1.27-1.30, v1alpha3 1.31-1.31'),
  PodSecurityPolicy: served('extensions: v1beta1 1.5-1.15', 'policy: v1beta1 1.10-1.24'),
  PriorityLevelConfiguration: FLOWS,
  ResourceClaim: CLAIMS,
  ResourceClaimTemplate: CLAIMS,
  ResourceClass: served('resource.k8s.io: v1alpha1 1.26-1.26, v1alpha2 1.27-1.30'),
  ResourceSlice: served(`resource.k8s.io: ${DEVICES}`),
  Role: ROLES,
  RoleBinding: ROLES,
  RuntimeClass: served('node.k8s.io: v1alpha1 1.14-1.24, v1beta1 1.14-1.24, v1 1.20-'),
  ScheduledJob: served('batch: v2alpha1 1.5-1.7'),
  SelfSubjectAccessReview: REVIEWS,
  SelfSubjectReview: served('authentication.k8s.io: v1alpha1 1.26-1.29, v1beta1 1.27-, v1 1.28-'),
  SelfSubjectRulesReview: REVIEWS,
  ServiceCIDR: ADDRESSES,
  StorageVersion: served('internal.apiserver.k8s.io: v1alpha1 1.20-'),
  StorageVersionMigration: served('storagemigration.k8s.io: v1alpha1 1.30-1.34, v1beta1 1.35-'),
  SubjectAccessReview: REVIEWS,
  ThirdPartyResource: served('extensions: v1beta1 1.5-1.7'),
  ValidatingAdmissionPolicy: VALIDATING,
  ValidatingAdmissionPolicyBinding: VALIDATING,
  ValidatingWebhookConfiguration: WEBHOOKS,
  Workload: served('scheduling.k8s.io: v1alpha1 1.35-'),
};
