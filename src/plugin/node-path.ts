import { readPath } from '../kernel/index.ts';
import type { NodeSystem } from '../outside/index.ts';
import { hasBacksteps } from './go-path.ts';

/** Whether a path has an element `..`, as the node's system writes paths. Models ValidatePathNoBacksteps of pkg/volume/validation. */
export function hasBackstepsOn({ root }: NodeSystem, path: string): boolean {
  return hasBacksteps(readPath(root.caller, path));
}
