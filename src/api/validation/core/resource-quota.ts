import type { FieldErrors } from '../../field-errors.ts';
import { type GoType, GoValue, STRINGS } from '../../go-syntax.ts';
import type {
  ResourceQuota,
  ResourceQuotaSpec,
  ScopedResourceSelectorRequirement,
} from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { validateAmount } from '../quantities.ts';
import { isQuotaResource, validateQuotaResourceName } from '../resource-names.ts';
import type { KindRules } from '../rules.ts';

const SCOPES_TYPE: GoType = { list: '[]core.ResourceQuotaScope', of: '' };

const SCOPE_SELECTOR: GoType = {
  struct: 'core.ScopeSelector',
  fields: {
    MatchExpressions: {
      list: '[]core.ScopedResourceSelectorRequirement',
      of: {
        struct: 'core.ScopedResourceSelectorRequirement',
        fields: { ScopeName: '', Operator: '', Values: STRINGS },
      },
    },
  },
};

/** Models ValidateResourceQuota and its updates of pkg/apis/core/validation/validation.go. */
export const resourceQuotaRules: KindRules<ResourceQuota> = {
  create: (errors, { spec = {} }, { rules }) => validateSpec(errors, spec, rules),
  update: (errors, { spec = {} }, { spec: old = {} }, { rules }) => {
    validateSpec(errors, spec, rules);
    const [now, before] = [new Set(spec.scopes), new Set(old.scopes)];
    if (now.size === before.size && [...now].every((scope) => before.has(scope))) return;
    errors.invalid('spec.scopes', new GoValue(spec.scopes, SCOPES_TYPE), 'field is immutable');
  },
  updateStatus: (errors, { status }, _, { rules }) => {
    validateHard(errors, 'status.hard', status?.hard ?? {}, rules);
    validateHard(errors, 'status.used', status?.used ?? {}, rules);
  },
};

function validateSpec(errors: FieldErrors, spec: ResourceQuotaSpec, rules: VersionRules): void {
  validateHard(errors, 'spec.hard', spec.hard ?? {}, rules);
  validateScopes(errors, spec);
  validateScopeSelector(errors, spec, rules);
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
  VolumeAttributesClass: ['persistentvolumeclaims', 'requests.storage'],
};

const OPPOSITES = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

function validateScopes(errors: FieldErrors, { scopes = [], hard = {} }: ResourceQuotaSpec): void {
  const field = 'spec.scopes';
  for (const scope of scopes) {
    if (!Object.hasOwn(SCOPES, scope))
      errors.invalid(field, new GoValue(scopes, SCOPES_TYPE), 'unsupported scope');
    if (isMisapplied(scope, hard)) {
      errors.invalid(
        field,
        new GoValue(scopes, SCOPES_TYPE),
        'unsupported scope applied to resource',
      );
    }
  }
  if (contradict(scopes))
    errors.invalid(field, new GoValue(scopes, SCOPES_TYPE), 'conflicting scopes');
}

/** Whether a quota limits something that is not counted in a scope. */
function isMisapplied(scope: string, hard: Readonly<Record<string, string>>): boolean {
  const counted = Object.hasOwn(SCOPES, scope) ? SCOPES[scope] : undefined;
  const names = Object.keys(hard).filter(isQuotaResource);
  return counted !== undefined && names.some((name) => !counted.includes(name));
}

function contradict(scopes: readonly string[]): boolean {
  return OPPOSITES.some(([one, other]) => scopes.includes(one) && scopes.includes(other));
}

/** Scopes that there is nothing to choose from in. */
const PLAIN: readonly string[] = [
  'BestEffort',
  'NotBestEffort',
  'Terminating',
  'NotTerminating',
  'CrossNamespacePodAffinity',
];

function validateScopeSelector(
  errors: FieldErrors,
  { scopes = [], scopeSelector, hard = {} }: ResourceQuotaSpec,
  rules: VersionRules,
): void {
  const at = 'spec.scopeSelector.matchExpressions';
  const requirements = scopeSelector?.matchExpressions ?? [];
  for (const requirement of requirements) {
    const { scopeName = '' } = requirement;
    if (!Object.hasOwn(SCOPES, scopeName)) {
      errors.invalid(`${at}.scopeName`, scopeName, 'unsupported scope');
    }
    if (isMisapplied(scopeName, hard)) {
      errors.invalid(
        at,
        new GoValue(scopeSelector, SCOPE_SELECTOR),
        'unsupported scope applied to resource',
      );
    }
    validateRequirement(errors, at, requirement, rules);
  }
  const names = requirements.map(({ scopeName }) => scopeName);
  if (contradict(names)) errors.invalid(at, new GoValue(scopes, SCOPES_TYPE), 'conflicting scopes');
}

function validateRequirement(
  errors: FieldErrors,
  at: string,
  { scopeName, operator = '', values = [] }: ScopedResourceSelectorRequirement,
  rules: VersionRules,
): void {
  if (PLAIN.includes(scopeName) && operator !== 'Exists') {
    errors.invalid(`${at}.operator`, operator, existsOnly(rules));
  }
  if (operator === 'In' || operator === 'NotIn') {
    const least = rules.before('1.13') ? 'atleast' : 'at least';
    const detail = `must be ${least} one value when \`operator\` is 'In' or 'NotIn' for scope selector`;
    if (values.length === 0) errors.required(`${at}.values`, detail);
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    const detail =
      "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    if (values.length > 0) errors.invalid(`${at}.values`, new GoValue(values, STRINGS), detail);
  } else errors.invalid(`${at}.operator`, operator, 'not a valid selector operator');
}

function existsOnly(rules: VersionRules): string {
  const scopes = [
    'ResourceQuotaScopeTerminating',
    'ResourceQuotaScopeNotTerminating',
    'ResourceQuotaScopeBestEffort',
  ].join(', ');
  if (rules.before('1.21')) {
    return `must be 'Exist' only operator when scope is any of ${scopes} and ResourceQuotaScopeNotBestEffort`;
  }
  const exists = rules.before('1.31') ? 'Exist' : 'Exists';
  return `must be '${exists}' when scope is any of ${scopes}, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity`;
}
