export type {
  ClusterTrustBundleProjection,
  ConfigMap,
  ConfigMapProjection,
  ConfigMapVolumeSource,
  DownwardAPIVolumeFile,
  DownwardAPIVolumeSource,
  EmptyDirVolumeSource,
  GitRepoVolumeSource,
  HostPathVolumeSource,
  LocalVolumeSource,
  Pod,
  ProjectedVolumeSource,
  Secret,
  SecretProjection,
  SecretVolumeSource,
  ServiceAccountTokenProjection,
  VolumeProjection,
} from '../api/index.ts';
export {
  bytesOf,
  compare,
  DanglingAttachError,
  type DeepReadonly,
  goSlice,
  messageOf,
  OperationError,
  quoted,
} from '../base/index.ts';
export { Directory, type FileType, fileType, isKernelError } from '../kernel/index.ts';
export { type Operation, step, stepOf } from '../sim/index.ts';
export * from './amounts.ts';
export * from './atomic-writer.ts';
export * from './cleanup-mount-point.ts';
export * from './context.ts';
export * from './define-plugin.ts';
export * from './downward-payload.ts';
export * from './empty-directory.ts';
export * from './errors.ts';
export * from './field-path.ts';
export * from './file-steps.ts';
export * from './go-path.ts';
export * from './huge-pages.ts';
export * from './legacy-storage.ts';
export * from './mount-references.ts';
export * from './nested-mount-points.ts';
export * from './node-path.ts';
export * from './operation-of.ts';
export * from './ownership.ts';
export * from './payload.ts';
export * from './payload-paths.ts';
export * from './pod-memory.ts';
export * from './pod-requests.ts';
export * from './projected-files.ts';
export * from './references/index.ts';
export * from './registry.ts';
export * from './resource-ref.ts';
export * from './selinux-label.ts';
export * from './storage-operations.ts';
export * from './types.ts';
export * from './volume-directory.ts';
export * from './volume-name.ts';
export * from './volume-spec.ts';
export { isDirectoryLink } from './windows-mounts.ts';
