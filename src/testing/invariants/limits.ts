import { quantityValue } from '../../base/index.ts';
import type { PodHandle } from '../../cluster/index.ts';

/** An emptyDir that may hold only so much. */
export interface LimitedEmptyDir {
  readonly name: string;
  readonly limit: string;
  readonly path: string;
  readonly medium: string;
}

/** emptyDirs of a Pod that have a sizeLimit and are there. */
export function* emptyDirsWithLimit(pod: PodHandle): Generator<LimitedEmptyDir> {
  const { volumes = [] } = pod.object.spec;
  if (!volumes.some(({ emptyDir }) => emptyDir?.sizeLimit)) return;
  const handles = pod.volumes;
  for (const [i, { name, emptyDir }] of volumes.entries()) {
    const path = handles[i]?.path;
    if (emptyDir?.sizeLimit && path !== undefined)
      yield { name, limit: emptyDir.sizeLimit, path, medium: emptyDir.medium ?? '' };
  }
}

/** Bytes of a quantity. */
export function bytesOfLimit(limit: string): number {
  return quantityValue(limit);
}
