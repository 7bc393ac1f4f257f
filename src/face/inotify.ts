import { type Inode, inodeOf, MAY_READ, type WatchedEvent, watch } from '../kernel/index.ts';
import type { FaceState } from './face-state.ts';
import { sys } from './system.ts';

/** What Node makes of one event of inotify. */
export type EventKind = 'rename' | 'change';

/** Hears of a change to a watched file, or to `name` in a watched directory. */
type Heard = (kind: EventKind, name: string) => void;

/** One watched inode; all who watch it through this face share it. */
interface Watch {
  /** The path by which it was first watched. */
  readonly path: string;
  readonly hearers: Set<Heard>;
  stop: () => void;
}

interface Queued {
  readonly watch: Watch;
  readonly type: WatchedEvent['type'];
  readonly name: string | undefined;
  readonly directory: boolean;
}

/** What libuv asks of inotify: not who opens, reads or closes. Of a directory it makes `rename` of everything. */
const kinds: Readonly<Partial<Record<WatchedEvent['type'], EventKind>>> = {
  create: 'rename',
  delete: 'rename',
  moved_from: 'rename',
  moved_to: 'rename',
  delete_self: 'rename',
  move_self: 'rename',
  unmount: 'rename',
  ignored: 'rename',
  modify: 'change',
  attrib: 'change',
};

/**
 * The inotify instance of a process, as libuv uses it: one queue, read after the running code, in which an event like the
 * one before it is not put twice.
 *
 * Models uv__inotify_read of libuv's src/unix/linux.c and inotify_merge of Linux's fs/notify/inotify.
 */
export class Inotify {
  readonly #watches = new Map<Inode, Watch>();
  #queue: Queued[] = [];

  /** Starts to hear of a path. Gives what ends that. ENOENT, ENOTDIR, EACCES. */
  add(state: FaceState, path: string, hear: Heard): () => void {
    const place = sys.walk(state.caller, path);
    sys.access(state.caller, path, MAY_READ);
    const inode = inodeOf(place.entry);
    const watched = this.#watches.get(inode) ?? this.#begin(inode, path);
    const own: Heard = (kind, name) => hear(kind, name);
    watched.hearers.add(own);
    return () => {
      watched.hearers.delete(own);
      if (watched.hearers.size > 0) return;
      watched.stop();
      if (this.#watches.get(inode) === watched) this.#watches.delete(inode);
    };
  }

  #begin(inode: Inode, path: string): Watch {
    const started: Watch = { path, hearers: new Set(), stop: () => {} };
    started.stop = watch(inode, ({ type, name, directory = false }) => {
      if (type === 'ignored') this.#watches.delete(inode);
      if (kinds[type] !== undefined) this.#put({ watch: started, type, name, directory });
    });
    this.#watches.set(inode, started);
    return started;
  }

  #put(event: Queued): void {
    const last = this.#queue.at(-1);
    if (last === undefined) queueMicrotask(() => this.#read());
    if (last === undefined || !isSame(last, event)) this.#queue.push(event);
  }

  #read(): void {
    const events = this.#queue;
    this.#queue = [];
    for (const { watch: watched, type, name, directory } of events) {
      const kind = directory ? 'rename' : (kinds[type] as EventKind);
      const shown = name ?? watched.path.slice(watched.path.lastIndexOf('/') + 1);
      for (const hear of [...watched.hearers]) if (watched.hearers.has(hear)) hear(kind, shown);
    }
  }
}

/** Moves have a cookie each, so that no two are alike. */
function isSame(a: Queued, b: Queued): boolean {
  const moved = a.type === 'moved_from' || a.type === 'moved_to';
  return !moved && a.watch === b.watch && a.type === b.type && a.name === b.name;
}
