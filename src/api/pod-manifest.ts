import { ApiError } from './api-error.ts';
import { Decoder } from './decode.ts';
import { applyDefaults } from './defaults/index.ts';
import { documentsOf } from './documents.ts';
import { dropDisabledFields } from './drop-disabled.ts';
import type { NewObject, Store } from './store.ts';
import type { Pod } from './types.ts';
import { validateCreate } from './validation/index.ts';
import type { VersionRules } from './versions.ts';

/**
 * A Pod as a kubelet reads it from a manifest: decoded without regard to unknown fields, completed, with defaults, and checked.
 * Nothing is stored. Throws ApiError. Models tryDecodeSinglePod of pkg/kubelet/config/common.go.
 *
 * @param complete changes the Pod before it is checked
 */
export function readPodManifest(
  text: string,
  parts: { readonly rules: VersionRules; readonly store: Store },
  complete: (pod: Pod) => void,
): Pod {
  const [document] = documentsOf(text, 'ignore');
  const { rules } = parts;
  const object = new Decoder(rules).decode(document?.content, { validation: 'ignore' });
  if (object.kind !== 'Pod') throw ApiError.badRequest(`invalid pod: ${object.kind}`);
  const pod = object as unknown as Pod;
  complete(pod);
  applyDefaults(object, rules);
  dropDisabledFields(object, undefined, rules);
  validateCreate(object as NewObject, parts);
  return pod;
}
