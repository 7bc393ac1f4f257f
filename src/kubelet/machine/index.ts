export { Machine, type MachineDependencies } from './machine.ts';
export type { DeviceRequest } from './make-device.ts';
export { MemoryDevice } from './memory-device.ts';
export type {
  MountFlags,
  MountPropagationMode,
  NodeOptions,
  ResourceAmounts,
} from './node-options.ts';
export type { Programs } from './programs.ts';
export type { NodeResources } from './resources.ts';
