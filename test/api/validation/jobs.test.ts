import { describe, expect, test } from 'vitest';
import { type Fields, subject } from './objects.ts';
import { METADATA, selector, template } from './workload-subjects.ts';

describe('Job', () => {
  const ends = (spec: Fields = {}) => template({ restartPolicy: 'Never', ...spec });
  const job = subject('batch/v1', 'Job', { metadata: METADATA, spec: { template: ends() } });
  const create = (spec: Fields) => job.create({ spec });

  test('its Pods end', () => {
    const required =
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"';
    expect(create({ template: ends({ restartPolicy: undefined }) })).toEqual([required]);
    expect(create({ template: ends({ restartPolicy: 'Always' }) })).toEqual([required]);
    expect(create({})).toEqual([]);
    expect(
      create({ podFailurePolicy: {}, template: ends({ restartPolicy: 'OnFailure' }) }),
    ).toEqual([
      'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
    ]);
  });

  test.each<[string, Fields, string]>([
    [
      'counts',
      { parallelism: -1 },
      '.parallelism: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      'failed indexes',
      { completionMode: 'Indexed', completions: 2, maxFailedIndexes: 1 },
      '.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified',
    ],
    [
      'more failed than all',
      { completionMode: 'Indexed', completions: 2, maxFailedIndexes: 3, backoffLimitPerIndex: 1 },
      '.maxFailedIndexes: Invalid value: 3: must be less than or equal to completions',
    ],
    [
      'an index without a mode',
      { backoffLimitPerIndex: 1 },
      '.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode',
    ],
    [
      'how it completes',
      { completionMode: 'Sometimes' },
      '.completionMode: Unsupported value: "Sometimes": supported values: "NonIndexed", "Indexed"',
    ],
    [
      'who manages it',
      { managedBy: 'me' },
      '.managedBy: Invalid value: "me": must be a domain-prefixed path (such as "acme.io/foo")',
    ],
    [
      'when a Pod is replaced',
      { podReplacementPolicy: 'Soon' },
      '.podReplacementPolicy: Unsupported value: "Soon": supported values: "Failed", "TerminatingOrFailed"',
    ],
  ])('%s', (_, spec, expected) => {
    expect(create(spec)).toEqual([`spec${expected}`]);
  });

  test('an indexed one has completions, and names that hosts can have', () => {
    const indexed = { completionMode: 'Indexed', parallelism: 1 };
    expect(create(indexed)).toEqual([
      'spec.completions: Required value: when completion mode is Indexed',
    ]);
    const name = 'a'.repeat(62);
    const spec = { ...indexed, completions: 11, template: ends() };
    expect(job.create({ metadata: { name }, spec })).toEqual([
      `metadata.name: Invalid value: "${name}": will not able to create pod with invalid DNS label: ${name}-10`,
    ]);
  });

  test('a selector of its own has to be asked for', () => {
    expect(create({ selector })).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"app":"a"}}: `selector` not auto-generated',
    ]);
    expect(create({ selector, manualSelector: true })).toEqual([]);
    expect(create({ manualSelector: true })[0]).toBe('spec.selector: Required value');
  });

  test('what stays', () => {
    const changed = (now: Fields, before: Fields = {}) =>
      job.update({ spec: before }, { spec: now });
    expect(changed({ completions: 2 }, { completions: 1 })).toEqual([
      'spec.completions: Invalid value: 2: field is immutable',
    ]);
    expect(changed({ completions: 1, parallelism: 3, suspend: true }, { completions: 1 })).toEqual(
      [],
    );
    expect(changed({ template: ends({ hostNetwork: true }) })[0]).toMatch(
      /^spec\.template: Invalid value: .*: field is immutable$/,
    );
    const indexed = { completionMode: 'Indexed', completions: 1, parallelism: 1 };
    expect(changed({ ...indexed, completions: 2, parallelism: 2 }, indexed)).toEqual([]);
    expect(changed({ ...indexed, completions: 2 }, indexed)).toEqual([
      'spec.completions: Invalid value: 2: can only be modified in tandem with spec.parallelism',
    ]);
  });

  test('before it begins it may be told where to run', () => {
    const moved = (suspend: boolean, status: Fields = {}) =>
      job.update(
        { spec: { suspend }, status },
        { spec: { suspend, template: ends({ nodeSelector: { disk: 'ssd' } }) } },
      );
    expect(moved(true)).toEqual([]);
    expect(moved(false)).toHaveLength(1);
    expect(moved(true, { startTime: '2024-01-01T00:00:00Z' })).toHaveLength(1);
  });
});

describe('CronJob', () => {
  const jobTemplate = { spec: { template: template({ restartPolicy: 'Never' }) } };
  const cronJob = subject('batch/v1', 'CronJob', {
    metadata: METADATA,
    spec: { schedule: '0 * * * *', jobTemplate },
  });
  const schedule = (text: string) => cronJob.create({ spec: { schedule: text } });

  test('its fields', () => {
    expect(cronJob.create({ spec: { schedule: '', concurrencyPolicy: 'Maybe' } })).toEqual([
      'spec.schedule: Required value',
      'spec.concurrencyPolicy: Unsupported value: "Maybe": supported values: "Allow", "Forbid", "Replace"',
    ]);
    const name = 'a'.repeat(53);
    expect(cronJob.create({ metadata: { name } })).toEqual([
      `metadata.name: Invalid value: "${name}": must be no more than 52 characters`,
    ]);
    const own = { spec: { ...jobTemplate.spec, selector, manualSelector: true } };
    expect(cronJob.create({ spec: { jobTemplate: own } })).toEqual([
      'spec.jobTemplate.spec.selector: Invalid value: {"matchLabels":{"app":"a"}}: `selector` will be auto-generated',
      'spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"',
    ]);
  });

  test.each(['*/5 0-12 1,15 jan-mar MON', '? * * * 6', '@daily', '@every 1h30m', '5/15 * * * *'])(
    'a good schedule: %s',
    (text) => {
      expect(schedule(text)).toEqual([]);
    },
  );

  test.each([
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ['@sometimes', 'unrecognized descriptor: @sometimes'],
    ['@every 5', 'failed to parse duration @every 5: time: missing unit in duration "5"'],
  ])('a bad schedule: %s', (text, expected) => {
    const value = JSON.stringify(text);
    expect(schedule(text)).toEqual([`spec.schedule: Invalid value: ${value}: ${expected}`]);
  });

  test('its time zone is a field of its own', () => {
    const text = 'TZ=UTC 0 * * * *';
    expect(schedule(text)).toEqual([
      `spec.schedule: Invalid value: "${text}": cannot use TZ or CRON_TZ in schedule, use timeZone field instead`,
    ]);
    const stored = { spec: { schedule: text } };
    expect(cronJob.update(stored, { spec: { ...stored.spec, suspend: true } })).toEqual([]);
    const zone = (timeZone: string) => cronJob.create({ spec: { timeZone } });
    expect(zone('Europe/Zurich')).toEqual([]);
    expect(zone('Europe/../Zurich')).toEqual([
      'spec.timeZone: Invalid value: "Europe/../Zurich": unknown time zone Europe/../Zurich',
    ]);
    expect(zone('')).toEqual([
      'spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string',
    ]);
  });
});
