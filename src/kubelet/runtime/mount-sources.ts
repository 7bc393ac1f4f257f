import { OperationError } from '../../base/index.ts';
import { type Directory, isKernelError, type Place } from '../../kernel/index.ts';
import { goWords } from '../../plugin/index.ts';
import type { ContainerMount } from '../contracts.ts';

/**
 * Where a container's mount comes from, in the engine's namespace: a directory that is missing is made (0755), links are
 * followed. Models WithMounts of containerd's internal/cri/opts.
 *
 * @throws OperationError when it cannot be made, or when its mount cannot propagate as asked.
 */
export function mountSource(engine: Directory, mount: ContainerMount, id: string): Place {
  const place = findOrMake(engine, mount.hostPath, id);
  if (mount.propagation === 'None') return place;
  const { group, master } = place.mount;
  const sends = group !== undefined;
  if (sends || (mount.propagation === 'HostToContainer' && master !== undefined)) return place;
  const needed = mount.propagation === 'Bidirectional' ? 'shared' : 'shared or slave';
  const { namespace } = engine.caller;
  const on = namespace.pathOf({ mount: place.mount, entry: place.mount.root });
  throw specError(
    id,
    `path "${namespace.pathOf(place)}" is mounted on "${on}" but it is not a ${needed} mount`,
  );
}

function findOrMake(engine: Directory, path: string, id: string): Place {
  try {
    return engine.walk(path);
  } catch (error) {
    if (!isKernelError(error, 'ENOENT')) throw specError(id, reasonOf('stat', path, error));
  }
  try {
    return engine.mkdirAll(path, 0o755).place;
  } catch (error) {
    throw specError(id, `failed to mkdir "${path}": ${reasonOf('mkdir', path, error)}`);
  }
}

function reasonOf(call: string, path: string, error: unknown): string {
  if (isKernelError(error)) return `${call} ${path}: ${goWords(error)}`;
  throw error;
}

function specError(id: string, reason: string): OperationError {
  return new OperationError(
    `failed to generate container "${id}" spec: failed to generate spec: ${reason}`,
  );
}
