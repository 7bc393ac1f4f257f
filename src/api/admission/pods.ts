import { ApiError } from '../api-error.ts';
import type { Pod, Toleration } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import type { AdmissionContext } from './index.ts';

const SYSTEM_PRIORITIES: ReadonlyMap<string, number> = new Map([
  ['system-cluster-critical', 2_000_000_000],
  ['system-node-critical', 2_000_001_000],
]);

/** Models plugin/pkg/admission/priority. */
export function admitPriority({ metadata, spec }: Pod, { store, rules }: AdmissionContext): void {
  if (rules.before('1.11')) return;
  const classes = store.list('PriorityClass');
  const name = spec.priorityClassName ?? classes.find((one) => one.globalDefault)?.metadata.name;
  const found = name ? store.get('PriorityClass', undefined, name) : undefined;
  const value = name ? (SYSTEM_PRIORITIES.get(name) ?? found?.value) : 0;
  if (value === undefined) {
    const why = `no PriorityClass with name ${name} was found`;
    throw ApiError.forbidden('pods', metadata.name ?? '', why);
  }
  if (spec.priority !== undefined && spec.priority !== value) {
    const why =
      'the integer value of priority must not be provided in pod spec; priority admission controller computed %d from the given PriorityClass name';
    throw ApiError.forbidden('pods', metadata.name ?? '', why.replace('%d', String(value)));
  }
  if (name) spec.priorityClassName = name;
  spec.priority = value;
  if (rules.atLeast('1.19'))
    spec.preemptionPolicy ??= found?.preemptionPolicy ?? 'PreemptLowerPriority';
}

const LOST_NODE = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** A Pod stays five minutes on a node that is lost. Models plugin/pkg/admission/defaulttolerationseconds. */
export function admitTolerations({ spec }: Pod, rules: VersionRules): void {
  if (!rules.gate('TaintBasedEvictions')) return;
  const given: Toleration[] = spec.tolerations ?? [];
  const added = LOST_NODE.filter((key) => !given.some((one) => tolerates(one, key))).map((key) => ({
    key,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  }));
  if (added.length > 0) spec.tolerations = [...given, ...added];
}

function tolerates({ key, effect }: Toleration, wanted: string): boolean {
  return (!key || key === wanted) && (!effect || effect === 'NoExecute');
}
