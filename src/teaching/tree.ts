import { compare } from '../base/index.ts';
import type { NodeFs } from '../face/index.ts';

/** One file, directory or link, as `ls -l` and `tree` would show it. */
export interface TreeEntry {
  readonly name: string;
  readonly type:
    | 'directory'
    | 'file'
    | 'symlink'
    | 'socket'
    | 'fifo'
    | 'block'
    | 'char'
    | 'mystery';
  /** Twelve bits, octal: `0644`. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  /** Bytes; of files. */
  readonly size?: number;
  /** Of symlinks. */
  readonly target?: string;
  /** Of directories, sorted by name. */
  readonly entries?: readonly TreeEntry[];
  /** Why it could not be looked into: an errno. */
  readonly error?: string;
  /** Entries that were left out because there were too many. */
  readonly omitted?: number;
}

/** How much of a tree is read. */
export interface TreeLimits {
  /** Levels below the root. Default 8. */
  depth?: number;
  /** Entries of one directory. Default 50. */
  entries?: number;
}

/** What is at a path and below it, links not followed. */
export function readTree(fs: NodeFs, path: string, limits: TreeLimits = {}): TreeEntry {
  const { depth = 8, entries = 50 } = limits;
  return read(fs, path, path, { depth, entries });
}

function read(fs: NodeFs, path: string, name: string, limits: Required<TreeLimits>): TreeEntry {
  const stat = fs.lstatSync(path);
  const type = typeOf(stat.mode);
  const entry = {
    name,
    type,
    mode: (stat.mode & 0o7777).toString(8).padStart(4, '0'),
    uid: stat.uid,
    gid: stat.gid,
  };
  if (type === 'file') return { ...entry, size: stat.size };
  if (type === 'symlink') return { ...entry, target: String(fs.readlinkSync(path)) };
  if (type !== 'directory' || limits.depth === 0) return entry;
  return { ...entry, ...children(fs, path, limits) };
}

function children(fs: NodeFs, path: string, limits: Required<TreeLimits>): Partial<TreeEntry> {
  let names: string[];
  try {
    names = (fs.readdirSync(path) as string[]).map(String).sort(compare);
  } catch (error) {
    return { error: codeOf(error) };
  }
  const shown = names.slice(0, limits.entries);
  const below = { ...limits, depth: limits.depth - 1 };
  const base = path === '/' ? '' : path;
  const entries = shown.map((name) => read(fs, `${base}/${name}`, name, below));
  return names.length > shown.length
    ? { entries, omitted: names.length - shown.length }
    : { entries };
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? error);
}

const TYPES: Readonly<Record<number, TreeEntry['type']>> = {
  4: 'directory',
  8: 'file',
  10: 'symlink',
  12: 'socket',
  1: 'fifo',
  6: 'block',
  2: 'char',
};

function typeOf(mode: number): TreeEntry['type'] {
  return TYPES[(mode >> 12) & 15] ?? 'mystery';
}

/** A tree as lines of text: modes and owners in front, names with branches. */
export function treeLines(root: TreeEntry): string[] {
  const lines: string[] = [];
  add(root, '', '', lines);
  return lines;
}

function add(entry: TreeEntry, lead: string, below: string, lines: string[]): void {
  lines.push(`${entry.mode} ${entry.uid}:${entry.gid}  ${lead}${label(entry)}`);
  const entries = entry.entries ?? [];
  entries.forEach((child, i) => {
    const last = i === entries.length - 1 && entry.omitted === undefined;
    add(child, `${below}${last ? '└── ' : '├── '}`, `${below}${last ? '    ' : '│   '}`, lines);
  });
  if (entry.omitted !== undefined)
    lines.push(`${' '.repeat(entry.mode.length)}       ${below}└── … ${entry.omitted} more`);
}

function label({ name, type, size, target, error }: TreeEntry): string {
  const suffix = type === 'directory' && !name.endsWith('/') ? '/' : '';
  const details = [
    target === undefined ? '' : ` -> ${target}`,
    size === undefined ? '' : ` (${size} B)`,
    ['socket', 'fifo', 'block', 'char', 'mystery'].includes(type) ? ` [${type}]` : '',
    error === undefined ? '' : ` [${error}]`,
  ];
  return `${name}${suffix}${details.join('')}`;
}
