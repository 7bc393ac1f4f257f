import type { Subscription } from '../../base/index.ts';

/**
 * Which kubelets say that they live: every ten seconds, by a Lease on a real node. Those Leases are not kept here; what the controller
 * would see of them is the same.
 */
export interface Heartbeats {
  /** When the kubelet of a node last said so, ms, and whether it still does; undefined: nobody stands behind that name. */
  of(node: string): { readonly last: number; readonly alive: boolean } | undefined;
  /**
   * When a kubelet writes its status next although nothing has changed, ms; undefined: it does not. Nothing is written here, either,
   * but who would look at it looks then.
   */
  nextStatus(node: string): number | undefined;
  /** Tells of a kubelet that begins to say so, or stops. */
  watch(listener: (node: string) => void): Subscription;
}
