import type { Kernel } from './kernel.ts';
import type { Entry } from './memfs.ts';
import type { MemoryGroup } from './memory-group.ts';
import type { Mount } from './mount.ts';
import type { MountNamespace } from './namespace.ts';

/** A directory or file as a task sees it: an entry in a mount. Models Linux's `struct path`. */
export interface Place {
  readonly mount: Mount;
  readonly entry: Entry;
}

/** A path in the namespace, or a place that is held already. */
export type Where = string | Place;

/** Who makes a system call: a task's credentials, root and working directory. Models credentials(7). */
export interface Caller {
  readonly kernel: Kernel;
  readonly namespace: MountNamespace;
  readonly root: Place;
  readonly cwd: Place;
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
  readonly umask: number;
  /** Effective capabilities, as bits (`capabilityBits`). */
  readonly capabilities: number;
  /** Who is charged for what it writes to memory; undefined: nobody. */
  readonly memory: MemoryGroup | undefined;
}

/** The credentials of a new caller. */
export interface CallerOptions {
  /** Its root directory, a path in the namespace or a place; default the namespace's `/`. */
  readonly root?: string | Place;
  /** Its working directory; default its root. */
  readonly cwd?: string | Place;
  /** Default 0. */
  readonly uid?: number;
  /** Default 0. */
  readonly gid?: number;
  /** Supplementary groups; default none. */
  readonly groups?: readonly number[];
  /** Default 022. */
  readonly umask?: number;
  /** Names (`CAP_CHOWN`); default all for uid 0 and none for others. */
  readonly capabilities?: readonly CapabilityName[] | number;
  /** Who is charged for what it writes to memory; default nobody. */
  readonly memory?: MemoryGroup | undefined;
}

/** Bits of the capabilities that the kernel looks at, by Linux's numbers. Models capabilities(7). */
export const CAP_CHOWN: number = 1 << 0;
export const CAP_DAC_OVERRIDE: number = 1 << 1;
export const CAP_DAC_READ_SEARCH: number = 1 << 2;
export const CAP_FOWNER: number = 1 << 3;
export const CAP_FSETID: number = 1 << 4;
export const CAP_SYS_CHROOT: number = 1 << 18;
export const CAP_SYS_ADMIN: number = 1 << 21;
export const CAP_SYS_RESOURCE: number = 1 << 24;
export const CAP_MKNOD: number = 1 << 27;
export const ALL_CAPABILITIES: number = 0x7fffffff;

const CAPABILITIES: Readonly<Record<CapabilityName, number>> = {
  CAP_CHOWN,
  CAP_DAC_OVERRIDE,
  CAP_DAC_READ_SEARCH,
  CAP_FOWNER,
  CAP_FSETID,
  CAP_SYS_CHROOT,
  CAP_SYS_ADMIN,
  CAP_SYS_RESOURCE,
  CAP_MKNOD,
};

/** A capability that makes a difference to files or mounts. */
export type CapabilityName =
  | 'CAP_CHOWN'
  | 'CAP_DAC_OVERRIDE'
  | 'CAP_DAC_READ_SEARCH'
  | 'CAP_FOWNER'
  | 'CAP_FSETID'
  | 'CAP_SYS_CHROOT'
  | 'CAP_SYS_ADMIN'
  | 'CAP_SYS_RESOURCE'
  | 'CAP_MKNOD';

/** What a container's root keeps of files' capabilities, as containerd sets it by default: neither CAP_SYS_ADMIN nor CAP_DAC_READ_SEARCH. */
export const CONTAINER_CAPABILITIES: readonly CapabilityName[] = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_SYS_CHROOT',
  'CAP_MKNOD',
];

/** The bits of capabilities; names that make no difference here count for nothing. */
export function capabilityBits(names: readonly string[]): number {
  let bits = 0;
  for (const name of names) {
    if (Object.hasOwn(CAPABILITIES, name)) bits |= CAPABILITIES[name as CapabilityName];
  }
  return bits;
}

/** Whether a caller has a capability. */
export function capable(caller: Caller, capability: number): boolean {
  return (caller.capabilities & capability) !== 0;
}

/** The same caller with another working directory, as after chdir(2) (without its checks). */
export function withCwd(caller: Caller, cwd: Place): Caller {
  return makeCaller(caller, caller.root, cwd, caller);
}

/** A caller of one shape. */
export function makeCaller(
  where: { kernel: Kernel; namespace: MountNamespace },
  root: Place,
  cwd: Place,
  who: Pick<Caller, 'uid' | 'gid' | 'groups' | 'umask' | 'capabilities' | 'memory'>,
): Caller {
  return {
    kernel: where.kernel,
    namespace: where.namespace,
    root,
    cwd,
    uid: who.uid,
    gid: who.gid,
    groups: who.groups,
    umask: who.umask,
    capabilities: who.capabilities,
    memory: who.memory,
  };
}
