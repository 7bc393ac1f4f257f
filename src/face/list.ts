import { validateBoolean } from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import type { Caller } from '../kernel/index.ts';
import { optionsOf } from './arguments.ts';
import { Dirent } from './dirent.ts';
import { asNodeError } from './errors.ts';
import { type FaceState, shownPath } from './face-state.ts';
import { fileType, isType } from './file-type.ts';
import { encodeName, type NameEncoding, toPath } from './paths.ts';
import type { DirectoryEntry } from './system.ts';
import { sys } from './system.ts';

/** Names, or entries with their types, in the order of code units. */
export function readdirSync(
  state: FaceState,
  path: unknown,
  options?: unknown,
): (string | Uint8Array | Dirent)[] {
  const { encoding: as, withFileTypes, recursive } = optionsOf<ListOptions>(options);
  const pending: Level[] = [{ path: toPath(path), inside: '' }];
  if (recursive !== undefined && recursive !== null)
    validateBoolean(recursive, 'options.recursive');
  const out: (string | Uint8Array | Dirent)[] = [];
  for (let level = pending.shift(); level !== undefined; level = pending.shift()) {
    const at = level;
    for (const entry of entriesOf(state.caller, at.path)) {
      const inside = at.inside + entry.name;
      if (withFileTypes) out.push(makeDirent(entry, at.path, as));
      else out.push(encodeName(shownPath(state, inside), as));
      if (!recursive) continue;
      const below = { path: joinName(at.path, entry.name), inside: `${inside}/` };
      const enter = withFileTypes ? isDirectory(entry) : leadsToDirectory(state.caller, below.path);
      if (enter) pending.push(below);
    }
  }
  return out;
}

/** The entries of a directory, sorted as libuv's scandir does. */
export function entriesOf(
  caller: Caller,
  path: string,
  syscall = 'scandir',
): readonly DirectoryEntry[] {
  try {
    return sorted(sys.readdir(caller, path));
  } catch (error) {
    throw asNodeError(error, syscall, path);
  }
}

/** Entries in the order of code units. */
export function sorted(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  return [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The `Dirent` of an entry. */
export function makeDirent(
  entry: DirectoryEntry,
  parentPath: string,
  encoding: NameEncoding,
): Dirent {
  return new Dirent(encodeName(entry.name, encoding), parentPath, modeOf(entry));
}

/** A name behind the path of its directory. */
export function joinName(path: string, name: string): string {
  return path.endsWith('/') ? path + name : `${path}/${name}`;
}

interface ListOptions {
  readonly withFileTypes?: boolean;
  readonly recursive?: boolean | null;
}

interface Level {
  readonly path: string;
  readonly inside: string;
}

const modes = {
  file: fileType.regular,
  directory: fileType.directory,
  symlink: fileType.symlink,
  fifo: fileType.fifo,
  socket: fileType.socket,
  'character-device': fileType.character,
  'block-device': fileType.block,
} as const;

/** The mode bits of its type. */
export function modeOf(entry: DirectoryEntry): number {
  return modes[entry.type];
}

function isDirectory(entry: DirectoryEntry): boolean {
  return entry.type === 'directory';
}

/** Without types, Node asks stat(2) of each name and so follows links to directories. */
function leadsToDirectory(caller: Caller, path: string): boolean {
  try {
    return isType(sys.stat(caller, path).mode, fileType.directory);
  } catch {
    return false;
  }
}
