import type { Pod } from '../api/index.ts';
import { type DeepReadonly, OperationError } from '../base/index.ts';
import { amountOf } from './amounts.ts';

const PREFIX = 'hugepages-';

/**
 * The size of the huge pages that a volume is made of, as Kubernetes prints it (`2Mi`): the medium's own, if some container
 * requests such pages, or the only one that they request. Throws an OperationError otherwise.
 * Models pkg/volume/emptydir getPageSizeMountOption.
 */
export function hugePageSize(medium: string, pod: DeepReadonly<Pod>): string {
  const requested = requestedSizes(pod);
  const wanted = medium === 'HugePages' ? undefined : amountOf(medium.slice('HugePages-'.length));
  const sizes = requested.filter((size) => wanted === undefined || amountOf(size) === wanted);
  if (new Set(sizes.map(amountOf)).size > 1) {
    throw new OperationError(
      `medium: ${medium} can't be used if container requests multiple huge page sizes`,
    );
  }
  const [size] = sizes;
  if (size !== undefined) return size;
  throw new OperationError(
    `medium ${medium}: hugePages storage requested, but there is no resource request for huge pages`,
  );
}

/** Requests and limits of huge pages are the same; the API server sets requests where only limits are given. */
function requestedSizes({ spec }: DeepReadonly<Pod>): string[] {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  return containers.flatMap(({ resources }) =>
    Object.keys({ ...resources?.limits, ...resources?.requests })
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => name.slice(PREFIX.length)),
  );
}
