import type { VersionRules } from '../../src/api/index.ts';

/** The rules of a version, as far as the choice of plugins goes. */
export function rules(version: string): VersionRules {
  const minor = (text: string): number => Number(text.split('.')[1]);
  const own = version === 'all' ? Number.POSITIVE_INFINITY : minor(version);
  const known: Pick<VersionRules, 'version' | 'atLeast' | 'before' | 'gate'> = {
    version,
    atLeast: (other) => own >= minor(other),
    before: (other) => own < minor(other),
    gate: () => false,
  };
  return known as VersionRules;
}
