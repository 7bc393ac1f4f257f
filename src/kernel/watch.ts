import type { Place } from './caller.ts';
import { extraOf } from './extra.ts';
import { type Entry, type Inode, inodeOf, parentOf } from './memfs.ts';

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
    | 'move_self';
  /** The entry of a watched directory; none when it is about the watched inode itself. */
  readonly name?: string;
}

/** Is called after the operation that it tells of. */
export type Listener = (event: WatchedEvent) => void;

/**
 * Watches an inode, by whichever mount or name it is changed. Returns what ends the watch. Costs nothing where nobody watches.
 */
export function watch(what: Place | Inode, listener: Listener): () => void {
  const inode = 'entry' in what ? inodeOf(what.entry) : what;
  const extra = extraOf(inode);
  const listeners = (extra.listeners ??= new Set());
  const own: Listener = (event) => listener(event);
  listeners.add(own);
  inode.fileSystem.watchers++;
  return () => {
    if (listeners.delete(own)) inode.fileSystem.watchers--;
  };
}

function tell(inode: Inode, event: WatchedEvent): void {
  const listeners = inode.extra?.listeners;
  if (listeners === undefined || listeners.size === 0) return;
  for (const listener of [...listeners]) listener(event);
}

/** Tells the watchers of an inode, and those of its directory under the entry's name. */
export function notify(entry: Entry, type: WatchedEvent['type']): void {
  const inode = inodeOf(entry);
  if (inode.fileSystem.watchers === 0) return;
  const parent = parentOf(entry);
  if (parent !== undefined && !entry.dead) tell(inodeOf(parent), { type, name: entry.name });
  tell(inode, { type });
}

/** Tells the watchers of a directory about one of its names. */
export function notifyName(directory: Entry, type: WatchedEvent['type'], name: string): void {
  const inode = inodeOf(directory);
  if (inode.fileSystem.watchers > 0) tell(inode, { type, name });
}

/** Tells the watchers of an inode only. */
export function notifySelf(inode: Inode, type: WatchedEvent['type']): void {
  if (inode.fileSystem.watchers > 0) tell(inode, { type });
}
