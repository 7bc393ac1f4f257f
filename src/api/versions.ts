import { SimulationError } from '../base/index.ts';
import { gates, volumeTypeSince } from './gates.ts';

/** What one Kubernetes version does. `'all'` has the newest rules, and every volume type there ever was. */
export interface VersionRules {
  /** `1.5` … the newest, or `all`. */
  readonly version: string;
  /** Whether a feature gate is on; false for one that the version does not have. */
  gate(name: string): boolean;
  /** Whether the version is this one (`1.21`) or newer. */
  atLeast(minor: string): boolean;
  /** Whether it is older. */
  before(minor: string): boolean;
  /** Whether its API has the volume type (a field of `spec.volumes[]` or of a PV's spec). */
  knowsVolumeType(type: string): boolean;
}

const OLDEST = 5;
const NEWEST = 37;

/** Every version that can be asked for, oldest first. */
export const kubernetesVersions: readonly string[] = Array.from(
  { length: NEWEST - OLDEST + 1 },
  (_, index) => `1.${OLDEST + index}`,
);

/**
 * The rules of a Kubernetes version, a patch release too (`1.9.2`). Default `all`. Throws a SimulationError BAD_OPTION for a
 * version that is not known, and for a gate that the version does not have.
 */
export function createVersionRules(
  kubernetesVersion = 'all',
  featureGates: Readonly<Record<string, boolean>> = {},
): VersionRules {
  const all = kubernetesVersion === 'all';
  const minor = all ? NEWEST : readVersion(kubernetesVersion);
  const set = readGates(featureGates, minor);
  if (all && !set.has('GitRepoVolumeDriver')) set.set('GitRepoVolumeDriver', true);
  const gate = remembering((name) => set.get(name) ?? defaultOf(name, minor) ?? false);
  const atLeast = remembering((other) => minor >= minorOf(other));
  return {
    version: all ? 'all' : `1.${minor}`,
    gate,
    atLeast,
    before: (other) => !atLeast(other),
    knowsVolumeType: (type) => atLeast(volumeTypeSince[type] ?? `1.${OLDEST}`),
  };
}

function readVersion(version: string): number {
  const match = /^v?1\.(\d+)(\.\d+)?$/.exec(version);
  const minor = Number(match?.[1]);
  if (!match || minor < OLDEST || minor > NEWEST) {
    const known = `1.${OLDEST} to 1.${NEWEST}, and all`;
    throw new SimulationError(
      'BAD_OPTION',
      `kubernetesVersion: ${JSON.stringify(version)} is not known; known: ${known}`,
    );
  }
  return minor;
}

/** Answers that do not change, given once. */
function remembering(answer: (question: string) => boolean): (question: string) => boolean {
  const known = new Map<string, boolean>();
  return (question) => {
    const before = known.get(question);
    if (before !== undefined) return before;
    const now = answer(question);
    known.set(question, now);
    return now;
  };
}

function readGates(wanted: Readonly<Record<string, boolean>>, minor: number): Map<string, boolean> {
  const set = new Map<string, boolean>();
  for (const [name, value] of Object.entries(wanted)) {
    if (defaultOf(name, minor) === undefined) {
      const known = Object.hasOwn(gates, name) ? `not in Kubernetes 1.${minor}` : 'not known';
      throw new SimulationError('BAD_OPTION', `featureGates: ${JSON.stringify(name)} is ${known}`);
    }
    if (typeof value !== 'boolean') {
      throw new SimulationError('BAD_OPTION', `featureGates: ${name} must be true or false`);
    }
    set.set(name, value);
  }
  return set;
}

/** What a gate is at a version unless it is set; undefined before it came, and for one that is not known. */
function defaultOf(name: string, minor: number): boolean | undefined {
  if (!Object.hasOwn(gates, name)) return undefined;
  let value: boolean | undefined;
  for (const stage of gates[name]?.split(' ') ?? []) {
    if (minorOf(stage.slice(1)) <= minor) value = stage.startsWith('+') || stage.startsWith('g');
  }
  return value;
}

function minorOf(version: string): number {
  return Number(version.slice(2));
}
