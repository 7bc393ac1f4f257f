import type { Directory, FileSystem, MountRequest } from '../kernel/index.ts';
import type { NodeSystem } from '../outside/index.ts';
import { type Operation, type StepSubject, step } from '../sim/index.ts';

/** Who works on a volume's directory, for faults and the trace. */
export interface VolumeSubject {
  readonly node: NodeSystem;
  readonly volume: string;
  readonly pod?: string | undefined;
}

/** A mount to be made on a volume's directory; `fileSystem` takes one that exists already. */
export type VolumeMount = Omit<MountRequest, 'target'> & { fileSystem?: FileSystem };

/**
 * The place of a volume on a node: a directory that exists, and names below it that may not. Everything that changes
 * something is a step, named as the system call.
 */
export class VolumeDirectory {
  readonly base: Directory;
  /** Below `base`: `volumes/kubernetes.io~empty-dir/cache`. */
  readonly name: string;
  readonly #who: VolumeSubject;

  constructor(base: Directory, name: string, who: VolumeSubject) {
    this.base = base;
    this.name = name;
    this.#who = who;
  }

  /** Its absolute path on the node, made when asked for. */
  get path(): string {
    const base = this.base.path();
    return base === '/' ? `/${this.name}` : `${base}/${this.name}`;
  }

  /** The subject of a step on something in it; the path is made only when a fault looks. */
  subject(name?: string): StepSubject {
    const { node, volume, pod } = this.#who;
    const directory = this;
    return {
      node: node.name,
      volume,
      pod,
      get path() {
        return name === undefined ? directory.path : `${directory.path}/${name}`;
      },
    };
  }

  exists(): boolean {
    return this.base.exists(this.name);
  }

  isMountPoint(): boolean {
    return this.exists() && this.base.isMountPoint(this.name);
  }

  /** The directory itself. Throws ENOENT when it is not there. */
  open(): Directory {
    return this.base.open(this.name);
  }

  /** mkdir -p, less the umask. Parents that are missing get the same mode. */
  *create(mode: number): Operation<Directory> {
    return yield* step('mkdir', this.subject(), () => this.base.mkdirAll(this.name, mode));
  }

  *chmod(mode: number): Operation {
    yield* step('chmod', this.subject(), () => this.base.chmod(this.name, mode));
  }

  /** Mounts a filesystem on it, with a record of type `mount`. */
  *mount(mount: VolumeMount): Operation {
    yield* step('mount', this.subject(), () => {
      this.#who.node.namespace.mount({ ...mount, target: this.path });
      this.#record(mount.source ?? mount.type, mount.type, mount.options ?? []);
    });
  }

  /** Binds a path of the node on it. A read-only bind is two calls, as mount(8) makes them. */
  *bind(source: string, options: { readOnly?: boolean; recursive?: boolean } = {}): Operation {
    const { node } = this.#who;
    yield* step('mount', this.subject(), () => {
      node.namespace.bind(source, this.path, { recursive: options.recursive ?? false });
      this.#record(source, 'bind', options.readOnly ? ['bind', 'ro'] : ['bind']);
    });
    if (!options.readOnly) return;
    yield* step('remount', this.subject(), () => node.namespace.remountReadOnly(this.path, true));
  }

  *unmount(): Operation {
    yield* step('unmount', this.subject(), () => {
      const { node, pod } = this.#who;
      const target = this.path;
      node.namespace.unmount(target);
      node.simulation.trace.add(
        'unmount',
        { target, ...(pod !== undefined && { pod }) },
        node.name,
      );
    });
  }

  /** Removes it with all that is in it. */
  *removeAll(): Operation {
    yield* step('remove', this.subject(), () => this.base.removeAll(this.name));
  }

  *rmdir(): Operation {
    yield* step('rmdir', this.subject(), () => this.base.rmdir(this.name));
  }

  #record(source: string, fstype: string, options: readonly string[]): void {
    const { node, pod } = this.#who;
    const fields = {
      target: this.path,
      source,
      fstype,
      options: [...options],
      ...(pod !== undefined && { pod }),
    };
    node.simulation.trace.add('mount', fields, node.name);
  }
}
