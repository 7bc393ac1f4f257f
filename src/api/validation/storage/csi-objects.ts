import type { FieldErrors } from '../../field-errors.ts';
import type { CSIDriver, CSINode, CSINodeDriver, CSIStorageCapacity } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { isQualifiedName, isSubdomain } from '../names.ts';
import { validateResourceQuantity } from '../quantities.ts';
import type { KindRules } from '../rules.ts';
import { validateLabelSelector } from '../selectors.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { validateDriverName } from '../volumes/references.ts';

const IMMUTABLE = 'field is immutable';

/** V144, V145. Models ValidateCSIDriver of pkg/apis/storage/validation/validation.go. */
export const csiDriverRules: KindRules<CSIDriver> = {
  create: validateDriver,
  update: (errors, driver, old, { rules }) => {
    validateDriver(errors, driver);
    const [now, before] = [driver.spec, old.spec];
    if (now.attachRequired !== before.attachRequired) {
      errors.invalid('spec.attachedRequired', now.attachRequired ?? null, IMMUTABLE);
    }
    if (!semanticEqual(now.volumeLifecycleModes, before.volumeLifecycleModes)) {
      errors.invalid('spec.volumeLifecycleModes', now.volumeLifecycleModes ?? null, IMMUTABLE);
    }
    if (rules.before('1.23') && now.storageCapacity !== before.storageCapacity) {
      errors.invalid('spec.storageCapacity', now.storageCapacity ?? null, IMMUTABLE);
    }
  },
};

const SHORTEST_TOKEN = 600;
const LONGEST_TOKEN = 2 ** 32;

function validateDriver(errors: FieldErrors, { metadata, spec }: CSIDriver): void {
  validateDriverName(errors, 'metadata.name', metadata.name);
  const policies = ['File', 'None', 'ReadWriteOnceWithFSType'];
  errors.oneOf('spec.fsGroupPolicy', spec.fsGroupPolicy, policies);
  const audiences = new Set<string>();
  spec.tokenRequests?.forEach(({ audience = '', expirationSeconds: seconds }, index) => {
    const at = `spec.tokenRequests[${index}]`;
    if (audiences.has(audience)) errors.duplicate(`${at}.audience`, audience);
    audiences.add(audience);
    const field = `${at}.expirationSeconds`;
    if (seconds === undefined) return;
    if (seconds < SHORTEST_TOKEN) {
      errors.invalid(field, seconds, 'may not specify a duration less than 10 minutes');
    }
    if (seconds > LONGEST_TOKEN) {
      errors.invalid(field, seconds, 'may not specify a duration larger than 2^32 seconds');
    }
  });
  for (const mode of spec.volumeLifecycleModes ?? []) {
    errors.oneOf('spec.volumeLifecycleModes', mode, ['Ephemeral', 'Persistent']);
  }
}

/** V143. Models ValidateCSINode. */
export const csiNodeRules: KindRules<CSINode> = {
  create: (errors, node, { rules }) => validateNode(errors, node, rules),
  update: (errors, node, old, { rules }) => {
    validateNode(errors, node, rules);
    for (const before of old.spec.drivers ?? []) {
      const now = node.spec.drivers?.find(({ name }) => name === before.name);
      if (now && !sameDriver(now, before, rules)) errors.invalid('CSINodeDriver', now, IMMUTABLE);
    }
  },
};

function sameDriver(now: CSINodeDriver, before: CSINodeDriver, rules: VersionRules): boolean {
  if (!rules.gate('MutableCSINodeAllocatableCount')) return semanticEqual(now, before);
  const { allocatable: _, ...rest } = now;
  const { allocatable: __, ...old } = before;
  return semanticEqual(rest, old);
}

function validateNode(errors: FieldErrors, { spec }: CSINode, rules: VersionRules): void {
  const names = new Set<string>();
  const limit = rules.before('1.27') ? 192 : 256;
  spec.drivers?.forEach(({ name, nodeID, topologyKeys = [], allocatable }, index) => {
    const at = `spec.drivers[${index}]`;
    validateDriverName(errors, `${at}.name`, name);
    if (names.has(name)) errors.duplicate(`${at}.name`, name);
    names.add(name);
    if (!nodeID) errors.required(`${at}.nodeID`);
    else if (nodeID.length > limit) {
      errors.invalid(`${at}.nodeID`, nodeID, `must be ${limit} characters or less`);
    }
    validateTopologyKeys(errors, `${at}.topologyKeys`, topologyKeys);
    const count = allocatable?.count ?? 0;
    if (count < 0) {
      const detail = 'must be greater than or equal to 0';
      errors.invalid(`${at}.allocatable.count`, count, detail);
    }
  });
}

function validateTopologyKeys(errors: FieldErrors, field: string, keys: readonly string[]): void {
  keys.forEach((key, index) => {
    if (key === '') errors.required(field);
    else for (const text of isQualifiedName(key)) errors.invalid(field, key, text);
    if (keys.indexOf(key) < index) errors.duplicate(field, key);
  });
}

/** Models ValidateCSIStorageCapacity. */
export const csiStorageCapacityRules: KindRules<CSIStorageCapacity> = {
  create: validateStorageCapacity,
  update: (errors, now, old) => {
    validateStorageCapacity(errors, now);
    for (const field of ['nodeTopology', 'storageClassName'] as const) {
      if (!semanticEqual(now[field], old[field], field)) {
        errors.invalid(field, now[field] ?? null, IMMUTABLE);
      }
    }
  },
};

function validateStorageCapacity(errors: FieldErrors, object: CSIStorageCapacity): void {
  const { storageClassName = '', nodeTopology, capacity, maximumVolumeSize } = object;
  for (const text of isSubdomain(storageClassName)) {
    errors.invalid('storageClassName', storageClassName, text);
  }
  validateLabelSelector(errors, 'nodeTopology', nodeTopology);
  for (const [field, quantity] of Object.entries({ capacity, maximumVolumeSize })) {
    if (quantity !== undefined) validateResourceQuantity(errors, field, quantity, 'not negative');
  }
}
