import { type DeepReadonly, quantityMilliValue } from '../../base/index.ts';
import type { PodSpec } from '../types.ts';

const COMPUTE = ['cpu', 'memory'];

/**
 * Guaranteed, Burstable or BestEffort. Models pkg/apis/core/helper/qos/qos.go.
 *
 * @param resources what the Pod asks for as a whole, where there is such a thing
 */
export function qosClass(
  spec: DeepReadonly<PodSpec>,
  resources: DeepReadonly<NonNullable<PodSpec['resources']>> = spec.resources ?? {},
): string {
  const { requests = {}, limits = {} } = resources;
  // What a Pod asks for itself decides alone.
  const own = Object.keys(requests).length + Object.keys(limits).length > 0;
  const all = own ? [{ resources }] : [...(spec.initContainers ?? []), ...spec.containers];
  let some = false;
  let guaranteed = true;
  for (const { resources = {} } of all) {
    for (const name of COMPUTE) {
      const request = milli(resources.requests?.[name]);
      const limit = milli(resources.limits?.[name]);
      if (request > 0 || limit > 0) some = true;
      if (limit === 0 || (request !== 0 && request !== limit)) guaranteed = false;
    }
  }
  if (!some) return 'BestEffort';
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function milli(quantity: string | undefined): number {
  return quantity === undefined ? 0 : quantityMilliValue(quantity);
}
