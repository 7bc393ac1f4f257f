export { volumeManagerSteps } from './steps.ts';
export {
  createVolumeManager,
  type NodeVolumeManager,
  type VolumeManagerDependencies,
} from './volume-manager.ts';
export { ATTACH_AND_MOUNT_TIMEOUT } from './wait.ts';
export { DEADLINE_EXCEEDED } from './wait-error.ts';
