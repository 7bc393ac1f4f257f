export { type PathRules, windowsPaths } from '../base/index.ts';
export {
  type CapabilityName,
  CONTAINER_CAPABILITIES,
  type Disk,
  type ExportOptions,
  type FileSystem,
  type FileSystemOptions,
  formatted,
  type KernelOptions,
  type MountInfo,
  type MountRequest,
  Overlay,
  type Propagation,
  type Quota,
  squash,
} from '../kernel/index.ts';
export { asNodeError } from './errors.ts';
export { createFace } from './face.ts';
export type { FaceOptions } from './face-state.ts';
export * from './kernel.ts';
export type { GlobOptions, NodeFs, NodeFsPromises } from './node-fs.ts';
export { type DirectoryJSON, loadTree, type TreeSource, toJSON } from './trees.ts';
