import type { Place } from './caller.ts';
import { extraOf } from './extra.ts';
import { type Entry, type Inode, inodeOf, parentOf } from './memfs.ts';
import { isDirectory } from './mode.ts';

/** What happened to a watched inode, or to `name` in a watched directory. Models inotify(7). */
export interface WatchedEvent {
  readonly type:
    | 'create'
    | 'delete'
    | 'modify'
    | 'attrib'
    | 'moved_from'
    | 'moved_to'
    | 'close_write'
    | 'delete_self'
    | 'move_self'
    | 'unmount'
    | 'ignored';
  /** The entry of a watched directory; none when it is about the watched inode itself. */
  readonly name?: string;
  /** It happened to a directory; not told of its own end or move. */
  readonly directory?: boolean;
}

/** What ends a watch: the inode is gone, or what holds it is not mounted any more. */
type End = 'delete_self' | 'unmount';

/** Is called after the operation that it tells of. */
export type Listener = (event: WatchedEvent) => void;

/**
 * Watches an inode, by whichever mount or name it is changed. Returns what ends the watch; it ends by itself after `ignored`.
 * Costs nothing where nobody watches.
 */
export function watch(what: Place | Inode, listener: Listener): () => void {
  const inode = 'entry' in what ? inodeOf(what.entry) : what;
  const { fileSystem } = inode;
  const extra = extraOf(inode);
  const listeners = (extra.listeners ??= new Set());
  const own: Listener = (event) => listener(event);
  listeners.add(own);
  fileSystem.watched ??= new Set();
  fileSystem.watched.add(inode);
  return () => {
    listeners.delete(own);
    if (listeners.size === 0 && extra.listeners === listeners) forget(inode);
  };
}

function forget(inode: Inode): void {
  const { fileSystem, extra } = inode;
  if (extra !== undefined) extra.listeners = undefined;
  fileSystem.watched?.delete(inode);
  if (fileSystem.watched?.size === 0) fileSystem.watched = undefined;
}

/** Tells the watchers of an inode how it ended, and that they hear no more. */
export function endWatches(inode: Inode, type: End): void {
  if (inode.extra?.listeners === undefined) return;
  tell(inode, { type, directory: type === 'unmount' && isDirectory(inode.mode) });
  tell(inode, { type: 'ignored' });
  forget(inode);
}

function tell(inode: Inode, event: WatchedEvent): void {
  const listeners = inode.extra?.listeners;
  if (listeners === undefined || listeners.size === 0) return;
  for (const listener of [...listeners]) listener(event);
}

/** Tells the watchers of an inode, and those of its directory under the entry's name. */
export function notify(entry: Entry, type: WatchedEvent['type']): void {
  const inode = inodeOf(entry);
  if (inode.fileSystem.watched === undefined) return;
  const directory = isDirectory(inode.mode);
  const parent = parentOf(entry);
  if (parent !== undefined) tell(inodeOf(parent), { type, name: entry.name, directory });
  tell(inode, { type, directory });
}

/** Tells the watchers of a directory about one of its names. */
export function notifyName(
  parent: Entry,
  type: WatchedEvent['type'],
  name: string,
  inode: Inode,
): void {
  if (inode.fileSystem.watched === undefined) return;
  tell(inodeOf(parent), { type, name, directory: isDirectory(inode.mode) });
}

/** Tells the watchers of an inode only that its attributes changed, or that it was moved. */
export function notifySelf(inode: Inode, type: 'attrib' | 'move_self'): void {
  if (inode.fileSystem.watched === undefined) return;
  tell(inode, { type, directory: type === 'attrib' && isDirectory(inode.mode) });
}
