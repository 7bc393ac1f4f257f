import { isAbsoluteOnWindows } from '../base/index.ts';
import type { Directory } from '../kernel/index.ts';
import type { NodeSystem } from '../outside/index.ts';
import { type Operation, type StepSubject, step } from '../sim/index.ts';
import { asPathError } from './errors.ts';

/** Who works on files of a volume, for faults and the trace. */
export interface VolumeSubject {
  readonly node: NodeSystem;
  readonly volume: string;
  readonly pod?: string | undefined;
}

/** The names of the steps in which plugins change files and mounts: those of the system calls. */
export const fileSteps: readonly string[] = [
  'mkdir', // a directory, with its parents where they are missing
  'write', // a whole file: open, write, close
  'chmod',
  'chown', // of a link itself, where it is one
  'symlink',
  'rename',
  'unlink',
  'rmdir',
  'remove', // a directory with all that is in it
  'mount',
  'remount',
  'unmount',
  'exec', // a program of the node, from its start to its end
];

/** A step on a name; its path is made when it is asked for. */
class FileSubject implements StepSubject {
  readonly node: string;
  readonly volume: string;
  readonly pod: string | undefined;
  readonly #files: FileSteps;
  readonly #name: string;

  constructor(files: FileSteps, name: string) {
    const { node, volume, pod } = files.who;
    this.node = node.name;
    this.volume = volume;
    this.pod = pod;
    this.#files = files;
    this.#name = name;
  }

  get path(): string {
    return this.#files.path(this.#name);
  }
}

/**
 * What changes files below a directory, each a step of its own. Errors are Go's: an OperationError `mkdir /a: file exists`
 * with the errno as its code.
 */
export class FileSteps {
  readonly directory: Directory;
  readonly who: VolumeSubject;

  constructor(directory: Directory, who: VolumeSubject) {
    this.directory = directory;
    this.who = who;
  }

  /** The absolute path of a name below the directory. */
  path(name: string): string {
    if (name.startsWith('/')) return name;
    if (this.who.node.os === 'windows' && isAbsoluteOnWindows(name)) return name;
    const base = this.directory.path();
    if (name === '') return base;
    return base === '/' ? `/${name}` : `${base}/${name}`;
  }

  /** The subject of a step on a name. */
  subject(name: string): StepSubject {
    return new FileSubject(this, name);
  }

  /** mkdir -p, less the umask; parents that are missing get the same mode. Models os.MkdirAll. */
  mkdirAll(name: string, mode: number): Operation<Directory> {
    return this.#step('mkdir', 'mkdir', name, () => this.directory.mkdirAll(name, mode));
  }

  /** mkdir(2), less the umask. */
  mkdir(name: string, mode: number): Operation {
    return this.#step('mkdir', 'mkdir', name, () => this.directory.mkdir(name, mode));
  }

  /** Writes a whole file; the mode, less the umask, is for a new one. Models os.WriteFile. */
  write(name: string, data: Uint8Array, mode: number): Operation {
    return this.#step('write', 'open', name, () => this.directory.writeFile(name, data, { mode }));
  }

  chmod(name: string, mode: number): Operation {
    return this.#step('chmod', 'chmod', name, () => this.directory.chmod(name, mode));
  }

  /** Changes owner and group, of a link itself where it is one; -1 leaves one as it is. */
  lchown(name: string, uid: number, gid: number): Operation {
    return this.#step('chown', 'lchown', name, () => this.directory.lchown(name, uid, gid));
  }

  symlink(target: string, name: string): Operation {
    return this.#step('symlink', `symlink ${target}`, name, () =>
      this.directory.symlink(target, name),
    );
  }

  rename(from: string, to: string): Operation {
    return step('rename', this.subject(to), () =>
      asPathError(
        `rename ${this.path(from)}`,
        () => this.path(to),
        () => this.directory.rename(from, to),
      ),
    );
  }

  unlink(name: string): Operation {
    return this.#step('unlink', 'remove', name, () => this.directory.unlink(name));
  }

  rmdir(name: string): Operation {
    return this.#step('rmdir', 'remove', name, () => this.directory.rmdir(name));
  }

  /** Removes a name with all that is in it; one that is not there is fine. Models os.RemoveAll. */
  removeAll(name: string): Operation {
    return this.#step('remove', 'unlinkat', name, () => this.directory.removeAll(name));
  }

  #step<Result>(name: string, call: string, path: string, action: () => Result): Operation<Result> {
    return step(name, this.subject(path), () => asPathError(call, () => this.path(path), action));
  }
}
