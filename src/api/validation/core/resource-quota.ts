import type { FieldErrors } from '../../field-errors.ts';
import type { ResourceQuota, ResourceQuotaSpec } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { validateAmount } from '../quantities.ts';
import { isQuotaResource, validateQuotaResourceName } from '../resource-names.ts';
import type { KindRules } from '../rules.ts';

/** Models ValidateResourceQuota and its updates of pkg/apis/core/validation/validation.go. */
export const resourceQuotaRules: KindRules<ResourceQuota> = {
  create: (errors, { spec = {} }, { rules }) => validateSpec(errors, spec, rules),
  update: (errors, { spec = {} }, { spec: old = {} }, { rules }) => {
    validateSpec(errors, spec, rules);
    const [now, before] = [new Set(spec.scopes), new Set(old.scopes)];
    if (now.size === before.size && [...now].every((scope) => before.has(scope))) return;
    errors.invalid('spec.scopes', spec.scopes ?? null, 'field is immutable');
  },
  updateStatus: (errors, { status }, _, { rules }) => {
    validateHard(errors, 'status.hard', status?.hard ?? {}, rules);
    validateHard(errors, 'status.used', status?.used ?? {}, rules);
  },
};

function validateSpec(errors: FieldErrors, spec: ResourceQuotaSpec, rules: VersionRules): void {
  validateHard(errors, 'spec.hard', spec.hard ?? {}, rules);
  validateScopes(errors, spec);
}

function validateHard(
  errors: FieldErrors,
  at: string,
  amounts: Readonly<Record<string, string>>,
  rules: VersionRules,
): void {
  for (const [name, quantity] of Object.entries(amounts)) {
    validateQuotaResourceName(errors, `${at}[${name}]`, name, rules);
    validateAmount(errors, `${at}[${name}]`, name, quantity);
  }
}

const BEST_EFFORT: readonly string[] = ['pods'];
const COMPUTE: readonly string[] = ['', 'requests.', 'limits.'].flatMap((prefix) => [
  `${prefix}cpu`,
  `${prefix}memory`,
]);

/** What a scope can count. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  Terminating: [...BEST_EFFORT, ...COMPUTE],
  NotTerminating: [...BEST_EFFORT, ...COMPUTE],
  BestEffort: BEST_EFFORT,
  NotBestEffort: [...BEST_EFFORT, ...COMPUTE],
  PriorityClass: [...BEST_EFFORT, ...COMPUTE],
  CrossNamespacePodAffinity: [...BEST_EFFORT, ...COMPUTE],
};

const OPPOSITES = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

function validateScopes(errors: FieldErrors, { scopes = [], hard = {} }: ResourceQuotaSpec): void {
  const field = 'spec.scopes';
  for (const scope of scopes) {
    const counted = Object.hasOwn(SCOPES, scope) ? SCOPES[scope] : undefined;
    if (!counted) errors.invalid(field, scopes, 'unsupported scope');
    for (const name of Object.keys(hard)) {
      if (!counted || !isQuotaResource(name) || counted.includes(name)) continue;
      errors.invalid(field, scopes, 'unsupported scope applied to resource');
    }
  }
  for (const [one, other] of OPPOSITES) {
    if (scopes.includes(one) && scopes.includes(other)) {
      errors.invalid(field, scopes, 'conflicting scopes');
    }
  }
}
