/** The numbers that a field of a schedule may have, and their names. */
interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Minute, hour, day of the month, month, day of the week. */
const FIELDS: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
];

const DESCRIPTORS: ReadonlySet<string> = new Set([
  '@yearly',
  '@annually',
  '@monthly',
  '@weekly',
  '@daily',
  '@midnight',
  '@hourly',
]);

/** What is wrong with a CronJob's schedule; undefined when it is good. Models ParseStandard of github.com/robfig/cron v3. */
export function cronScheduleError(schedule: string): string | undefined {
  const spec = schedule.replace(/^(TZ|CRON_TZ)=\S* +/, '').trim();
  if (spec === '') return 'empty spec string';
  if (spec.startsWith('@')) return descriptorError(spec);
  const fields = spec.split(/\s+/);
  if (fields.length !== FIELDS.length) {
    return `expected exactly ${FIELDS.length} fields, found ${fields.length}: [${fields.join(' ')}]`;
  }
  return first(fields, (field, at) => fieldError(field, FIELDS[at] ?? { min: 0, max: 0 }));
}

function descriptorError(spec: string): string | undefined {
  if (DESCRIPTORS.has(spec)) return undefined;
  if (!spec.startsWith('@every ')) return `unrecognized descriptor: ${spec}`;
  const duration = spec.slice('@every '.length);
  if (/^[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(duration)) return undefined;
  const unit = /^[+-]?\d+\.?\d*$/.test(duration) ? 'missing unit in duration' : 'invalid duration';
  return `failed to parse duration ${spec}: time: ${unit} ${JSON.stringify(duration)}`;
}

function first<T>(
  all: readonly T[],
  errorOf: (one: T, at: number) => string | undefined,
): string | undefined {
  for (const [at, one] of all.entries()) {
    const error = errorOf(one, at);
    if (error !== undefined) return error;
  }
  return undefined;
}

function fieldError(field: string, bounds: Bounds): string | undefined {
  const ranges = field.split(',').filter((range) => range !== '');
  return first(ranges, (range) => rangeError(range, bounds));
}

/** `*`, `5`, `1-5`, `mon-fri`, each with `/step`. */
function rangeError(text: string, bounds: Bounds): string | undefined {
  const [range = '', step, ...steps] = text.split('/');
  const [low = '', high, ...more] = range.split('-');
  const any = low === '*' || low === '?';
  const start = any ? bounds.min : numberOf(low, bounds.names);
  if (typeof start === 'string') return start;
  if (!any && more.length > 0) return `too many hyphens: ${text}`;
  const end = any ? bounds.max : high === undefined ? start : numberOf(high, bounds.names);
  if (typeof end === 'string') return end;
  if (steps.length > 0) return `too many slashes: ${text}`;
  const every = step === undefined ? 1 : numberOf(step);
  if (typeof every === 'string') return every;
  const last = step !== undefined && high === undefined ? bounds.max : end;
  return boundsError(text, [start, last, every], bounds);
}

function boundsError(
  text: string,
  [start, end, step]: readonly [start: number, end: number, step: number],
  { min, max }: Bounds,
): string | undefined {
  if (start < min) return `beginning of range (${start}) below minimum (${min}): ${text}`;
  if (end > max) return `end of range (${end}) above maximum (${max}): ${text}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`;
  return step === 0 ? `step of range should be a positive number: ${text}` : undefined;
}

/** A number, or what is wrong with its text. */
function numberOf(text: string, names: readonly string[] = []): number | string {
  const named = names.indexOf(text.toLowerCase());
  // Months count from 1, days from 0.
  if (named >= 0) return names === MONTHS ? named + 1 : named;
  if (!/^[+-]?\d+$/.test(text)) {
    const parsing = JSON.stringify(text);
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${parsing}: invalid syntax`;
  }
  const number = Number(text);
  return number < 0 ? `negative number (${number}) not allowed: ${text}` : number;
}
