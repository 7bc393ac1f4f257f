import type { Caller } from '../caller.ts';
import { fail } from '../errno.ts';
import { MAY_WRITE } from '../flags.ts';
import { type Entry, inodeOf, isUnder } from '../memfs.ts';
import { isDirectory } from '../mode.ts';
import { isLocalMountPoint } from '../mount.ts';
import { isEmpty, moveEntry } from '../names.ts';
import { demand, demandIntact, demandWritable } from '../permission.ts';
import { lookup, type Parent, walkToParent } from '../walk.ts';
import { demandCreate, demandDelete } from './names.ts';

/** Flags of renameat2(2). */
export interface RenameOptions {
  /** EEXIST rather than replace: RENAME_NOREPLACE. */
  readonly noReplace?: boolean;
  /** The caller for `to`: another working directory, as renameat(2) takes. */
  readonly toCaller?: Caller;
}

/** Moves a name, replacing what is there. Models rename(2) and renameat2(2), in the order of do_renameat2 and vfs_rename. */
export function rename(
  caller: Caller,
  from: string,
  to: string,
  options: RenameOptions = {},
): void {
  const source = walkToParent(caller, from);
  const target = walkToParent(options.toCaller ?? caller, to);
  if (source.mount !== target.mount) fail('EXDEV');
  if (source.kind !== 'name') fail('EBUSY');
  if (target.kind !== 'name') fail(options.noReplace ? 'EEXIST' : 'EBUSY');
  demandWritable(source.mount);
  const entry = lookup(source.entry, source.name) ?? fail('ENOENT');
  const replaced = lookup(target.entry, target.name);
  if (replaced !== undefined && options.noReplace) fail('EEXIST');
  demandShape(source, target, entry, replaced);
  if (replaced !== undefined && inodeOf(replaced) === inodeOf(entry)) return;
  demandRights(caller, source, target, entry, replaced);
  demandFree(caller, entry, target, replaced);
  replace(caller, entry, replaced, target);
}

/** What does not depend on who asks: trailing slashes, and moves into or onto an ancestor. */
function demandShape(
  source: Parent,
  target: Parent,
  entry: Entry,
  replaced: Entry | undefined,
): void {
  const directory = isDirectory(inodeOf(entry).mode);
  if (!directory && (source.trailing || target.trailing)) fail('ENOTDIR');
  if (isUnder(target.entry, entry)) fail('EINVAL');
  if (replaced !== undefined && isUnder(source.entry, replaced)) fail('ENOTEMPTY');
}

function demandRights(
  caller: Caller,
  source: Parent,
  target: Parent,
  entry: Entry,
  replaced: Entry | undefined,
): void {
  const inode = inodeOf(entry);
  const directory = isDirectory(inode.mode);
  demandDelete(caller, source.entry, entry, directory);
  if (replaced === undefined) demandCreate(caller, target.entry);
  else demandDelete(caller, target.entry, replaced, directory);
  if (directory && source.entry !== target.entry) demand(caller, inode, MAY_WRITE);
}

function demandFree(
  caller: Caller,
  entry: Entry,
  target: Parent,
  replaced: Entry | undefined,
): void {
  const { namespace } = caller;
  const inode = inodeOf(entry);
  if (isLocalMountPoint(entry, namespace)) fail('EBUSY');
  if (replaced !== undefined && isLocalMountPoint(replaced, namespace)) fail('EBUSY');
  demandIntact(inode.fileSystem);
  const { project } = inodeOf(target.entry);
  if (!inode.fileSystem.canRename(entry) || project?.excludes(inode)) fail('EXDEV');
  if (replaced !== undefined && isDirectory(inode.mode) && !isEmpty(replaced)) fail('ENOTEMPTY');
}

function replace(caller: Caller, entry: Entry, replaced: Entry | undefined, target: Parent): void {
  if (replaced !== undefined) caller.kernel.detachMountsOn(replaced);
  moveEntry(entry, target.entry, target.name, replaced);
}
