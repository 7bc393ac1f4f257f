import type { Directory, FileSystem, MountRequest, Stat } from '../kernel/index.ts';
import { type Operation, type StepSubject, step, type TraceRecords } from '../sim/index.ts';
import { asPathError, mountError, unmountError } from './errors.ts';
import { FileSteps, type VolumeSubject } from './file-steps.ts';
import {
  isDirectoryLink,
  isShareForWindows,
  linkDirectory,
  unlinkDirectory,
} from './windows-mounts.ts';

/** A mount to be made on a volume's directory; `fileSystem` takes one that exists already. */
export type VolumeMount = Omit<MountRequest, 'target'> & { fileSystem?: FileSystem };

/** How a directory of the node is bound somewhere else. */
export interface BindOptions {
  /** Default false. */
  readonly readOnly?: boolean;
  /** Default false. */
  readonly recursive?: boolean;
  /** Mount options beside `bind` and `ro`. */
  readonly options?: readonly string[];
}

/**
 * The place of a volume on a node: a directory that exists, and names below it that may not. Everything that changes
 * something is a step, named as the system call. Errors are OperationErrors in upstream's words.
 */
export class VolumeDirectory {
  readonly base: Directory;
  /** Below `base`: `volumes/kubernetes.io~empty-dir/cache`. */
  readonly name: string;
  readonly #steps: FileSteps;

  constructor(base: Directory, name: string, who: VolumeSubject) {
    this.base = base;
    this.name = name;
    this.#steps = new FileSteps(base, who);
  }

  /** Its absolute path on the node, made when asked for. */
  get path(): string {
    return this.#steps.path(this.name);
  }

  /** The subject of a step on something in it; the path is made only when a fault looks. */
  subject(name?: string): StepSubject {
    return this.#steps.subject(name === undefined ? this.name : `${this.name}/${name}`);
  }

  /** Another place below the same base, for the same volume. */
  beside(name: string): VolumeDirectory {
    return new VolumeDirectory(this.base, name, this.#steps.who);
  }

  /** What changes files in it. Throws when it is not there. */
  files(): FileSteps {
    return new FileSteps(this.open(), this.#steps.who);
  }

  /** What changes files anywhere on the node, by absolute paths, for the same volume. */
  filesOfNode(): FileSteps {
    return new FileSteps(this.#node.root, this.#steps.who);
  }

  exists(): boolean {
    return this.base.exists(this.name);
  }

  isMountPoint(): boolean {
    if (isDirectoryLink(this.#node, this.base, this.name)) return true;
    return this.exists() && this.base.isMountPoint(this.name);
  }

  /** The directory itself. Throws an OperationError `open …: no such file or directory` when it is not there. */
  open(): Directory {
    return this.#try('open', () => this.base.open(this.name));
  }

  /** Its status. Throws an OperationError `stat …` when it is not there. */
  stat(): Stat {
    return this.#try('stat', () => this.base.stat(this.name));
  }

  /** mkdir -p, less the umask. Parents that are missing get the same mode. */
  create(mode: number): Operation<Directory> {
    return this.#steps.mkdirAll(this.name, mode);
  }

  chmod(mode: number): Operation {
    return this.#steps.chmod(this.name, mode);
  }

  /** Mounts a filesystem on it, with a record of type `mount`. */
  *mount(mount: VolumeMount): Operation {
    const { type, source = type, size, options = [], readOnly = false } = mount;
    const shown = size === undefined ? [...options] : [`size=${size}`, ...options];
    if (readOnly) shown.push('ro');
    yield* step('mount', this.subject(), () => {
      if (!this.#takes({ type, source, options: shown })) return;
      this.#mounting(
        () => ['mount', '-t', type, ...(shown.length > 0 ? ['-o', shown.join(',')] : []), source],
        () => this.#node.namespace.mount({ ...mount, target: this.path }),
      );
      this.#record(source, type, shown);
    });
  }

  /** Whether the node's system mounts that. Windows makes the directory; for a tmpfs that is all. */
  #takes(mount: { type: string; source: string; options: readonly string[] }): boolean {
    if (this.#node.os !== 'windows') return true;
    const share = isShareForWindows(mount, this.path);
    this.#try('mkdir', () => this.base.mkdirAll(this.name, 0o755));
    return share;
  }

  /** Binds a path of the node on it. With options it is two calls, as mount(8) makes them. On Windows it is a link to the path. */
  *bind(source: string, bind: BindOptions = {}): Operation {
    const { readOnly = false, recursive = false, options = [] } = bind;
    const rest = [...(readOnly ? ['ro'] : []), ...options];
    const { namespace, os } = this.#node;
    yield* step('mount', this.subject(), () => {
      if (os === 'windows') linkDirectory(this.base, this.name, source);
      else
        this.#mounting(
          () => ['mount', '-o', 'bind', source],
          () => namespace.bind(source, this.path, { recursive }),
        );
      this.#record(source, 'bind', ['bind', ...rest]);
    });
    if (rest.length === 0 || os === 'windows') return;
    yield* step('remount', this.subject(), () =>
      this.#mounting(
        () => ['mount', '-o', ['bind', 'remount', ...rest].join(','), source],
        () => namespace.remount(this.path, rest),
      ),
    );
  }

  unmount(): Operation {
    return step('unmount', this.subject(), () => {
      const { pod } = this.#steps.who;
      const target = this.path;
      try {
        if (isDirectoryLink(this.#node, this.base, this.name))
          unlinkDirectory(this.base, this.name);
        else this.#node.namespace.unmount(target);
      } catch (error) {
        throw unmountError(target, error);
      }
      const fields = pod === undefined ? { target } : { target, pod };
      this.#node.simulation.trace.add('unmount', fields, this.#node.name);
    });
  }

  /** Removes it with all that is in it. Not being there is fine. */
  removeAll(): Operation {
    return this.#steps.removeAll(this.name);
  }

  /** Removes it if it is empty. */
  rmdir(): Operation {
    return this.#steps.rmdir(this.name);
  }

  get #node(): VolumeSubject['node'] {
    return this.#steps.who.node;
  }

  #try<Result>(call: string, action: () => Result): Result {
    return asPathError(call, () => this.path, action);
  }

  #mounting(command: () => readonly string[], action: () => void): void {
    try {
      action();
    } catch (error) {
      throw mountError([...command(), this.path], this.path, error);
    }
  }

  #record(source: string, fstype: string, options: readonly string[]): void {
    const { node, pod } = this.#steps.who;
    const fields: TraceRecords['mount'] = { target: this.path, source, fstype };
    fields.options = [...options];
    if (pod !== undefined) fields.pod = pod;
    node.simulation.trace.add('mount', fields, node.name);
  }
}
