import { compareQuantities, formatQuantity } from '../../base/index.ts';
import { isOfWholePods } from '../defaults/pod-resources.ts';
import type { FieldErrors } from '../field-errors.ts';
import { podTotal } from '../quota.ts';
import type { PodSpec } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { isHugePages, validateResourceName } from './resource-names.ts';
import { validateResources } from './resources.ts';

/** What a Pod asks for as a whole. Models validatePodResources. */
export function validatePodResources(
  errors: FieldErrors,
  at: string,
  spec: PodSpec,
  rules: VersionRules,
): void {
  if (!spec.resources || !rules.gate('PodLevelResources')) return;
  if (spec.os?.name === 'windows' && rules.atLeast('1.34')) {
    return errors.forbidden(at, 'may not be set for a windows pod');
  }
  validateResources(errors, at, spec.resources, rules, (_, field, name) => {
    validatePodResourceName(errors, field, name, rules);
  });
  validateTotals(errors, at, spec, rules);
  spec.containers?.forEach(({ resources }, index) => {
    for (const [name, limit] of Object.entries(resources?.limits ?? {})) {
      const most = spec.resources?.limits?.[name];
      if (most === undefined || compareQuantities(limit, most) <= 0) continue;
      const detail = `must be less than or equal to pod limits of ${most}`;
      // Upstream names the field so.
      errors.invalid(`${at}.containers[${index}][${name}].limits`, limit, detail);
    }
  });
}

/** Models validatePodResourceName. */
function validatePodResourceName(
  errors: FieldErrors,
  field: string,
  name: string,
  rules: VersionRules,
): void {
  const before = errors.count;
  validateResourceName(errors, field, name);
  if (errors.count > before || isOfWholePods(name, rules)) return;
  errors.notSupported(field, name, ['cpu', 'memory']);
}

/** Containers do not ask for more than the whole; until 1.33 not for anything else either. */
function validateTotals(errors: FieldErrors, at: string, spec: PodSpec, rules: VersionRules): void {
  for (const list of ['requests', 'limits'] as const) {
    for (const [name, amount] of podTotal(spec, list)) {
      const none = list === 'requests' && rules.before('1.34') ? '0' : undefined;
      const whole = spec.resources?.[list]?.[name] ?? none;
      if (whole === undefined) continue;
      if (list === 'limits' && (!isHugePages(name) || rules.before('1.34'))) continue;
      const total = formatQuantity(amount);
      if (compareQuantities(total, whole) <= 0) continue;
      const detail = `must be greater than or equal to aggregate container ${list} of ${total}`;
      errors.invalid(`${at}.${list}[${name}]`, whole, detail);
    }
  }
}
