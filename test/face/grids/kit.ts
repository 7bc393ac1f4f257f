import { Buffer } from 'node:buffer';
import type { NodeFs } from '../../../src/face/index.ts';

/** An `fs` whose calls are made by name, with whatever arguments. */
export type AnyFs = NodeFs & Record<string, (...args: unknown[]) => unknown>;

/** One question: asked of the real `node:fs` and of ours, in a directory with the same files. */
export interface Question {
  readonly label: string;
  readonly ask: (fs: AnyFs, base: string, pause: () => Promise<void>) => unknown;
}

/** The files that every question finds. */
export function lay(fs: NodeFs, base: string): void {
  fs.mkdirSync(`${base}/d/e`, { recursive: true });
  fs.mkdirSync(`${base}/empty`);
  fs.writeFileSync(`${base}/f`, 'hello world');
  fs.writeFileSync(`${base}/d/x`, 'xx');
  fs.writeFileSync(`${base}/d/e/y`, 'yyy');
  for (const [name, target] of [
    ['l', 'f'],
    ['dl', 'd'],
    ['dang', 'nope'],
    ['loop', 'loop'],
  ] as const) {
    fs.symlinkSync(target, `${base}/${name}`);
  }
}

/** The answer as text: the value or the whole error, then every file that is not as it was laid. */
export async function answerTo(
  { ask }: Question,
  fs: NodeFs,
  base: string,
  pause: () => Promise<void>,
): Promise<string> {
  lay(fs, base);
  const before = new Set(tree(fs, base));
  const lines = [await outcome(() => ask(fs as AnyFs, base, pause), base)];
  const after = new Set(tree(fs, base));
  for (const line of before) if (!after.has(line)) lines.push(`- ${line}`);
  for (const line of after) if (!before.has(line)) lines.push(`+ ${line}`);
  return lines.join('\n');
}

async function outcome(ask: () => unknown, base: string): Promise<string> {
  try {
    return shown(await ask(), base);
  } catch (error) {
    return `throws ${errorText(error, base)}`;
  }
}

function tree(fs: NodeFs, base: string, at = ''): string[] {
  return fs.readdirSync(base + at).flatMap((name) => {
    const path = `${at}/${name}`;
    const stat = fs.lstatSync(base + path);
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isSymbolicLink())
      return [`${path} -> ${fs.readlinkSync(base + path).replaceAll(base, 'B')}`];
    if (stat.isDirectory()) return [`${path}/ ${mode}`, ...tree(fs, base, path)];
    return [`${path} ${mode} ${stat.nlink} ${content(fs, base + path, stat.size)}`];
  });
}

function content(fs: NodeFs, path: string, size: number): string {
  return size > 100 ? `${size} bytes` : JSON.stringify(fs.readFileSync(path, 'latin1'));
}

/** A value as text, without what depends on time and place. */
export function shown(value: unknown, base: string): string {
  if (typeof value === 'string') return JSON.stringify(value.replaceAll(base, 'B'));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return `error ${errorText(value, base)}`;
  if (value instanceof Uint8Array) return bytesText(value, base);
  if (Array.isArray(value)) return `[${value.map((one) => shown(one, base)).join(', ')}]`;
  return objectText(value, base);
}

function bytesText(bytes: Uint8Array, base: string): string {
  const text = Buffer.from(bytes).toString('latin1').replaceAll(base, 'B');
  return `${Buffer.isBuffer(bytes) ? 'Buffer' : 'Uint8Array'} ${JSON.stringify(text)}`;
}

function objectText(value: object, base: string): string {
  const entry = value as { name?: unknown; size?: unknown; mode?: unknown } & {
    [test: string]: unknown;
  };
  if (typeof entry['isFIFO'] === 'function') {
    return 'size' in entry ? statText(entry) : direntText(entry, base);
  }
  const name = value.constructor?.name;
  if (name === 'Dir' || name === 'StatFs') return name;
  const fields = Object.entries(value).map(([key, one]) => `${key}: ${shown(one, base)}`);
  return `{ ${fields.join(', ')} }`;
}

type Tests = { readonly [name: string]: unknown };

function statText(stat: Tests): string {
  const directory = (stat['isDirectory'] as () => boolean).call(stat);
  const size = directory ? '' : ` ${stat['size']}`;
  return `stat ${Number(stat['mode']).toString(8)} ${stat['nlink']} ${typeof stat['size']}${size}`;
}

function direntText(entry: Tests, base: string): string {
  const is = ['isFile', 'isDirectory', 'isSymbolicLink'].filter((test) =>
    (entry[test] as () => boolean).call(entry),
  );
  return `${is} ${shown(entry['name'], base)} in ${shown(entry['parentPath'], base)}`;
}

function errorText(thrown: unknown, base: string): string {
  const error = thrown as { readonly [field: string]: unknown };
  const fields = ['name', 'code', 'message', 'errno', 'syscall', 'path', 'dest'];
  const parts = fields.filter((field) => error[field] !== undefined);
  return parts.map((field) => String(error[field]).replaceAll(base, 'B')).join(' | ');
}
