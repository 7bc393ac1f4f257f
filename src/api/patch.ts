import { ApiError } from './api-error.ts';
import { jsonPatch } from './json-patch.ts';
import { kindInfo, resourceName } from './kinds.ts';
import type { StoredObject } from './objects.ts';
import { demandJson } from './plain-json.ts';
import { isPlain, mergePatch, type Plain, strategicPatch } from './strategic.ts';

export type PatchType = 'merge' | 'json' | 'strategic';

/**
 * What a patch makes of an object. Throws ApiError BadRequest for a patch that cannot be read, or that would make another object of it;
 * Invalid for one that cannot be done. Models apiserver's endpoints/handlers/patch.go.
 */
export function patchedObject(old: StoredObject, patch: object, type: PatchType): Plain {
  const target = old as unknown as Plain;
  const out = patchedAs(target, patch, type, old.kind);
  if (!isPlain(out))
    throw ApiError.badRequest('error decoding patch: nothing is left of the object');
  demandSame(old, out);
  return out;
}

function patchedAs(target: Plain, patch: object, type: PatchType, kind: string): unknown {
  if (typeof patch !== 'object' || patch === null) {
    throw ApiError.badRequest('error decoding patch: it must be an object');
  }
  demandJson(patch);
  if (type === 'json') return jsonPatch(target, patch);
  if (Array.isArray(patch)) {
    throw ApiError.badRequest(
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
  }
  if (type === 'merge') return mergePatch(target, patch);
  if (type === 'strategic') return strategicPatch(target, patch as Plain, kindInfo(kind).kind);
  throw ApiError.badRequest(`patch type ${JSON.stringify(type)} is not known`);
}

/** A patch is of one object, and leaves it that. */
function demandSame(old: StoredObject, { apiVersion, kind, metadata }: Plain): void {
  // The decoder says what is wrong with what is no text.
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') return;
  if (kind !== old.kind || apiVersion !== old.apiVersion) {
    const [group, version] = [groupOf(old.apiVersion), versionOf(old.apiVersion)];
    const [otherGroup, other] = [groupOf(apiVersion), versionOf(apiVersion)];
    throw ApiError.badRequest(
      `the type in the data (${otherGroup}/${other}, Kind=${kind}) is not the one that is patched (${group}/${version}, Kind=${old.kind})`,
    );
  }
  demandPlace(old, isPlain(metadata) ? metadata : {});
}

/** Throws ApiError BadRequest where the data are of another object than the one that is written. */
export function demandPlace(old: StoredObject, { name, namespace }: Plain): void {
  if (typeof name === 'string' && name !== '' && name !== old.metadata.name) {
    throw ApiError.badRequest(
      `the name of the object (${name}) does not match the name on the URL (${old.metadata.name})`,
    );
  }
  const { namespaced } = kindInfo(old.kind, old.apiVersion);
  const isOther = typeof namespace === 'string' && namespace !== old.metadata.namespace;
  if (namespaced && namespace !== '' && isOther) {
    throw ApiError.badRequest(
      `the namespace of the object (${namespace}) does not match the namespace on the request (${String(old.metadata.namespace)})`,
    );
  }
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

/** `pods/x`, as kubectl names an object. */
export function objectName({ kind, apiVersion, metadata }: StoredObject): string {
  return `${resourceName(kind, apiVersion)}/${metadata.name}`;
}
