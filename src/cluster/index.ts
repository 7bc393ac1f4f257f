export {
  Cluster,
  type ClusterParts,
  type ClusterStep,
  type DeleteOptions,
  type ObjectOptions,
  type WatchEvent,
} from './cluster.ts';
export { createCluster } from './create-cluster.ts';
export type { ClusterEvents } from './emitter.ts';
export type { Explanation, ExplanationStep, WaitingFor } from './explanation.ts';
export * from './handles.ts';
export type { ClusterLogger } from './logging.ts';
export type { Metrics } from './metrics.ts';
export type { ClusterOptions } from './options.ts';
export type { ClusterState, ContainerState, NodeState } from './state/cluster-state.ts';
export { Trace } from './trace.ts';
