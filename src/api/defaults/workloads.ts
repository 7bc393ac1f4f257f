import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  JobSpec,
  LabelSelector,
  PodTemplateSpec,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { defaultHostPorts, defaultPodSpec } from './pod.ts';
import { defaultClaimSpec } from './volumes.ts';

/** Fills in a template of Pods. */
export function defaultTemplate(template: PodTemplateSpec | undefined, rules: VersionRules): void {
  if (!template) return;
  template.spec ??= { containers: [] };
  defaultPodSpec(template.spec, rules);
  if (rules.before('1.28')) defaultHostPorts(template.spec);
}

const UNLIMITED = 2 ** 31 - 1;

/** Groups whose newer versions ask for the selector to be given. */
const SELECTOR_BY_LABELS: ReadonlySet<string> = new Set(['extensions/v1beta1', 'apps/v1beta1']);

/** In old versions of the API the selector is what the template's labels are, and so are the object's own labels. */
function defaultSelector(workload: {
  apiVersion: string;
  metadata: Labelled['metadata'];
  spec: { selector?: LabelSelector; template?: PodTemplateSpec };
}): void {
  const { apiVersion, spec } = workload;
  const labels = spec.template?.metadata?.labels;
  if (!labels || !SELECTOR_BY_LABELS.has(apiVersion)) return;
  spec.selector ??= { matchLabels: { ...labels } };
  defaultLabels(workload, labels);
}

/** Models SetDefaults_Deployment in pkg/apis/apps/v1/defaults.go. */
export function defaultDeployment(deployment: Deployment, rules: VersionRules): void {
  const { apiVersion, spec } = deployment;
  if (!spec) return;
  const first = apiVersion === 'extensions/v1beta1';
  defaultSelector(deployment);
  defaultTemplate(spec.template, rules);
  spec.replicas ??= 1;
  // What the first version leaves open was, from 1.12 on, the largest number that there is.
  if (!first || rules.atLeast('1.12')) {
    spec.revisionHistoryLimit ??= first ? UNLIMITED : apiVersion === 'apps/v1beta1' ? 2 : 10;
    spec.progressDeadlineSeconds ??= first ? UNLIMITED : 600;
  }
  spec.strategy ??= {};
  spec.strategy.type ||= 'RollingUpdate';
  if (spec.strategy.type !== 'RollingUpdate') return;
  spec.strategy.rollingUpdate ??= {};
  spec.strategy.rollingUpdate.maxUnavailable ??= first ? 1 : '25%';
  spec.strategy.rollingUpdate.maxSurge ??= first ? 1 : '25%';
}

/** Models SetDefaults_ReplicaSet. */
export function defaultReplicaSet(replicaSet: ReplicaSet, rules: VersionRules): void {
  const { spec } = replicaSet;
  if (!spec) return;
  defaultSelector(replicaSet);
  defaultTemplate(spec.template, rules);
  spec.replicas ??= 1;
}

/** Models SetDefaults_ReplicationController in pkg/apis/core/v1/defaults.go. */
export function defaultReplicationController(
  controller: ReplicationController,
  rules: VersionRules,
): void {
  const { spec } = controller;
  if (!spec) return;
  const labels = spec.template?.metadata?.labels;
  defaultLabels(controller, labels);
  if (labels && Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
  defaultTemplate(spec.template, rules);
  spec.replicas ??= 1;
}

/** Models SetDefaults_StatefulSet. */
export function defaultStatefulSet(statefulSet: StatefulSet, rules: VersionRules): void {
  const { apiVersion, spec } = statefulSet;
  if (!spec) return;
  defaultSelector(statefulSet);
  defaultTemplate(spec.template, rules);
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  spec.podManagementPolicy ||= 'OrderedReady';
  spec.updateStrategy ??= {};
  const { updateStrategy: strategy } = spec;
  if (apiVersion === 'apps/v1beta1') strategy.type ||= 'OnDelete';
  if (!strategy.type) strategy.rollingUpdate ??= {};
  strategy.type ||= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate' && strategy.rollingUpdate) {
    strategy.rollingUpdate.partition ??= 0;
  }
  if (rules.gate('StatefulSetAutoDeletePVC')) {
    const retention = spec.persistentVolumeClaimRetentionPolicy;
    const { whenDeleted = 'Retain', whenScaled = 'Retain' } = retention ?? {};
    spec.persistentVolumeClaimRetentionPolicy = { whenDeleted, whenScaled };
  }
  for (const claim of spec.volumeClaimTemplates ?? []) {
    claim.spec ??= {};
    defaultClaimSpec(claim.spec, rules);
    claim.status ??= {};
    claim.status.phase ||= 'Pending';
  }
}

/** Models SetDefaults_DaemonSet. */
export function defaultDaemonSet(daemonSet: DaemonSet, rules: VersionRules): void {
  const { apiVersion, spec } = daemonSet;
  if (!spec) return;
  defaultSelector(daemonSet);
  defaultTemplate(spec.template, rules);
  spec.revisionHistoryLimit ??= 10;
  spec.updateStrategy ??= {};
  const first = apiVersion === 'extensions/v1beta1';
  spec.updateStrategy.type ||= first ? 'OnDelete' : 'RollingUpdate';
  if (spec.updateStrategy.type !== 'RollingUpdate') return;
  spec.updateStrategy.rollingUpdate ??= {};
  spec.updateStrategy.rollingUpdate.maxUnavailable ??= 1;
  if (rules.atLeast('1.22')) spec.updateStrategy.rollingUpdate.maxSurge ??= 0;
}

/** What can have labels of its own. */
interface Labelled {
  readonly metadata: Pick<Job['metadata'], 'labels'>;
}

/** One without labels has those of its Pods. */
function defaultLabels(
  { metadata }: Labelled,
  labels: Readonly<Record<string, string>> | undefined,
): void {
  if (!labels || Object.keys(metadata.labels ?? {}).length > 0) return;
  metadata.labels = { ...labels };
}

/** Models SetDefaults_Job in pkg/apis/batch/v1/defaults.go. */
export function defaultJob(job: Job, rules: VersionRules): void {
  const { spec } = job;
  if (!spec) return;
  defaultJobSpec(spec, rules);
  defaultLabels(job, spec.template?.metadata?.labels);
}

function defaultJobSpec(spec: JobSpec, rules: VersionRules): void {
  defaultTemplate(spec.template, rules);
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  // Each index with a limit of its own: then there is none for all.
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : UNLIMITED;
  if (rules.before('1.21')) return;
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  if (rules.before('1.29')) return;
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed';
  spec.manualSelector ??= false;
}

/** Models SetDefaults_CronJob; its template is a Job's. */
export function defaultCronJob({ spec }: CronJob, rules: VersionRules): void {
  if (!spec) return;
  defaultTemplate(spec.jobTemplate?.spec?.template, rules);
  spec.concurrencyPolicy ||= 'Allow';
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
}
