import type { DownwardAPIVolumeFile, Pod } from '../api/index.ts';
import { bytesOf, type DeepReadonly, OperationError } from '../base/index.ts';
import type { NodeSystem } from '../outside/index.ts';
import { aggregate } from './errors.ts';
import { extractFieldPath } from './field-path.ts';
import { cleanPath } from './go-path.ts';
import { type FileProjection, type Payload, requireMode } from './payload.ts';
import { extractResource } from './resource-ref.ts';

/** What fields of a Pod become files from. */
export interface DownwardOptions {
  readonly pod: DeepReadonly<Pod>;
  readonly node: Pick<NodeSystem, 'allocatable'>;
  readonly items: readonly DeepReadonly<DownwardAPIVolumeFile>[];
  readonly defaultMode?: number | undefined;
  /** Owner of files whose item does not say it. */
  readonly defaultUser?: number | undefined;
}

/**
 * Files with fields of a Pod, or resources of its containers. Throws an OperationError with what went wrong in every item; then
 * there are no files at all. Models pkg/volume/downwardapi/downwardapi.go CollectData.
 */
export function downwardPayload(options: DownwardOptions): Payload {
  const { pod, node, items, defaultMode, defaultUser } = options;
  const mode = requireMode(defaultMode);
  const payload = new Map<string, FileProjection>();
  const errors: OperationError[] = [];
  for (const item of items) {
    try {
      const data = bytesOf(textOf(item, pod, node));
      const fsUser = item.user ?? defaultUser;
      payload.set(cleanPath(item.path), { data, mode: item.mode ?? mode, fsUser });
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw aggregate(errors);
  return payload;
}

function textOf(
  { fieldRef, resourceFieldRef }: DeepReadonly<DownwardAPIVolumeFile>,
  pod: DeepReadonly<Pod>,
  node: Pick<NodeSystem, 'allocatable'>,
): string {
  if (fieldRef) return extractFieldPath(pod, fieldRef.fieldPath);
  return resourceFieldRef ? extractResource(pod, resourceFieldRef, node) : '';
}
