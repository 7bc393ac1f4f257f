import type { Volume } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';

/** Whether a volume of files is fine without its object. */
export function optionalSource({ secret, configMap }: DeepReadonly<Volume>): boolean {
  return (secret?.optional ?? configMap?.optional) === true;
}

/** Whether a plugin failed because an object of the API could not be read. */
export function failsBecauseMissing(error: string): boolean {
  return / not found$| not registered$/.test(error);
}
