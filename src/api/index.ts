export { isDefaultClass } from './admission/storage.ts';
export * from './api-error.ts';
export {
  ApiServer,
  type ApiServerOptions,
  type TargetOptions,
} from './api-server.ts';
export { qosClass } from './defaults/qos.ts';
export { type EventFilter, EventRecorder, type EventRecorderOptions } from './events.ts';
export { deepEqual } from './freeze.ts';
export type { DeletionOptions } from './graceful-deletion.ts';
export { isKnownKind, type KindInfo, kindInfo, resourceName } from './kinds.ts';
export { parseLabelSelector } from './label-selectors.ts';
export type { Manifest } from './object.ts';
export { readPodManifest } from './pod-manifest.ts';
export { namespaceUsage } from './quota.ts';
export { countsIn } from './quota-scopes.ts';
export type { UserDeleteOptions } from './requests.ts';
export { persistentVolumeSources } from './schema/persistent-volumes.ts';
export { type ListOptions, matchesLabels } from './selectors.ts';
export {
  type NewObject,
  Store,
  type StoreEvent,
  type StoreOptions,
  type Subresource,
} from './store.ts';
export type { StoreListener } from './store-events.ts';
export { API_AUDIENCE, issueToken, type TokenRequestOptions } from './tokens.ts';
export type * from './types.ts';
export { createVersionRules, kubernetesVersions, type VersionRules } from './versions.ts';
