import { bytesOf } from '../../../base/index.ts';
import type { FieldErrors } from '../../field-errors.ts';
import { type GoType, GoValue, STRINGS } from '../../go-syntax.ts';
import type { CSINode, CSINodeDriver } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { type InternalType, internalValue } from '../internal-value.ts';
import { isQualifiedName } from '../names.ts';
import type { KindRules } from '../rules.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { validateDriverName } from '../volumes/references.ts';

const DRIVER: InternalType = {
  Name: '',
  NodeID: '',
  TopologyKeys: null,
  Allocatable: { Count: null },
};

const DRIVER_TYPE: GoType = {
  struct: 'storage.CSINodeDriver',
  fields: {
    Name: '',
    NodeID: '',
    TopologyKeys: STRINGS,
    Allocatable: { since: '1.16', type: { pointer: '*storage.VolumeNodeResources' } },
  },
};

/** V143. Models ValidateCSINode and its update of pkg/apis/storage/validation/validation.go. */
export const csiNodeRules: KindRules<CSINode> = {
  create: (errors, node, { rules }) => validateNode(errors, node, rules),
  update: (errors, node, old, { rules }) => {
    validateNode(errors, node, rules);
    // The path is of the update that came with changing limits.
    const field = rules.atLeast('1.33') ? 'spec.drivers' : 'CSINodeDriver';
    for (const before of old.spec.drivers ?? []) {
      const now = node.spec.drivers?.find(({ name }) => name === before.name);
      if (!now || semanticEqual(compared(now, rules), compared(before, rules))) continue;
      const shown = compared(now, rules);
      const value = new GoValue(shown, DRIVER_TYPE, internalValue(shown, DRIVER));
      errors.invalid(field, value, 'field is immutable');
    }
  },
};

/** What of a driver may not change. */
function compared(driver: CSINodeDriver, rules: VersionRules): Partial<CSINodeDriver> {
  if (!rules.gate('MutableCSINodeAllocatableCount')) return driver;
  const { allocatable: _, ...rest } = driver;
  return rest;
}

/** Bytes. It grew as the CSI specification's own did. */
function longestNodeID(rules: VersionRules): number {
  if (rules.before('1.22')) return 128;
  return rules.before('1.23') ? 192 : 256;
}

function validateNode(errors: FieldErrors, { spec }: CSINode, rules: VersionRules): void {
  const limit = longestNodeID(rules);
  const names = new Set<string>();
  spec.drivers?.forEach(({ name, nodeID = '', topologyKeys = [], allocatable }, index) => {
    const at = `spec.drivers[${index}]`;
    validateDriverName(errors, `${at}.name`, name, rules);
    if (nodeID === '') errors.required(`${at}.nodeID`);
    else if (bytesOf(nodeID).length > limit) {
      errors.invalid(`${at}.nodeID`, nodeID, `must be ${limit} characters or less`);
    }
    const count = allocatable?.count ?? 0;
    if (count < 0) {
      const detail = 'must be greater than or equal to 0';
      errors.invalid(`${at}.allocatable.count`, count, detail);
    }
    if (names.has(name)) errors.duplicate(`${at}.name`, name);
    names.add(name);
    validateTopologyKeys(errors, at, topologyKeys, rules);
  });
}

/** What is wrong with one is told of the driver, until 1.20 with all. */
function validateTopologyKeys(
  errors: FieldErrors,
  at: string,
  keys: readonly string[],
  rules: VersionRules,
): void {
  keys.forEach((key, index) => {
    if (key === '') errors.required(at);
    if (keys.indexOf(key) < index) errors.duplicate(at, key);
    const shown = rules.before('1.21') ? new GoValue(keys, STRINGS) : key;
    for (const text of isQualifiedName(key)) errors.invalid(at, shown, text);
  });
}
