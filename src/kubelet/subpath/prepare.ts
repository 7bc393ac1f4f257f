import { OperationError } from '../../base/index.ts';
import { type Directory, inodeOf, isDirectory, type Place } from '../../kernel/index.ts';
import type { NodeSystem } from '../../outside/index.ts';
import { asPathError, mountError, unmountError } from '../../plugin/index.ts';
import { type Operation, type StepSubject, step } from '../../sim/index.ts';
import type { Layout } from '../layout.ts';
import { isWithin, type SubPath } from './names.ts';
import { safeOpen } from './safe-open.ts';

/** What a subPath is prepared with. */
export interface SubPathParts {
  readonly system: NodeSystem;
  readonly layout: Layout;
  /** `namespace/name` of the Pod. */
  readonly pod: string;
}

/**
 * Binds a subPath onto `volume-subpaths/<volume>/<container>/<index>` and returns that path: what the container gets can not
 * be swapped for something else any more. A bind that is there already is used again when it still shows the same file, and
 * replaced when it does not. Throws an OperationError when the subPath leads out of its volume.
 * Models pkg/volume/util/subpath/subpath_linux.go doBindSubPath.
 */
export function* prepareSubPath(parts: SubPathParts, subPath: SubPath): Operation<string> {
  const { system, layout } = parts;
  const name = layout.subPath(subPath.innerName, subPath.container, subPath.index);
  const podDirectory = layout.pod(subPath.podUid);
  const target = `${layout.podPath(subPath.podUid)}/${name}`;
  const subject = subjectOf(parts, subPath, target);
  const source = openInside(system, subPath);
  // Nothing can be swapped there: the path is locked until the container has it. Models subpath_windows.go.
  if (system.os === 'windows') return `${subPath.volumePath}/${subPath.subPath}`;
  if (podDirectory.exists(name) && podDirectory.isMountPoint(name)) {
    if (sameFile(source, podDirectory, name)) return target;
    yield* step('unmount', subject, () => unmount(system, target));
  }
  yield* step('mkdir', subject, () => makeTarget(podDirectory, name, source));
  yield* step('mount', subject, () => bind(parts, subPath, target));
  return target;
}

/** The file that a subPath names. Throws when it, or a link on the way, leads out of the volume. */
function openInside({ root }: NodeSystem, { volumePath, subPath }: SubPath): Place {
  const path = `${volumePath}/${subPath}`;
  return asPathError(
    'lstat',
    () => path,
    () => {
      const volume = root.open(volumePath);
      const place = volume.walk(subPath);
      const found = root.caller.namespace.pathOf(place);
      const base = volume.path();
      if (isWithin(found, base)) return safeOpen(volume, found.slice(base.length));
      throw new OperationError(`subpath "${found}" not within volume path "${base}"`);
    },
  );
}

function sameFile(source: Place, podDirectory: Directory, name: string): boolean {
  return inodeOf(podDirectory.walk(name).entry) === inodeOf(source.entry);
}

/** A directory for a directory, an empty file for anything else. */
function makeTarget(podDirectory: Directory, name: string, source: Place): void {
  const path = (): string => `${podDirectory.path()}/${name}`;
  asPathError('mkdir', path, () => {
    const slash = name.lastIndexOf('/');
    const parent = podDirectory.mkdirAll(name.slice(0, slash), 0o750);
    const last = name.slice(slash + 1);
    if (parent.lexists(last)) return;
    if (isDirectory(inodeOf(source.entry).mode)) parent.mkdir(last, 0o750);
    else parent.writeFile(last, new Uint8Array(), { mode: 0o640 });
  });
}

/** Looks again at what is bound, so that nothing can have been swapped since. */
function bind({ system, pod }: SubPathParts, subPath: SubPath, target: string): void {
  const source = openInside(system, subPath);
  try {
    system.namespace.bind(source, target, {});
  } catch (error) {
    throw mountError(
      ['mount', '-o', 'bind', `${subPath.volumePath}/${subPath.subPath}`],
      target,
      error,
    );
  }
  const path = `${subPath.volumePath}/${subPath.subPath}`;
  const fields = { target, source: path, fstype: 'bind', options: ['bind'], pod };
  system.simulation.trace.add('mount', fields, system.name);
}

function unmount(system: NodeSystem, target: string): void {
  try {
    system.namespace.unmount(target, { lazy: true });
  } catch (error) {
    throw unmountError(target, error);
  }
  system.simulation.trace.add('unmount', { target }, system.name);
}

function subjectOf(
  { system, pod }: SubPathParts,
  { innerName }: SubPath,
  path: string,
): StepSubject {
  return { node: system.name, pod, volume: innerName, path };
}
