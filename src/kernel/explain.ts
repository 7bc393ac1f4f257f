import type { Caller, Place } from './caller.ts';
import { CAP_DAC_OVERRIDE, capable } from './caller.ts';
import { access } from './calls/attributes.ts';
import { type Code, errorText, isKernelError } from './errno.ts';
import { MAY_EXEC, MAY_READ, MAY_WRITE } from './flags.ts';
import { type Inode, inodeOf } from './memfs.ts';
import { type FileType, fileType, isSymlink } from './mode.ts';
import { MNT_NOEXEC, type Mount } from './mount.ts';
import { identityOn, inGroup, permits } from './permission.ts';
import { printPath, readPath, walk } from './walk.ts';

/** One component of a path, as it was resolved. */
export interface PathStep {
  /** The path so far, as its text stands once the links before it were followed. */
  readonly path: string;
  /** `missing`: the way ends here. */
  readonly type: FileType | 'missing';
  readonly inode?: Inode;
  /** What this component is in. */
  readonly mount: Mount;
  /** It is the root of that mount: something is mounted here. */
  readonly entered: boolean;
  /** Of a symbolic link that is followed. */
  readonly target?: string;
  /** Why the way ends here. */
  readonly error?: Code;
}

/** Whether a caller may do something, what it gets if not, and why. */
export interface Access {
  readonly allowed: boolean;
  readonly error?: Code;
  readonly because: string;
}

/** Why a path gives a caller what it gives. */
export interface PathExplanation {
  readonly path: string;
  readonly steps: readonly PathStep[];
  /** Where the path leads to; none when it leads nowhere. */
  readonly place?: Place;
  /** Of a directory: list it, change what is in it, search it. */
  readonly read: Access;
  readonly write: Access;
  readonly execute: Access;
}

const MAX_SYMLINKS = 40;

/** Follows an absolute path component by component, and says what a caller may do at its end. Changes nothing but access times of links. */
export function explainPath(caller: Caller, path: string): PathExplanation {
  const steps = resolve(caller, path);
  const end = steps.at(-1);
  const place = end?.error === undefined ? placeAt(caller, path) : undefined;
  const verdict = (mask: number): Access => accessAt(caller, path, mask, end, place);
  return {
    path,
    steps,
    ...(place !== undefined && { place }),
    read: verdict(MAY_READ),
    write: verdict(MAY_WRITE),
    execute: verdict(MAY_EXEC),
  };
}

function resolve(caller: Caller, path: string): PathStep[] {
  const steps: PathStep[] = [];
  const { mount, entry } = caller.root;
  steps.push(stepAt('/', { mount, entry }, true));
  let at = '';
  let rest = namesOf(readPath(caller, path));
  for (let hops = 0; rest.length > 0; ) {
    const [name = '', ...more] = rest;
    const next = `${at}/${name}`;
    const step = resolveOne(caller, next, steps.at(-1)?.mount ?? mount);
    steps.push(step);
    if (step.error !== undefined) break;
    rest = more;
    if (step.target === undefined) at = next;
    else {
      const target = readPath(caller, step.target);
      if (target.startsWith('/')) at = '';
      rest = [...namesOf(target), ...rest];
      if (++hops > MAX_SYMLINKS) return [...steps.slice(0, -1), { ...step, error: 'ELOOP' }];
    }
  }
  return steps;
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

function resolveOne(caller: Caller, path: string, before: Mount): PathStep {
  try {
    const place = walk(caller, path, false);
    return stepAt(path, place, place.mount !== before && place.entry === place.mount.root);
  } catch (error) {
    if (!isKernelError(error)) throw error;
    return { path, type: 'missing', mount: before, entered: false, error: error.code };
  }
}

function stepAt(path: string, { mount, entry }: Place, entered: boolean): PathStep {
  const inode = inodeOf(entry);
  const target = isSymlink(inode.mode) ? { target: inode.symlink } : {};
  return { path, type: fileType(inode.mode), inode, mount, entered, ...target };
}

function placeAt(caller: Caller, path: string): Place | undefined {
  try {
    return walk(caller, path);
  } catch (error) {
    if (!isKernelError(error)) throw error;
    return undefined;
  }
}

/** The kernel is asked; the words are found for what it answers. */
function accessAt(
  caller: Caller,
  path: string,
  mask: number,
  end: PathStep | undefined,
  place: Place | undefined,
): Access {
  try {
    access(caller, path, mask);
  } catch (error) {
    if (!isKernelError(error)) throw error;
    const because = place
      ? refusal(caller, place, mask, error.code)
      : noWay(caller, end, error.code);
    return { allowed: false, error: error.code, because };
  }
  if (place?.mount.fileSystem.broken && (mask & MAY_WRITE) !== 0) return stopped(place);
  return { allowed: true, because: place ? permission(caller, inodeOf(place.entry), mask) : '' };
}

/** access(2) does not know of it, but no write succeeds. */
function stopped({ mount }: Place): Access {
  const because = `an error made its ${mount.fileSystem.type} filesystem read-only`;
  return { allowed: false, error: 'EROFS', because };
}

function noWay(caller: Caller, end: PathStep | undefined, code: Code): string {
  if (code === 'EACCES' && end !== undefined) {
    const parent = end.path.slice(0, end.path.lastIndexOf('/')) || '/';
    const directory = placeAt(caller, parent);
    const why = directory ? `: ${permission(caller, inodeOf(directory.entry), MAY_EXEC)}` : '';
    return `${printPath(caller, parent)} cannot be searched${why}`;
  }
  const path = printPath(caller, end?.path ?? '');
  return code === 'ENOENT' ? `there is no ${path}` : `${path}: ${errorText(code)}`;
}

function refusal(caller: Caller, { mount, entry }: Place, mask: number, code: Code): string {
  const inode = inodeOf(entry);
  const { fileSystem } = mount;
  if (fileSystem.failing !== undefined) return `its ${fileSystem.type} fails: ${errorText(code)}`;
  if (code === 'EROFS') {
    if (fileSystem.readOnly) return `its ${fileSystem.type} filesystem is read-only`;
    return 'it is mounted read-only';
  }
  if (mask === MAY_EXEC && (mount.flags & MNT_NOEXEC) !== 0 && permits(caller, inode, mask)) {
    return 'it is mounted noexec';
  }
  return permission(caller, inode, mask);
}

const LETTERS: readonly [number, string][] = [
  [MAY_READ, 'r'],
  [MAY_WRITE, 'w'],
  [MAY_EXEC, 'x'],
];

/** What mode, owner and capabilities give: `mode 0640 of 0:2000 gives its group r--`. */
function permission(caller: Caller, inode: Inode, mask: number): string {
  const who = identityOn(caller, inode);
  const { mode, uid, gid } = inode;
  const [holder, shift] =
    who.uid === uid ? ['its owner', 6] : inGroup(who, gid) ? ['its group', 3] : ['others', 0];
  const bits = (mode >> (shift as number)) & 7;
  const letters = LETTERS.map(([bit, letter]) => ((bits & bit) !== 0 ? letter : '-')).join('');
  const octal = (mode & 0o7777).toString(8).padStart(4, '0');
  const text = `mode ${octal} of ${uid}:${gid} gives ${holder} ${letters}`;
  const squashed = who.uid === caller.uid ? '' : `, and the server takes it for user ${who.uid}`;
  const mayAnyway = (bits & mask) === 0 && permits(caller, inode, mask);
  if (mayAnyway && capable(who, CAP_DAC_OVERRIDE)) return `${text}, which root need not heed`;
  return `${text}${squashed}`;
}
