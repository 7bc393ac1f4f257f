import type { Container, Pod } from '../api/index.ts';
import { compare, type DeepReadonly, messageOf, OperationError } from '../base/index.ts';
import { readPath } from '../kernel/index.ts';
import type { Operation } from '../sim/index.ts';
import { cleanPath } from './go-path.ts';
import { containersOf } from './references/volume-mode.ts';
import type { VolumeContext } from './types.ts';

/**
 * Makes the directories on which other volumes are mounted inside this one, because containers may not write to it. Throws an
 * OperationError `unable to create nested volume mountpoints: …`. Models pkg/volume/util/nested_volumes.go.
 */
export function* makeNestedMountPoints(
  volume: Pick<VolumeContext, 'dir' | 'pod' | 'spec'>,
): Operation {
  const { caller } = volume.dir.base;
  const read = (path: string): string => readPath(caller, path);
  const points = nestedMountPoints(volume.spec.name, volume.pod, read);
  if (points.length === 0) return;
  const files = volume.dir.files();
  try {
    for (const point of points) yield* files.mkdirAll(point, 0o755);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    throw new OperationError(`unable to create nested volume mountpoints: ${messageOf(error)}`, {
      code: error.code,
      cause: error,
    });
  }
}

/**
 * Where other volumes are mounted below this one, in any container; of nested ones only the outermost. `read` gives paths with `/`
 * between names; default they have it.
 */
export function nestedMountPoints(
  name: string,
  pod: DeepReadonly<Pod>,
  read: (path: string) => string = (path) => path,
): string[] {
  const points: string[] = [];
  for (const container of containersOf(pod)) points.push(...nestedIn(name, container, read));
  return points;
}

function nestedIn(
  name: string,
  { volumeMounts = [] }: DeepReadonly<Container>,
  read: (path: string) => string,
): string[] {
  const own = volumeMounts.filter((mount) => mount.name === name);
  if (own.length === 0 || volumeMounts.length === own.length) return [];
  const all = volumeMounts.map(({ mountPath }) => cleanPath(read(mountPath))).sort(compare);
  return own.flatMap(({ mountPath }) => below(cleanPath(read(mountPath)), all));
}

/** The paths below one, without those below another of them. `all` is sorted. */
function below(parent: string, all: readonly string[]): string[] {
  if (parent.startsWith('../')) {
    throw new OperationError(`invalid container mount point ${parent}`);
  }
  const points: string[] = [];
  for (const path of all) {
    if (!path.startsWith(`${parent}/`)) continue;
    const point = path.slice(parent.length + 1);
    const last = points.at(-1);
    if (last === undefined || !`${point}/`.startsWith(`${last}/`)) points.push(point);
  }
  return points;
}
