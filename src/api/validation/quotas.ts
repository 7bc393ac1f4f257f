import { compareQuantities } from '../../base/index.ts';
import type { FieldErrors } from '../field-errors.ts';
import type { LimitRange, LimitRangeItem, Node, ResourceQuota, Service } from '../types.ts';
import { isLabelValue, isQualifiedName } from './names.ts';
import { validateResourceQuantity } from './quantities.ts';
import type { KindRules } from './rules.ts';

/** Models ValidateResourceQuota of pkg/apis/core/validation/validation.go. */
export const resourceQuotaRules: KindRules<ResourceQuota> = {
  create: (errors, { spec }) => validateHard(errors, 'spec.hard', spec?.hard),
  update: (errors, { spec }) => validateHard(errors, 'spec.hard', spec?.hard),
  updateStatus: (errors, { status }) => {
    validateHard(errors, 'status.hard', status?.hard);
    validateHard(errors, 'status.used', status?.used);
  },
};

function validateHard(
  errors: FieldErrors,
  at: string,
  amounts: Readonly<Record<string, string>> = {},
): void {
  for (const [name, quantity] of Object.entries(amounts)) {
    for (const text of isQualifiedName(name)) errors.invalid(`${at}[${name}]`, name, text);
    validateResourceQuantity(errors, `${at}[${name}]`, quantity, 'not negative');
  }
}

/** Models ValidateLimitRange. */
export const limitRangeRules: KindRules<LimitRange> = {
  create: validateLimitRange,
  update: (errors, limitRange) => validateLimitRange(errors, limitRange),
};

function validateLimitRange(errors: FieldErrors, { spec }: LimitRange): void {
  const types = new Set<string>();
  spec?.limits?.forEach((item, index) => {
    const at = `spec.limits[${index}]`;
    const { type = '' } = item;
    if (types.has(type)) errors.duplicate(`${at}.type`, type);
    types.add(type);
    if (type === 'PersistentVolumeClaim' && !item.min?.['storage'] && !item.max?.['storage']) {
      const detail =
        'either minimum or maximum storage value is required, but neither was provided';
      errors.required(`${at}.limits`, detail);
    }
    const names = new Set(Object.keys({ ...item.min, ...item.max }));
    for (const name of [...names].sort()) validateLimit(errors, at, item, name);
  });
}

function validateLimit(errors: FieldErrors, at: string, item: LimitRangeItem, name: string): void {
  const [min, max] = [item.min?.[name], item.max?.[name]];
  if (min === undefined || max === undefined || compareQuantities(min, max) <= 0) return;
  const detail = `min value ${min} is greater than max value ${max}`;
  errors.invalid(`${at}.min[${name}]`, min, detail);
}

/** Models validateNodeTaints. */
export const nodeRules: KindRules<Node> = {
  create: validateNode,
  update: (errors, node) => validateNode(errors, node),
};

function validateNode(errors: FieldErrors, { spec }: Node): void {
  const seen = new Set<string>();
  spec?.taints?.forEach(({ key = '', value = '', effect = '' }, index) => {
    const at = `spec.taints[${index}]`;
    for (const text of isQualifiedName(key)) errors.invalid(`${at}.key`, key, text);
    for (const text of isLabelValue(value)) errors.invalid(`${at}.value`, value, text);
    const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
    if (effect === '') errors.required(`${at}.effect`);
    else errors.oneOf(`${at}.effect`, effect, effects);
    const id = `${key}\u0000${effect}`;
    if (seen.has(id)) errors.duplicate(at, { key, value, effect });
    seen.add(id);
  });
}

const SERVICE_TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

/** The rules of services that nothing else here depends on: type and ports. Models ValidateService. */
export const serviceRules: KindRules<Service> = {
  create: validateService,
  update: (errors, service) => validateService(errors, service),
};

function validateService(errors: FieldErrors, { spec = {} }: Service): void {
  const { type, ports = [], clusterIP } = spec;
  const needsPorts = type !== 'ExternalName' && clusterIP !== 'None';
  if (needsPorts && ports.length === 0) errors.required('spec.ports');
  errors.oneOf('spec.type', type, SERVICE_TYPES);
  ports.forEach(({ name = '', port }, index) => {
    const at = `spec.ports[${index}]`;
    if (ports.length > 1 && name === '') errors.required(`${at}.name`);
    if (port < 1 || port > 65_535) {
      errors.invalid(`${at}.port`, port, 'must be between 1 and 65535, inclusive');
    }
  });
}
