import type { FieldErrors } from '../field-errors.ts';
import { type GoType, GoValue } from '../go-syntax.ts';
import type {
  Affinity,
  LabelSelector,
  PodAffinity,
  PodAffinityTerm,
  PodSpec,
  Toleration,
  TopologySpreadConstraint,
} from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { isLabel, isLabelValue, isQualifiedName } from './names.ts';
import {
  validateLabelSelector,
  validateNodeSelector,
  validateNodeSelectorTerm,
} from './selectors.ts';

/** Where a Pod may run. Models validateAffinity. */
export function validateAffinity(
  errors: FieldErrors,
  at: string,
  { nodeAffinity, podAffinity, podAntiAffinity }: Affinity,
  rules: VersionRules,
): void {
  const required = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const field = `${at}.nodeAffinity`;
  const name = 'DuringSchedulingIgnoredDuringExecution';
  if (required) validateNodeSelector(errors, `${field}.required${name}`, required, rules);
  nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.forEach((term, index) => {
    const path = `${field}.preferred${name}[${index}]`;
    validateWeight(errors, path, term.weight);
    validateNodeSelectorTerm(errors, `${path}.preference`, term.preference ?? {});
  });
  if (podAffinity) validatePodAffinity(errors, `${at}.podAffinity`, podAffinity);
  if (podAntiAffinity) validatePodAffinity(errors, `${at}.podAntiAffinity`, podAntiAffinity);
}

function validateWeight(errors: FieldErrors, at: string, weight = 0): void {
  if (weight > 0 && weight <= 100) return;
  errors.invalid(`${at}.weight`, weight, 'must be in the range 1-100');
}

function validatePodAffinity(errors: FieldErrors, at: string, affinity: PodAffinity): void {
  const name = 'DuringSchedulingIgnoredDuringExecution';
  affinity.requiredDuringSchedulingIgnoredDuringExecution?.forEach((term, index) => {
    validateTerm(errors, `${at}.required${name}[${index}]`, term);
  });
  affinity.preferredDuringSchedulingIgnoredDuringExecution?.forEach((weighted, index) => {
    const field = `${at}.preferred${name}[${index}]`;
    validateWeight(errors, field, weighted.weight);
    validateTerm(errors, `${field}.podAffinityTerm`, weighted.podAffinityTerm);
  });
}

function validateTerm(
  errors: FieldErrors,
  at: string,
  { labelSelector, namespaceSelector, namespaces = [], topologyKey = '' }: PodAffinityTerm,
): void {
  validateLabelSelector(errors, `${at}.labelSelector`, labelSelector);
  validateLabelSelector(errors, `${at}.namespaceSelector`, namespaceSelector);
  for (const namespace of namespaces) {
    for (const text of isLabel(namespace)) errors.invalid(`${at}.namespace`, namespace, text);
  }
  if (topologyKey === '') errors.required(`${at}.topologyKey`, 'can not be empty');
  for (const text of isQualifiedName(topologyKey)) {
    errors.invalid(`${at}.topologyKey`, topologyKey, text);
  }
}

/** Models validateTopologySpreadConstraints. */
export function validateSpread(
  errors: FieldErrors,
  at: string,
  constraints: readonly TopologySpreadConstraint[],
): void {
  constraints.forEach((constraint, index) => {
    const field = `${at}[${index}]`;
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable: action = '' } = constraint;
    if (maxSkew <= 0) errors.invalid(`${field}.maxSkew`, maxSkew, 'must be greater than zero');
    if (topologyKey === '') errors.required(`${field}.topologyKey`, 'can not be empty');
    const actions = ['DoNotSchedule', 'ScheduleAnyway'];
    errors.oneOf(`${field}.whenUnsatisfiable`, action, actions);
    const again = constraints
      .slice(index + 1)
      .some((one) => one.topologyKey === topologyKey && one.whenUnsatisfiable === action);
    if (again) {
      const path = `${field}.{topologyKey, whenUnsatisfiable}`;
      errors.duplicate(path, `{${topologyKey}, ${action}}`);
    }
    validateSpreadDetails(errors, field, constraint);
  });
}

function validateSpreadDetails(
  errors: FieldErrors,
  at: string,
  constraint: TopologySpreadConstraint,
): void {
  const { minDomains, whenUnsatisfiable: action = '' } = constraint;
  if (minDomains !== undefined && minDomains <= 0) {
    errors.invalid(`${at}.minDomains`, minDomains, 'must be greater than zero');
  }
  if (minDomains !== undefined && action !== 'DoNotSchedule') {
    const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
    errors.invalid(`${at}.minDomains`, minDomains, detail);
  }
  const policies = ['Honor', 'Ignore'];
  errors.oneOf(`${at}.nodeAffinityPolicy`, constraint.nodeAffinityPolicy, policies);
  errors.oneOf(`${at}.nodeTaintsPolicy`, constraint.nodeTaintsPolicy, policies);
  validateMatchLabelKeys(errors, at, constraint);
  validateLabelSelector(errors, `${at}.labelSelector`, constraint.labelSelector);
}

function validateMatchLabelKeys(
  errors: FieldErrors,
  at: string,
  { matchLabelKeys = [], labelSelector }: TopologySpreadConstraint,
): void {
  const field = `${at}.matchLabelKeys`;
  if (matchLabelKeys.length === 0) return;
  if (!labelSelector) {
    errors.forbidden(field, 'must not be specified when labelSelector is not set');
  }
  const selected = keysOf(labelSelector);
  matchLabelKeys.forEach((key, index) => {
    for (const text of isQualifiedName(key)) errors.invalid(`${field}[${index}]`, key, text);
    if (!selected.includes(key)) return;
    errors.invalid(`${field}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector');
  });
}

function keysOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string[] {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)];
}

/** Gates that keep a Pod from being scheduled. Models validateSchedulingGates. */
export function validateGates(errors: FieldErrors, at: string, spec: PodSpec): void {
  const names = new Set<string>();
  spec.schedulingGates?.forEach(({ name = '' }, index) => {
    for (const text of isQualifiedName(name)) errors.invalid(`${at}[${index}]`, name, text);
    if (names.has(name)) errors.duplicate(`${at}[${index}]`, name);
    names.add(name);
  });
}

/** Models ValidateTolerations. */
export function validateTolerations(
  errors: FieldErrors,
  at: string,
  tolerations: readonly Toleration[],
): void {
  tolerations.forEach((toleration, index) => {
    const field = `${at}[${index}]`;
    const { key = '', operator = '', effect = '', tolerationSeconds } = toleration;
    if (key !== '') {
      for (const text of isQualifiedName(key)) errors.invalid(`${field}.key`, key, text);
    } else if (operator !== 'Exists') {
      const detail =
        'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      errors.invalid(`${field}.operator`, operator, detail);
    }
    if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
      const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
      errors.invalid(`${field}.effect`, effect, detail);
    }
    validateOperator(errors, `${field}.operator`, toleration);
    if (effect === '') return;
    errors.oneOf(`${field}.effect`, effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']);
  });
}

const TOLERATION_TYPE: GoType = {
  struct: 'core.Toleration',
  fields: {
    Key: '',
    Operator: '',
    Value: '',
    Effect: '',
    TolerationSeconds: { pointer: '*int64' },
  },
};

function validateOperator(errors: FieldErrors, field: string, toleration: Toleration): void {
  const { operator = '', value = '' } = toleration;
  if (operator === '' || operator === 'Equal') {
    const texts = isLabelValue(value);
    if (texts.length > 0) errors.invalid(field, value, texts.join(';'));
  } else if (operator !== 'Exists') errors.notSupported(field, operator, ['Equal', 'Exists']);
  else if (value !== '') {
    // All of it was told until 1.31.
    const shown = new GoValue(toleration, TOLERATION_TYPE, value);
    errors.invalid(field, shown, "value must be empty when `operator` is 'Exists'");
  }
}
