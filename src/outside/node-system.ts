import type { Directory, MountNamespace } from '../kernel/index.ts';
import type { Operation, RandomStream, Simulation } from '../sim/index.ts';

/** What a program printed (stdout and stderr as they came) and how it ended. */
export interface ExecResult {
  readonly output: string;
  readonly exitCode: number;
}

/** A program of a node: what its executable does. Runs in `cwd`, as root, in the node's mount namespace. */
export type Program = (call: {
  readonly args: readonly string[];
  readonly cwd: Directory;
  readonly node: NodeSystem;
}) => Operation<ExecResult>;

/**
 * A node as volumes and the world outside see it: its mounts, its disk, its programs. Narrow on purpose: no kubelet, no
 * API.
 */
export interface NodeSystem {
  readonly name: string;
  readonly os: 'linux' | 'windows';
  readonly simulation: Simulation;
  /** The host's mount namespace. */
  readonly namespace: MountNamespace;
  /** `/` of the host, as root (uid 0, umask 022). */
  readonly root: Directory;
  /** Chance of this node, by purpose. */
  random(purpose: string, key?: string): RandomStream;
  /** Whether a program is there (`git`, `mount.nfs`, …); default yes. */
  hasBinary(program: string): boolean;
  /** Runs a program: a record of type `exec`, then what it does. A missing one throws an OperationError as Go's os/exec. */
  exec(program: string, args: readonly string[], cwd: Directory): Operation<ExecResult>;
  /** Whether a feature gate of the kubelet is on. */
  gate(name: string): boolean;
  /** Bytes of memory that pods may use (node allocatable). */
  readonly allocatableMemory: number;
  /** Allocatable amount of any resource, in its base unit (cpu: milli), or undefined. */
  allocatable(resource: string): number | undefined;
}
