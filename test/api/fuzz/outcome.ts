import { ApiError, type ApiServer } from '../../../src/api/index.ts';
import { server } from '../validation/refusals.ts';

const KINDS = [
  'Pod',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'StorageClass',
  'ConfigMap',
  'Secret',
  'Namespace',
  'Deployment',
  'StatefulSet',
  'Service',
  'Thing',
];

/** All that is stored, as text. */
function stored(api: ApiServer): string {
  return JSON.stringify(KINDS.map((kind) => api.list(kind)));
}

/** Does it, or refuses it with an ApiError and changes nothing. Anything else is thrown. */
export function doneOrRefused(api: ApiServer, action: () => unknown): 'taken' | 'refused' {
  const before = stored(api);
  try {
    action();
    return 'taken';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.message === '' || error.message.includes('[object Object]')) {
      throw new Error(`a message that says little: ${error.message}`);
    }
    if (stored(api) !== before) throw new Error('a refusal changed the store');
    return 'refused';
  }
}

/** A manifest, on an empty server. */
export function takenOrRefused(manifest: unknown): 'taken' | 'refused' {
  const api = server();
  return doneOrRefused(api, () => api.apply(manifest as object));
}
