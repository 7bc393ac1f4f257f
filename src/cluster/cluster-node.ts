import type { Kubelet, Machine, Runtime } from '../kubelet/index.ts';
import type { PluginRegistry } from '../plugin/index.ts';

/** A node: the machine, what runs containers on it, and its kubelet. */
export interface ClusterNode {
  readonly machine: Machine;
  readonly runtime: Runtime;
  readonly kubelet: Kubelet;
  /** The kubelet's. */
  readonly plugins: PluginRegistry;
}
