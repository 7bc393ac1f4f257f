import type { FieldErrors } from '../../field-errors.ts';
import { type GoType, GoValue } from '../../go-syntax.ts';
import type { Node, Taint } from '../../types.ts';
import { type InternalType, internalValue } from '../internal-value.ts';
import { isLabelValue, isQualifiedName } from '../names.ts';
import { validateAmount } from '../quantities.ts';
import type { KindRules, UpdateRule } from '../rules.ts';

const validateNodeUpdate: UpdateRule<Node> = (errors, node, old) => {
  validateAmounts(errors, node);
  validateAddresses(errors, node);
  validateOnceSet(errors, node, old);
  validateTaints(errors, node.spec?.taints ?? []);
  if ((node.spec?.externalID ?? '') !== (old.spec?.externalID ?? '')) {
    errors.forbidden('spec.externalID', 'may not be updated');
  }
};

/** Models ValidateNode and ValidateNodeUpdate of pkg/apis/core/validation/validation.go. */
export const nodeRules: KindRules<Node> = {
  create: (errors, node) => {
    validateTaints(errors, node.spec?.taints ?? []);
    validateAmounts(errors, node);
  },
  update: validateNodeUpdate,
  updateStatus: validateNodeUpdate,
};

const TAINT: InternalType = { Key: '', Value: '', Effect: '', TimeAdded: null };

const TAINT_TYPE: GoType = {
  struct: 'core.Taint',
  fields: { Key: '', Value: '', Effect: '', TimeAdded: { pointer: '*v1.Time' } },
};

/** Errors tell them as a part of the metadata, where they once were. */
function validateTaints(errors: FieldErrors, taints: readonly Taint[]): void {
  const seen = new Set<string>();
  taints.forEach((taint, index) => {
    const { key = '', value = '', effect = '' } = taint;
    const at = `metadata.taints[${index}]`;
    for (const text of isQualifiedName(key)) errors.invalid(`${at}.key`, key, text);
    const texts = isLabelValue(value);
    if (texts.length > 0) errors.invalid(`${at}.value`, value, texts.join(';'));
    if (effect === '') errors.required(`${at}.effect`);
    else errors.oneOf(`${at}.effect`, effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']);
    const id = `${key}\u0000${effect}`;
    if (seen.has(id)) {
      const detail = 'taints must be unique by key and effect pair';
      errors.duplicate(at, new GoValue(taint, TAINT_TYPE, internalValue(taint, TAINT)), detail);
    }
    seen.add(id);
  });
}

function validateAmounts(errors: FieldErrors, { status }: Node): void {
  for (const list of ['capacity', 'allocatable'] as const) {
    for (const [name, quantity] of Object.entries(status?.[list] ?? {})) {
      validateAmount(errors, `status.${list}.${name}`, name, quantity);
    }
  }
}

function validateAddresses(errors: FieldErrors, { status }: Node): void {
  const seen = new Set<string>();
  status?.addresses?.forEach((address, index) => {
    const id = `${address.type}\u0000${address.address}`;
    const fields = { Type: '', Address: '' } as const;
    const type = { struct: 'core.NodeAddress', fields };
    const value = new GoValue(address, type, internalValue(address, fields));
    if (seen.has(id)) errors.duplicate(`status.addresses[${index}]`, value);
    seen.add(id);
  });
}

/** What is said of a node once. */
function validateOnceSet(errors: FieldErrors, { spec: now }: Node, { spec: before }: Node): void {
  const cidrs = before?.podCIDRs ?? [];
  const same = cidrs.length === (now?.podCIDRs?.length ?? 0);
  if (cidrs.length > 0 && !(same && cidrs.every((cidr, at) => cidr === now?.podCIDRs?.[at]))) {
    const detail = 'node updates may not change podCIDR except from "" to valid';
    errors.forbidden('spec.podCIDRs', detail);
  }
  if (before?.providerID && before.providerID !== now?.providerID) {
    const detail = 'node updates may not change providerID except from "" to valid';
    errors.forbidden('spec.providerID', detail);
  }
}
