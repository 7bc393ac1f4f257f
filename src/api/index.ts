export * from './api-error.ts';
export { deepEqual } from './freeze.ts';
export type { DeletionOptions } from './graceful-deletion.ts';
export { isKnownKind, kindInfo, type KindInfo, resourceName } from './kinds.ts';
export type { Manifest } from './object.ts';
export { type ListOptions, matchesLabels, parseLabelSelector } from './selectors.ts';
export {
  type NewObject,
  Store,
  type StoreEvent,
  type StoreOptions,
  type Subresource,
} from './store.ts';
export type { StoreListener } from './store-events.ts';
export type * from './types.ts';
