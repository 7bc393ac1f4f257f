import { compareQuantities, quantityMilliValue } from '../../../base/index.ts';
import type { FieldErrors } from '../../field-errors.ts';
import type { LimitRange, LimitRangeItem } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { isQualifiedName } from '../names.ts';
import {
  isOvercommitAllowed,
  refusesLocalStorage,
  validateContainerResourceName,
  validateResourceName,
} from '../resource-names.ts';
import type { KindRules } from '../rules.ts';

/** Models ValidateLimitRange of pkg/apis/core/validation/validation.go. */
export const limitRangeRules: KindRules<LimitRange> = {
  create: (errors, limitRange, { rules }) => validateLimitRange(errors, limitRange, rules),
  update: (errors, limitRange, _, { rules }) => validateLimitRange(errors, limitRange, rules),
};

function validateLimitRange(errors: FieldErrors, { spec }: LimitRange, rules: VersionRules): void {
  const types = new Set<string>();
  spec?.limits?.forEach((item, index) => {
    const at = `spec.limits[${index}]`;
    const { type = '' } = item;
    validateType(errors, `${at}.type`, type);
    if (types.has(type)) errors.duplicate(`${at}.type`, type);
    types.add(type);
    validateNames(errors, at, item, rules);
    const names = new Set(LISTS.flatMap((list) => Object.keys(amountsOf(item, list))));
    for (const name of [...names].sort()) validateAmounts(errors, at, item, name);
  });
}

function validateType(errors: FieldErrors, field: string, type: string): void {
  const texts = isQualifiedName(type);
  for (const text of texts) errors.invalid(field, type, text);
  const standard = ['Pod', 'Container', 'PersistentVolumeClaim'].includes(type);
  if (texts.length > 0 || type.includes('/') || standard) return;
  errors.invalid(field, type, 'must be a standard limit type or fully qualified');
}

const LISTS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;
type List = (typeof LISTS)[number];

/** Whole Pods have no defaults. */
function amountsOf(item: LimitRangeItem, list: List): Readonly<Record<string, string>> {
  if (item.type === 'Pod' && (list === 'default' || list === 'defaultRequest')) return {};
  return item[list] ?? {};
}

function validateNames(
  errors: FieldErrors,
  at: string,
  item: LimitRangeItem,
  rules: VersionRules,
): void {
  for (const list of LISTS) {
    if (list === 'maxLimitRequestRatio') validateClaims(errors, at, item);
    const given = Object.keys(item[list] ?? {});
    const names = Object.keys(amountsOf(item, list));
    if (given.length > names.length) {
      errors.forbidden(`${at}.${list}`, "may not be specified when `type` is 'Pod'");
    }
    for (const name of names) {
      validateName(errors, `${at}.${list}[${name}]`, name, item.type, rules);
    }
  }
}

function validateName(
  errors: FieldErrors,
  field: string,
  name: string,
  type: string | undefined,
  rules: VersionRules,
): void {
  if (name === 'ephemeral-storage' && refusesLocalStorage(rules)) {
    const detail =
      'ResourceEphemeralStorage field disabled by feature-gate for Resource LimitRange';
    errors.forbidden(field, detail);
  } else if (type === 'Pod' || type === 'Container') {
    validateContainerResourceName(errors, field, name);
  } else validateResourceName(errors, field, name);
}

function validateClaims(errors: FieldErrors, at: string, { type, min, max }: LimitRangeItem): void {
  if (type !== 'PersistentVolumeClaim' || min?.['storage'] || max?.['storage']) return;
  const detail = 'either minimum or maximum storage value is required, but neither was provided';
  errors.required(`${at}.limits`, detail);
}

/** Pairs of lists: what of the first is not more than what of the second. Told of the list that is named, with its value or the other's. */
const ORDER: readonly (readonly [less: List, more: List, told: List, value: List])[] = [
  ['min', 'max', 'min', 'min'],
  ['min', 'defaultRequest', 'defaultRequest', 'defaultRequest'],
  ['defaultRequest', 'max', 'defaultRequest', 'defaultRequest'],
  ['defaultRequest', 'default', 'defaultRequest', 'defaultRequest'],
  ['min', 'default', 'default', 'min'],
  ['default', 'max', 'default', 'max'],
];

/** How a list is called beside another. */
function nameOf(list: List, other: List): string {
  if (list === 'defaultRequest') return 'default request';
  if (list !== 'default') return list;
  return other === 'defaultRequest' ? 'default limit' : 'default';
}

function validateAmounts(
  errors: FieldErrors,
  at: string,
  item: LimitRangeItem,
  name: string,
): void {
  const amount = (list: List): string | undefined => {
    const amounts = amountsOf(item, list);
    return Object.hasOwn(amounts, name) ? amounts[name] : undefined;
  };
  for (const [less, more, told, value] of ORDER) {
    const [low, high] = [amount(less), amount(more)];
    if (low === undefined || high === undefined || compareQuantities(low, high) <= 0) continue;
    const detail = `${nameOf(less, more)} value ${low} is greater than ${nameOf(more, less)} value ${high}`;
    errors.invalid(`${at}.${told}[${name}]`, amount(value), detail);
  }
  const ratio = amount('maxLimitRequestRatio');
  const field = `${at}.maxLimitRequestRatio[${name}]`;
  if (ratio !== undefined) validateRatio(errors, field, ratio, [amount('min'), amount('max')]);
  validateNoOvercommit(errors, at, name, [amount('default'), amount('defaultRequest')]);
}

function validateRatio(
  errors: FieldErrors,
  field: string,
  ratio: string,
  [min, max]: readonly [min: string | undefined, max: string | undefined],
): void {
  if (compareQuantities(ratio, '1') < 0) {
    errors.invalid(field, ratio, `ratio ${ratio} is less than 1`);
  }
  if (min === undefined || max === undefined) return;
  const limit = quantityMilliValue(max) / quantityMilliValue(min);
  if (quantityMilliValue(ratio) / 1000 <= limit) return;
  errors.invalid(field, ratio, `ratio ${ratio} is greater than max/min = ${limit.toFixed(6)}`);
}

/** What cannot be overcommitted is requested as it is limited. */
function validateNoOvercommit(
  errors: FieldErrors,
  at: string,
  name: string,
  [limit, request]: readonly [limit: string | undefined, request: string | undefined],
): void {
  if (isOvercommitAllowed(name) || limit === undefined || request === undefined) return;
  if (compareQuantities(limit, request) === 0) return;
  const detail = `default value ${limit} must equal to defaultRequest value ${request} in ${name}`;
  errors.invalid(`${at}.defaultRequest[${name}]`, request, detail);
}
