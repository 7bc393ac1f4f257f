import { compareQuantities } from '../../base/index.ts';
import type { FieldErrors } from '../field-errors.ts';
import { copyOf } from '../freeze.ts';
import type { Container, ResourceRequirements } from '../types.ts';
import type { VersionRules } from '../versions.ts';

/** What of a container's resources a resize may not do. Models validateContainerResize. */
export function validateContainerResize(
  errors: FieldErrors,
  at: string,
  now: Container,
  old: Container,
  rules: VersionRules,
): void {
  const before = old.resources ?? {};
  for (const list of ['requests', 'limits'] as const) {
    if (!removes(now.resources?.[list], before[list])) continue;
    errors.forbidden(`${at}.${list}`, `resource ${list} cannot be removed`);
  }
  if (rules.version === '1.33') validateMemory(errors, at, now, before);
}

/** Whether an amount goes. */
export function removes(
  now: ResourceRequirements['limits'] = {},
  old: ResourceRequirements['limits'] = {},
): boolean {
  return Object.keys(old).some((name) => now[name] === undefined);
}

/** In 1.33 what a process has was not taken from it while it runs. */
function validateMemory(
  errors: FieldErrors,
  at: string,
  { resources = {}, resizePolicy = [] }: Container,
  old: ResourceRequirements,
): void {
  const restarts = resizePolicy.find(({ resourceName }) => resourceName === 'memory');
  if (restarts?.restartPolicy === 'RestartContainer') return;
  const [now, before] = [resources.limits?.['memory'], old.limits?.['memory']];
  if (now === undefined || (before !== undefined && compareQuantities(now, before) >= 0)) return;
  const what = before === undefined ? 'added' : 'decreased';
  const detail = `memory limits cannot be ${what} unless resizePolicy is RestartContainer`;
  errors.forbidden(`${at}.limits[memory]`, detail);
}

/** A container with the cpu and memory that it had: what is left of a change then is not allowed. */
export function withoutCompute(now: Container, old: Container, rules: VersionRules): Container {
  const container = copyOf(now);
  const resources = resourcesWithoutCompute(container.resources ?? {}, old.resources ?? {}, rules);
  container.resources = resources;
  return container;
}

/** The same of resources. Models dropCPUMemoryUpdates. */
export function resourcesWithoutCompute(
  now: ResourceRequirements,
  old: ResourceRequirements,
  rules: VersionRules,
): ResourceRequirements {
  const out = copyOf(now);
  for (const list of ['limits', 'requests'] as const) {
    const amounts = { ...out[list] };
    for (const name of ['cpu', 'memory']) {
      const before = old[list]?.[name];
      if (before === undefined) delete amounts[name];
      else amounts[name] = before;
    }
    // Until 1.34 nobody looked at lists that there were none of.
    const unseen = old[list] === undefined && rules.before('1.35');
    if (unseen || (Object.keys(amounts).length === 0 && !old[list])) delete out[list];
    else out[list] = amounts;
  }
  return out;
}
