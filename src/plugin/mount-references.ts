import { inodeOf, pathInside } from '../kernel/index.ts';
import type { NodeSystem } from '../outside/index.ts';
import { asPathError } from './errors.ts';

/**
 * Where else on a node the directory at a path is mounted, as absolute paths: the same filesystem, the same place in it.
 * Models k8s.io/mount-utils SearchMountPoints.
 */
export function mountsOfSame(node: NodeSystem, path: string): string[] {
  const { mount, entry } = asPathError(
    'stat',
    () => path,
    () => node.root.walk(path),
  );
  if (inodeOf(entry).nlink === 0) return [];
  const root = pathInside(entry);
  const device = `0:${mount.fileSystem.dev}`;
  return node.namespace
    .mounts()
    .filter((one) => one.root === root && one.device === device && one.id !== mount.id)
    .map((one) => one.mountPoint);
}
