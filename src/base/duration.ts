import { SimulationError } from './errors.ts';

/** A span of virtual time: `'90s'`, `'1h30m'`, `'500ms'`, or a number of milliseconds. */
export type Duration = string | number;

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Milliseconds of a duration. Takes Go's form (`1h30m`, `1.5s`, `100ms`), days (`2d`), and numbers of milliseconds.
 * Throws a SimulationError for a negative, infinite or unreadable one. `field` names it in the message.
 */
export function milliseconds(duration: Duration, field = 'duration'): number {
  const bad = (): SimulationError =>
    new SimulationError(
      'BAD_OPTION',
      `${field}: ${JSON.stringify(duration)} is not a duration such as '90s' or '1h30m'`,
    );
  if (typeof duration === 'number') {
    if (!Number.isFinite(duration) || duration < 0) throw bad();
    return duration;
  }
  if (typeof duration !== 'string') throw bad();
  if (duration === '0') return 0;
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d))+$/.test(duration)) throw bad();
  let total = 0;
  for (const [, amount, unit] of duration.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/g)) {
    total += Number(amount) * (UNITS[unit ?? ''] ?? 0);
  }
  return total;
}

/** A duration as Go prints it: `500ms`, `2m3s`, `1h0m0s`, `0s`. */
export function goDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 1) return `${trimmed(ms * 1000)}µs`;
  if (ms < 1000) return `${trimmed(ms)}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = `${trimmed((ms % 60_000) / 1000)}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(9)));
}
