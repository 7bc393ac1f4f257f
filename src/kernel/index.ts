export * from './caller.ts';
export type { DirectoryEntry } from './calls/query.ts';
export { BLOCK_SIZE, type CapacityOptions, type Metadata } from './capacity.ts';
export * from './device.ts';
export * from './directory.ts';
export * from './errno.ts';
export { type Access, explainPath, type PathExplanation, type PathStep } from './explain.ts';
export { FileSystem, type FileSystemOptions, type Identify } from './file-system.ts';
export * from './flags.ts';
export { type Disk, formatted } from './formatted.ts';
export * from './kernel.ts';
export {
  childOf,
  childrenOf,
  Entry,
  Inode,
  inodeOf,
  isUnder,
  parentOf,
  pathInside,
  walkEntries,
} from './memfs.ts';
export { MemoryGroup } from './memory-group.ts';
export * from './mode.ts';
export * from './mount.ts';
export { MountError } from './mount-error.ts';
export type { MountInfo } from './mount-info.ts';
export type { MountRequest } from './mount-request.ts';
export { mountInfoText } from './mount-text.ts';
export { MountNamespace } from './namespace.ts';
export { OpenFile } from './open-file.ts';
export * from './overlay.ts';
export type { Propagation } from './peer-group.ts';
export { Project, projectOf, type Quota } from './project.ts';
export { type ExportOptions, squash } from './squash.ts';
export * from './stat.ts';
export * as sys from './sys.ts';
export { printPath, readPath, walk } from './walk.ts';
export * from './watch.ts';
