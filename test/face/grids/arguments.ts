import { Buffer } from 'node:buffer';
import { pathToFileURL } from 'node:url';
import type { AnyFs, Question } from './kit.ts';

type Value = unknown | ((base: string) => unknown);
type Values = Readonly<Record<string, Value>>;

/** An argument that is not given at all. */
const absent = Symbol('absent');

const inside = (name: string) => (base: string) => `${base}/${name}`;

const there: Values = Object.fromEntries(
  [
    'f',
    'd',
    'l',
    'dl',
    'dang',
    'loop',
    'missing',
    'f/',
    'd/',
    'dl/',
    'f/q',
    'missing/q',
    'empty',
  ].map((name) => [name, inside(name)]),
);

const paths: Values = {
  ...there,
  '""': '',
  buffer: (base: string) => Buffer.from(`${base}/f`),
  bytes: (base: string) => new Uint8Array(Buffer.from(`${base}/f`)),
  url: (base: string) => pathToFileURL(`${base}/f`),
  undefined: undefined,
  null: null,
  number: 9999,
  fraction: 1.5,
  object: () => ({}),
  array: () => [],
  boolean: true,
  nul: 'f\0x',
  'nul bytes': Buffer.from('f\0x'),
  'http url': new URL('http://x/y'),
  'url with host': new URL('file://host/x'),
  'url with %2f': new URL('file:///a%2fb'),
};

const few: Values = Object.fromEntries(
  ['f', 'd', 'l', 'dang', 'missing', 'undefined'].map((name) => [name, paths[name]]),
);

const encodings: Values = {
  none: absent,
  null: null,
  utf8: 'utf8',
  hex: 'hex',
  buffer: 'buffer',
  bogus: 'bogus',
  base64: { encoding: 'base64' },
  'bogus option': { encoding: 'bogus' },
  empty: {},
  number: 5,
  boolean: true,
};
const modes: Values = {
  none: absent,
  null: null,
  number: 0o600,
  octal: '0640',
  text: 'xyz',
  negative: -1,
  fraction: 1.5,
  large: 2 ** 33,
  object: {},
  nan: Number.NaN,
  all: 0o77777,
};
const data: Values = {
  text: 'abc',
  buffer: Buffer.from('q'),
  words: new Uint16Array([1, 2]),
  view: new DataView(new ArrayBuffer(2)),
  number: 5,
  object: {},
  undefined: undefined,
  null: null,
  arraybuffer: new ArrayBuffer(2),
};
const writing: Values = {
  none: absent,
  hex: 'hex',
  bogus: 'bogus',
  append: { flag: 'a' },
  exclusive: { flag: 'wx' },
  mode: { mode: 0o600 },
  'bad mode': { mode: {} },
  'bad flag': { flag: 'bogus' },
  number: 5,
  flush: { flush: true },
  'bad flush': { flush: 'x' },
  'read only': { flag: 'r' },
};
const lengths: Values = {
  none: absent,
  zero: 0,
  three: 3,
  negative: -1,
  fraction: 1.5,
  text: '3',
  object: {},
  nan: Number.NaN,
  infinite: Number.POSITIVE_INFINITY,
  null: null,
};
const times: Values = {
  number: 5,
  digits: '7',
  date: new Date(9000),
  'bad date': new Date(Number.NaN),
  text: 'x',
  object: {},
  undefined: undefined,
  nan: Number.NaN,
  infinite: Number.POSITIVE_INFINITY,
  null: null,
};
const owners: Values = {
  number: 5,
  same: -1,
  'less than -1': -2,
  'too large': 2 ** 32,
  fraction: 1.5,
  text: '5',
  undefined: undefined,
  largest: 2 ** 32 - 1,
};
const flags: Values = {
  none: absent,
  r: 'r',
  w: 'w',
  wx: 'wx',
  'r+': 'r+',
  'rs+': 'rs+',
  sr: 'sr',
  xa: 'xa',
  as: 'as',
  bogus: 'bogus',
  zero: 0,
  negative: -1,
  fraction: 1.5,
  object: {},
};
const listing: Values = {
  none: absent,
  recursive: { recursive: true },
  types: { withFileTypes: true },
  both: { recursive: true, withFileTypes: true },
  'bad recursive': { recursive: 1 },
  'types in bytes': { withFileTypes: true, encoding: 'buffer' },
};
const removing: Values = {
  none: absent,
  recursive: { recursive: true },
  force: { force: true },
  both: { recursive: true, force: true },
  'bad recursive': { recursive: 'x' },
  'bad force': { force: 1 },
  'bad retries': { maxRetries: -1 },
  'bad delay': { retryDelay: -1 },
  null: null,
  text: 's',
};
const making: Values = {
  ...modes,
  recursive: { recursive: true },
  'bad recursive': { recursive: 1 },
  'recursive with mode': { recursive: true, mode: 0o700 },
  'bad mode': { mode: 'zz' },
};
const numbers: Values = {
  one: 1,
  four: 4,
  seven: 7,
  eight: 8,
  negative: -1,
  text: 'x',
  fraction: 1.5,
};
const seven: Values = { seven: 7 };

const calls: readonly (readonly [string, ...Values[]])[] = [
  ['statSync', paths, { none: absent, bigint: { bigint: true }, quiet: { throwIfNoEntry: false } }],
  ['lstatSync', there, { none: absent, quiet: { throwIfNoEntry: false } }],
  ['statfsSync', paths, { none: absent, bigint: { bigint: true } }],
  ['accessSync', paths, { none: absent, ...numbers }],
  ['existsSync', paths],
  ['readFileSync', few, encodings],
  ['readFileSync', paths, { none: absent, utf8: 'utf8' }],
  ['readdirSync', paths, { none: absent, types: { withFileTypes: true } }],
  ['readdirSync', few, { ...encodings, ...listing }],
  ['opendirSync', paths, { none: absent }],
  [
    'opendirSync',
    few,
    {
      bytes: { encoding: 'buffer' },
      tree: { recursive: true },
      zero: { bufferSize: 0 },
      bogus: 'bogus',
    },
  ],
  ['readlinkSync', paths, { none: absent }],
  ['readlinkSync', few, encodings],
  ['realpathSync', there, { none: absent, bogus: 'bogus', number: 5 }],
  ['writeFileSync', paths, { text: 'abc' }, { none: absent, append: { flag: 'a' } }],
  ['writeFileSync', few, { text: 'abc' }, writing],
  ['writeFileSync', { f: inside('f') }, data],
  ['appendFileSync', few, data, { none: absent, hex: 'hex' }],
  ['mkdirSync', paths, { none: absent, recursive: { recursive: true } }],
  ['mkdirSync', few, making],
  ['mkdtempSync', few, { none: absent, buffer: 'buffer', bogus: 'bogus', number: 5 }],
  ['chmodSync', paths, { number: 0o600 }],
  ['chmodSync', few, modes],
  ['chownSync', few, owners, { ...seven, text: 'x' }],
  ['lchownSync', few, owners, seven],
  ['utimesSync', few, times, { five: 5 }],
  ['utimesSync', { f: inside('f') }, { five: 5 }, times],
  ['lutimesSync', few, times, { five: 5 }],
  ['truncateSync', few, lengths],
  ['unlinkSync', paths],
  ['rmdirSync', there, removing],
  ['rmSync', paths, { none: absent, both: { recursive: true, force: true } }],
  ['rmSync', there, removing],
  ['renameSync', there, there],
  ['renameSync', { f: inside('f') }, paths],
  ['linkSync', there, there],
  ['linkSync', paths, { missing: inside('missing') }],
  ['symlinkSync', { text: 'f' }, paths],
  ['symlinkSync', paths, { missing: inside('missing') }],
  [
    'symlinkSync',
    { text: 'f' },
    { missing: inside('missing') },
    { dir: 'dir', bad: 'bad', number: 5 },
  ],
  ['copyFileSync', there, there],
  ['copyFileSync', paths, { missing: inside('missing') }],
  [
    'copyFileSync',
    few,
    { missing: inside('missing'), f: inside('f') },
    { exclusive: 1, cloned: 4, bad: 8, text: 's', null: null },
  ],
  ['openSync', few, flags],
  ['openSync', { missing: inside('missing') }, { w: 'w' }, modes],
];

/** Synchronous calls with all kinds of arguments, right and wrong. */
export function argumentQuestions(): Question[] {
  return calls.flatMap(([method, ...sets]) =>
    combinations(sets).map((combination) => ({
      label: `${method}(${combination.map(([name]) => name).join(', ')})`,
      ask: (fs: AnyFs, base: string) => ask(fs, base, method, valuesOf(combination, base)),
    })),
  );
}

type Combination = readonly (readonly [name: string, value: Value])[];

function combinations(sets: readonly Values[]): Combination[] {
  let all: Combination[] = [[]];
  for (const set of sets) {
    all = all.flatMap((before) => Object.entries(set).map((one) => [...before, one]));
  }
  return all;
}

function valuesOf(combination: Combination, base: string): unknown[] {
  const given = combination.filter(([, value]) => value !== absent);
  return given.map(([, value]) => (typeof value === 'function' ? value(base) : value));
}

function ask(fs: AnyFs, base: string, method: string, args: unknown[]): unknown {
  const result = fs[method]?.(...args);
  if (method === 'openSync') return void fs.closeSync(result as number);
  if (method === 'readdirSync') return sorted(result as unknown[]);
  if (method === 'mkdtempSync') {
    fs.rmdirSync(result as string);
    return (result as string).length - base.length;
  }
  if (method !== 'opendirSync') return result;
  const directory = result as ReturnType<typeof fs.opendirSync>;
  const entries: unknown[] = [];
  for (let entry = directory.readSync(); entry; entry = directory.readSync()) entries.push(entry);
  directory.closeSync();
  return sorted(entries);
}

function sorted(entries: unknown[]): unknown[] {
  const key = (entry: unknown): string => {
    const { name, parentPath } = entry as { name?: unknown; parentPath?: unknown };
    return name === undefined ? String(entry) : `${parentPath}/${name}`;
  };
  return entries.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
