import { ApiError } from './api-error.ts';
import { copyOf } from './freeze.ts';
import { kindInfo, resourceName } from './kinds.ts';
import type { StoredObject } from './objects.ts';
import { isResizeServed, resizedSpec } from './resize-strategy.ts';
import type { NewObject, Subresource } from './store.ts';
import { isPlain, type Plain } from './strategic.ts';
import type { ObjectMeta } from './types.ts';
import type { VersionRules } from './versions.ts';

/** Metadata that the server sets, whatever a request says. */
const SERVERS = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'selfLink',
  'managedFields',
] as const;

/** A request to create: without what only the server sets, in its namespace. Models PrepareForCreate of the registries. */
export function prepareForCreate(object: NewObject): void {
  const { kind, apiVersion } = object;
  const info = kindInfo(kind, apiVersion);
  const metadata = object.metadata as Partial<ObjectMeta>;
  if (metadata.resourceVersion) {
    throw ApiError.badRequest('resourceVersion should not be set on objects to be created');
  }
  for (const field of SERVERS) delete metadata[field];
  if (info.namespaced) metadata.namespace ||= 'default';
  else delete metadata.namespace;
  if (info.status) delete (object as Plain)['status'];
}

/**
 * What a request to update makes of the stored object: the part that it may write. Throws ApiError NotFound for a
 * subresource that the kind does not have. Models PrepareForUpdate of the registries and their subresources.
 */
export function prepareForUpdate(
  object: NewObject,
  old: StoredObject,
  subresource: Subresource | undefined,
  rules: VersionRules,
): NewObject {
  if (subresource !== undefined) return withPart(object, old, subresource, rules);
  const metadata = metadataOf(object, old);
  const out: Plain = { ...object, metadata };
  if (!kindInfo(object.kind, object.apiVersion).status) return out as unknown as NewObject;
  if (old['status'] === undefined) delete out['status'];
  else out['status'] = old['status'];
  return out as unknown as NewObject;
}

function metadataOf(object: NewObject, old: StoredObject): NewObject['metadata'] {
  const { resourceVersion, uid, ...given } = object.metadata as Partial<ObjectMeta>;
  for (const field of SERVERS) delete (given as Plain)[field];
  const kept = SERVERS.flatMap((field) => {
    const value = old.metadata[field];
    return value === undefined ? [] : [[field, value] as const];
  });
  return {
    ...given,
    ...(old.metadata.namespace !== undefined && { namespace: old.metadata.namespace }),
    ...Object.fromEntries(kept),
    ...(resourceVersion && { resourceVersion }),
    ...(uid && { uid }),
  };
}

function withPart(
  object: NewObject,
  old: StoredObject,
  subresource: Subresource,
  rules: VersionRules,
): NewObject {
  const { resourceVersion, uid } = object.metadata;
  const metadata = {
    ...old.metadata,
    ...(resourceVersion && { resourceVersion }),
    ...(uid && { uid }),
  };
  const base = { ...copyOf(old), metadata } as unknown as Plain;
  const spec = isPlain(object['spec']) ? object['spec'] : {};
  const oldSpec = base['spec'] as Plain;
  switch (`${subresource} ${old.kind}`) {
    case 'ephemeralcontainers Pod':
      return given(base, { ...oldSpec, ephemeralContainers: spec['ephemeralContainers'] });
    case 'resize Pod':
      if (!isResizeServed(rules)) break;
      return given(base, resizedSpec(oldSpec, spec, rules));
    case 'finalize Namespace':
      return given(base, { ...oldSpec, finalizers: spec['finalizers'] });
    default:
      break;
  }
  if (subresource === 'scale' && isPlain(oldSpec) && 'replicas' in oldSpec) {
    return given(base, { ...oldSpec, replicas: spec['replicas'] });
  }
  const { status, group } = kindInfo(old.kind, old.apiVersion);
  if (subresource !== 'status' || !(status || group.includes('.'))) {
    throw ApiError.notFound(
      `${resourceName(old.kind, old.apiVersion)}/${subresource}`,
      old.metadata.name,
    );
  }
  return { ...base, status: object['status'] } as unknown as NewObject;
}

function given(base: Plain, spec: Plain): NewObject {
  const present = Object.entries(spec).filter(([, value]) => value !== undefined);
  return { ...base, spec: Object.fromEntries(present) } as unknown as NewObject;
}
