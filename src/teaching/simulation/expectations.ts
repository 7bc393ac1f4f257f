import type { Cluster } from '../../cluster/index.ts';
import type { NodeFs } from '../../face/index.ts';
import { type Fields, refuse } from './checked.ts';
import { placeOf, WHERE } from './place.ts';

type Args = Record<string, unknown>;

/** What a Simulation document expected and did not find. */
export class ExpectationError extends Error {
  override readonly name: string = 'ExpectationError';
}

const { path: _path, ...PLACE } = WHERE;

/** What an `expect` may look at: a path, a Pod's or container's state, any object, or an event. */
export const EXPECT_FIELDS: Fields = {
  ...PLACE,
  'path?': 'string',
  'content?': 'string',
  'contains?': 'string',
  'missing?': 'boolean',
  'type?': 'string',
  'mode?': 'string',
  'target?': 'string',
  'entries?': 'list',
  'phase?': 'string',
  'state?': 'string',
  'reason?': 'string',
  'restartCount?': 'number',
  'gone?': 'boolean',
  'object?': { kind: 'string', name: 'string', 'namespace?': 'string' },
  'match?': 'object',
  'event?': {
    'involved?': 'string',
    'reason?': 'string',
    'type?': 'string',
    'contains?': 'string',
  },
};

/** Checks one `expect`; throws an ExpectationError that says what was expected and what was found. */
export function expectation(cluster: Cluster, args: Args, where: string): void {
  if (args['event'] !== undefined) return event(cluster, args['event'] as Args, where);
  if (args['object'] !== undefined) return object(cluster, args, where);
  if (args['path'] !== undefined) return path(cluster, args, where);
  if (args['pod'] === undefined) {
    refuse(where, 'expects nothing: give a path, a pod, an object or an event');
  }
  if (args['gone'] === true) return gone(cluster, args, where);
  pod(cluster, args, where);
}

function same(where: string, what: string, expected: unknown, found: unknown): void {
  if (JSON.stringify(expected) === JSON.stringify(found)) return;
  throw new ExpectationError(
    `${where}: ${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`,
  );
}

function path(cluster: Cluster, args: Args, where: string): void {
  const { fs, path: at } = placeOf(cluster, args);
  const code = errorOf(() => fs.lstatSync(at));
  if (args['missing'] === true)
    return same(
      where,
      at,
      'missing',
      code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : (code ?? 'there'),
    );
  if (code !== undefined) same(where, at, 'there', code);
  for (const [name, look] of Object.entries(LOOKS)) {
    if (args[name] !== undefined)
      same(where, `${name} of ${at}`, args[name], look(fs, at, args[name]));
  }
}

const LOOKS: Readonly<Record<string, (fs: NodeFs, path: string, wanted: unknown) => unknown>> = {
  content: (fs, at) => String(fs.readFileSync(at, 'utf8')),
  contains: (fs, at, wanted) => {
    const content = String(fs.readFileSync(at, 'utf8'));
    return content.includes(String(wanted)) ? wanted : content;
  },
  mode: (fs, at) => (fs.statSync(at).mode & 0o7777).toString(8).padStart(4, '0'),
  target: (fs, at) => String(fs.readlinkSync(at)),
  entries: (fs, at) => (fs.readdirSync(at) as string[]).map(String).sort(),
  type: (fs, at) => {
    const stat = fs.lstatSync(at);
    if (stat.isSymbolicLink()) return 'symlink';
    return stat.isDirectory() ? 'directory' : stat.isFile() ? 'file' : 'other';
  },
};

function pod(cluster: Cluster, args: Args, where: string): void {
  const handle = cluster.pod(String(args['pod']), args['namespace'] as string | undefined);
  if (args['phase'] !== undefined)
    same(where, `phase of Pod ${handle.name}`, args['phase'], handle.phase);
  const { state, reason, restartCount } = args;
  if (state === undefined && reason === undefined && restartCount === undefined) return;
  const container = handle.container(args['container'] as string | undefined);
  const found: Args = {
    state: container.state,
    reason: container.reason,
    restartCount: container.restartCount,
  };
  for (const [name, value] of Object.entries({ state, reason, restartCount })) {
    if (value !== undefined)
      same(where, `${name} of container ${container.name}`, value, found[name]);
  }
}

function gone(cluster: Cluster, args: Args, where: string): void {
  const found = cluster.get('Pod', String(args['pod']), args['namespace'] as string | undefined);
  same(where, `Pod ${String(args['pod'])}`, 'gone', found === undefined ? 'gone' : 'there');
}

function object(cluster: Cluster, args: Args, where: string): void {
  const { kind, name, namespace } = args['object'] as Record<string, string | undefined>;
  const found = cluster.get(kind as 'Pod', name ?? '', namespace);
  const what = `${kind} ${name}`;
  same(where, what, args['gone'] === true ? 'gone' : 'there', found ? 'there' : 'gone');
  const { phase, match } = args;
  if (phase !== undefined) same(where, `phase of ${what}`, phase, found?.status?.phase);
  if (match !== undefined) same(where, what, match, partOf(found, match));
}

/** Of a value, what a pattern has fields for. */
function partOf(value: unknown, pattern: unknown): unknown {
  if (!isPlain(value) || !isPlain(pattern)) return value;
  return Object.fromEntries(
    Object.keys(pattern)
      .filter((name) => Object.hasOwn(value, name))
      .map((name) => [name, partOf(value[name], pattern[name])]),
  );
}

function isPlain(value: unknown): value is Args {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function event(cluster: Cluster, wanted: Args, where: string): void {
  const { contains = '', ...filter } = wanted;
  const found = cluster.events(filter).map(({ reason, message }) => `${reason}: ${message}`);
  if (found.some((line) => line.includes(String(contains)))) return;
  throw new ExpectationError(
    `${where}: expected an event ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`,
  );
}

function errorOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error);
  }
}
