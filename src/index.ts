export { ApiError, type KindMap, type KubernetesObject, type Manifest } from './api/index.ts';
export {
  ContainerNotRunningError,
  DanglingAttachError,
  type DeepReadonly,
  type Duration,
  type MetricFamily,
  type MetricLabels,
  type MetricSample,
  OperationError,
  SimulationError,
  type Subscription,
} from './base/index.ts';
export * from './cluster/index.ts';
export type { DirectoryJSON, NodeFs } from './face/index.ts';
export type { MountInfo, MountRequest } from './kernel/index.ts';
export type { ImageOptions, NodeOptions, Process } from './kubelet/index.ts';
export type { VolumePlugin } from './plugin/index.ts';
export type { Chooser, FaultOptions, SettleReport, TraceRecord, TraceType } from './sim/index.ts';
