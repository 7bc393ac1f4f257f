import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type Caller,
  isKernelError,
  Kernel,
  type MountNamespace,
  O_APPEND,
  O_CREAT,
  O_TRUNC,
  O_WRONLY,
  type OpenFile,
  S_IFIFO,
  sys,
  type WatchedEvent,
  walk,
  watch,
} from '../../src/kernel/index.ts';

/** What test/oracle/inotify.py wrote down of a real kernel. */
interface Answer {
  readonly watched: readonly string[];
  readonly before: readonly Operation[];
  readonly operations: readonly Operation[];
  readonly errors: readonly (string | null)[];
  readonly events: readonly string[];
}
type Operation = readonly [name: string, ...args: (string | number)[]];

const answers = JSON.parse(
  readFileSync(new URL('./recorded/inotify.json', import.meta.url), 'utf8'),
) as Answer[];

const laid: readonly Operation[] = [
  ['mkdir', 'd'],
  ['mkdir', 'e'],
  ['write', 'd/x', 'x'],
  ['write', 'd/y', 'y'],
  ['write', 'f', 'f'],
];

class Player {
  readonly #namespace: MountNamespace;
  readonly #caller: Caller;
  readonly #files = new Map<string, OpenFile>();

  constructor() {
    this.#namespace = new Kernel().rootNamespace;
    this.#caller = this.#namespace.caller();
  }

  /** Hears as one inotify instance does: an event like the one before it is not put twice. */
  listen(paths: readonly string[]): string[] {
    const heard: string[] = [];
    for (const path of paths) {
      watch(walk(this.#caller, path), (event) => {
        const text = [path, ...textOf(event)].join(' ');
        if (heard.at(-1) !== text || event.type.startsWith('moved')) heard.push(text);
      });
    }
    return heard;
  }

  /** The name of the error, or null. */
  play([name, ...args]: Operation): string | null {
    try {
      this.#act(name, args);
      return null;
    } catch (error) {
      if (isKernelError(error)) return error.code;
      if (error === noneOpen) return noneOpen;
      throw error;
    }
  }

  #act(name: string, [a = '', b = '', c = '']: (string | number)[]): void {
    const caller = this.#caller;
    const path = String(a);
    const calls: Record<string, () => unknown> = {
      write: () => this.#put(path, O_TRUNC, String(b)),
      append: () => this.#put(path, O_APPEND, String(b)),
      read: () => sys.close(sys.open(caller, path, 0)),
      list: () => sys.readdir(caller, path),
      unlink: () => sys.unlink(caller, path),
      rmdir: () => sys.rmdir(caller, path),
      mkdir: () => sys.mkdir(caller, path),
      mkfifo: () => sys.mknod(caller, path, S_IFIFO | 0o666),
      link: () => sys.link(caller, path, String(b)),
      rename: () => sys.rename(caller, path, String(b)),
      symlink: () => sys.symlink(caller, path, String(b)),
      chmod: () => sys.chmod(caller, path, Number(b)),
      chown: () => sys.chown(caller, path, Number(b), Number(c)),
      utimes: () => sys.utimes(caller, path, 1, 1),
      truncate: () => sys.truncate(caller, path, Number(b)),
      setxattr: () => sys.setxattr(caller, path, 'trusted.t', Uint8Array.of(1)),
      removexattr: () => sys.removexattr(caller, path, 'trusted.t'),
      open: () => this.#files.set(path, sys.open(caller, String(b), 2)),
      fwrite: () => sys.write(this.#file(path), Uint8Array.of(1)),
      fchmod: () => sys.fchmod(caller, this.#file(path), Number(b)),
      ftruncate: () => sys.ftruncate(this.#file(path), Number(b)),
      close: () => this.#close(path),
      mount: () => this.#namespace.mount({ type: 'tmpfs', source: 't', target: path }),
      bind: () => this.#namespace.bind(path, String(b)),
      umount: () => this.#namespace.unmount(path),
    };
    calls[name]?.();
  }

  #put(path: string, how: number, text: string): void {
    const file = sys.open(this.#caller, path, O_WRONLY | O_CREAT | how, 0o644);
    if (text !== '') sys.write(file, new TextEncoder().encode(text));
    sys.close(file);
  }

  #file(name: string): OpenFile {
    const file = this.#files.get(name);
    if (file === undefined) throw noneOpen;
    return file;
  }

  #close(name: string): void {
    const file = this.#file(name);
    this.#files.delete(name);
    sys.close(file);
  }
}

const noneOpen = 'none open';

function textOf({ type, directory, name }: WatchedEvent): string[] {
  return [type, ...(directory ? ['dir'] : []), ...(name === undefined ? [] : [name])];
}

describe('what inotify says on Linux', () => {
  const named = answers.map((answer, row) => [
    `${row}: ${answer.operations.map(([name]) => name).join(' ')}`,
    answer,
  ]);

  test.each(named as [string, Answer][])('%s', (_, { watched, before, operations, ...told }) => {
    const player = new Player();
    for (const operation of [...laid, ...before]) expect(player.play(operation)).toBeNull();
    const events = player.listen(watched);
    const errors = operations.map((operation) => player.play(operation));
    expect({ errors, events }).toEqual(told);
  });
});
