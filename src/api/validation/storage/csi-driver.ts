import type { FieldErrors } from '../../field-errors.ts';
import { type GoType, GoValue } from '../../go-syntax.ts';
import type { CSIDriver, CSIDriverSpec } from '../../types.ts';
import type { KindRules } from '../rules.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { validateDriverName } from '../volumes/references.ts';

const IMMUTABLE = 'field is immutable';

/** V144, V145. Models ValidateCSIDriver and its update of pkg/apis/storage/validation/validation.go. */
export const csiDriverRules: KindRules<CSIDriver> = {
  create: (errors, driver, { rules }) => {
    if (rules.before('1.21')) validateDriverName(errors, 'name', driver.metadata.name, rules);
    validateDriver(errors, driver);
  },
  update: (errors, driver, old, { rules }) => {
    const [now, before] = [driver.spec, old.spec];
    if (rules.before('1.20')) {
      if (!semanticEqual(now, before)) errors.invalid('spec', now, IMMUTABLE);
      return;
    }
    validateDriver(errors, driver);
    for (const [field, until] of FIXED) {
      if (until !== undefined && rules.atLeast(until)) continue;
      if (semanticEqual(now[field], before[field])) continue;
      // Upstream names this field so.
      const name = field === 'attachRequired' ? 'attachedRequired' : field;
      const value =
        field === 'volumeLifecycleModes' ? new GoValue(now[field], MODES) : (now[field] ?? null);
      errors.invalid(`spec.${name}`, value, IMMUTABLE);
    }
  },
};

const MODES: GoType = { list: '[]storage.VolumeLifecycleMode', of: '' };

/** What stays as it was made, some until a version; before 1.20 all did. */
const FIXED: readonly (readonly [field: keyof CSIDriverSpec & string, until?: string])[] = [
  ['attachRequired'],
  ['fsGroupPolicy', '1.29'],
  ['podInfoOnMount', '1.29'],
  ['storageCapacity', '1.23'],
  ['volumeLifecycleModes'],
];

const SHORTEST_PERIOD = 10;

function validateDriver(errors: FieldErrors, { spec }: CSIDriver): void {
  const policies = ['File', 'None', 'ReadWriteOnceWithFSType'];
  errors.oneOf('spec.fsGroupPolicy', spec.fsGroupPolicy, policies);
  validateTokenRequests(errors, spec.tokenRequests ?? []);
  for (const mode of spec.volumeLifecycleModes ?? []) {
    errors.oneOf('spec.volumeLifecycleModes', mode, ['Persistent', 'Ephemeral']);
  }
  const period = spec.nodeAllocatableUpdatePeriodSeconds;
  if (period !== undefined && period < SHORTEST_PERIOD) {
    const detail = 'must be greater than or equal to 10 seconds';
    errors.invalid('spec.nodeAllocatableUpdatePeriodSeconds', period, detail);
  }
  const inSecrets = spec.serviceAccountTokenInSecrets;
  if (inSecrets !== undefined && !spec.tokenRequests?.length) {
    const detail = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified';
    errors.invalid('spec.serviceAccountTokenInSecrets', inSecrets, detail);
  }
}

const SHORTEST_TOKEN = 600;
const LONGEST_TOKEN = 2 ** 32;

function validateTokenRequests(
  errors: FieldErrors,
  requests: NonNullable<CSIDriverSpec['tokenRequests']>,
): void {
  const audiences = new Set<string>();
  requests.forEach(({ audience = '', expirationSeconds: seconds }, index) => {
    const at = `spec.tokenRequests[${index}]`;
    const field = `${at}.expirationSeconds`;
    if (audiences.has(audience)) {
      errors.duplicate(`${at}.audience`, audience);
      return;
    }
    audiences.add(audience);
    if (seconds === undefined) return;
    if (seconds < SHORTEST_TOKEN) {
      errors.invalid(field, seconds, 'may not specify a duration less than 10 minutes');
    }
    if (seconds > LONGEST_TOKEN) {
      errors.invalid(field, seconds, 'may not specify a duration larger than 2^32 seconds');
    }
  });
}
