import type { Pod, Volume, VolumeMount } from '../api/index.ts';
import type { DeepReadonly, PathRules } from '../base/index.ts';
import { type Access, type MountInfo, Overlay, type PathStep } from '../kernel/index.ts';
import type { Container } from '../kubelet/index.ts';
import { type Room, roomAt } from './room.ts';

/** Why a path in a container gives what it gives; or, of one that has not run, what it waits for. */
export interface Explanation {
  readonly path: string;
  /** The way, component by component. */
  readonly steps: readonly ExplanationStep[];
  /** Whether the container's user may read, write and execute what is at its end, and why. */
  readonly read?: Access;
  readonly write?: Access;
  readonly execute?: Access;
  /** Bytes that still fit where the path leads to; none where there is no limit. */
  readonly free?: number;
  /** Files, directories and all the others that may still be made there; none where there is no limit. */
  readonly freeInodes?: number;
  readonly notes: readonly string[];
  /** What the Pod waits for, since when, and what is tried next. */
  readonly waiting: readonly WaitingFor[];
  /** All of it, in lines for people. */
  readonly text: string;
}

/** One component of the path, or the root. */
export interface ExplanationStep {
  readonly path: string;
  readonly type: PathStep['type'];
  /** Twelve bits, octal. */
  readonly mode?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Of a symbolic link. */
  readonly target?: string;
  /** What is mounted here. */
  readonly mount?: MountInfo;
  /** The Pod's volume that it belongs to. */
  readonly volume?: string;
  /** In the container's own root: whether the image has it, or this container wrote it. */
  readonly layer?: 'image' | 'writable layer';
  /** The way ends here. */
  readonly error?: string;
}

export interface WaitingFor {
  readonly what: string;
  readonly why: string;
  readonly since?: Date;
  readonly nextTry?: Date;
}

/** Explains a path in a container that runs, or has run and waits for something. */
export function explainIn(
  container: Container,
  pod: DeepReadonly<Pod>,
  path: string,
  waiting: readonly WaitingFor[],
): Explanation {
  const { steps: way, place, read, write, execute } = container.explainPath(path);
  const infos = new Map(container.mounts().map((info) => [info.id, info]));
  const mounts = mountsOf(pod, container.config.name);
  const paths = container.root?.namespace.kernel.paths;
  const clean = (text: string): string => cleanPath(paths?.read(text) ?? text);
  const volumeAt = (point: string): string | undefined =>
    mounts.find(({ mountPath }) => clean(mountPath) === point)?.name;
  const steps = way.map((step) => stepOf(step, infos, { paths, volumeAt }));
  const room: Room = place ? roomAt(place) : { notes: [] };
  const passed = mounts.filter(({ mountPath }) =>
    steps.some((step) => step.mount?.mountPoint === clean(mountPath)),
  );
  const notes = passed.flatMap((mount) => notesOf(mount, pod));
  const ended =
    container.state === 'exited' ? ['its process has ended: files can only be read'] : [];
  return withText({
    path,
    steps,
    read,
    write,
    execute,
    ...room,
    notes: [...notes, ...room.notes, ...ended],
    waiting,
  });
}

/** Explains a container that has not run: what keeps its Pod. */
export function explainWaiting(path: string, waiting: readonly WaitingFor[]): Explanation {
  return withText({ path, steps: [], notes: [], waiting });
}

function mountsOf(pod: DeepReadonly<Pod>, container: string): readonly DeepReadonly<VolumeMount>[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec;
  const all = [...initContainers, ...containers, ...ephemeralContainers];
  return all.find(({ name }) => name === container)?.volumeMounts ?? [];
}

function stepOf(
  { path, type, inode, mount, entered, target, error }: PathStep,
  infos: ReadonlyMap<number, MountInfo>,
  about: { paths: PathRules | undefined; volumeAt: (mountPoint: string) => string | undefined },
): ExplanationStep {
  const info = entered ? infos.get(mount.id) : undefined;
  const volume = info && about.volumeAt(info.mountPoint);
  const layered = inode && mount.fileSystem instanceof Overlay;
  return {
    path: about.paths?.print(path) ?? path,
    type,
    ...(inode && {
      mode: (inode.mode & 0o7777).toString(8).padStart(4, '0'),
      uid: inode.uid,
      gid: inode.gid,
    }),
    ...(target !== undefined && { target }),
    ...(info && { mount: info }),
    ...(volume !== undefined && { volume }),
    ...(layered && { layer: inode.shared ? 'image' : 'writable layer' }),
    ...(error !== undefined && { error }),
  };
}

function cleanPath(path: string): string {
  return `/${path.split('/').filter(Boolean).join('/')}`;
}

/** What of a volume is not seen in modes and mounts. */
function notesOf(mount: DeepReadonly<VolumeMount>, pod: DeepReadonly<Pod>): string[] {
  const volume = pod.spec.volumes?.find(({ name }) => name === mount.name);
  const part = mount.subPath ?? mount.subPathExpr;
  const notes: string[] = [];
  if (part !== undefined && part !== '') {
    notes.push(`${mount.mountPath} is ${part} of volume ${mount.name} alone (subPath)`);
    if (volume && followsApi(volume)) {
      notes.push(
        `${mount.mountPath} does not follow its source: a subPath holds the file it was given`,
      );
    }
  }
  const limit = volume?.emptyDir?.sizeLimit;
  if (limit !== undefined && !volume?.emptyDir?.medium) {
    notes.push(`volume ${mount.name} may hold ${limit}: the Pod is evicted beyond`);
  }
  if (volume && followsApi(volume))
    notes.push(`volume ${mount.name} can only be read: containers get it read-only`);
  return notes;
}

function followsApi({ secret, configMap, downwardAPI, projected }: DeepReadonly<Volume>): boolean {
  return Boolean(secret ?? configMap ?? downwardAPI ?? projected);
}

function withText(explanation: Omit<Explanation, 'text'>): Explanation {
  return { ...explanation, text: linesOf(explanation).join('\n') };
}

function linesOf(explanation: Omit<Explanation, 'text'>): string[] {
  const { steps, read, write, execute, free, freeInodes, notes, waiting } = explanation;
  return [
    ...steps.map(stepLine),
    ...Object.entries({ read, write, execute }).flatMap(([what, access]) =>
      access ? [accessLine(what, access)] : [],
    ),
    ...(free === undefined && freeInodes === undefined ? [] : [freeLine(free, freeInodes)]),
    ...notes,
    ...waiting.map(waitingLine),
  ];
}

function freeLine(bytes: number | undefined, inodes: number | undefined): string {
  const words = [
    ...(bytes === undefined ? [] : [`${bytes} bytes`]),
    ...(inodes === undefined ? [] : [`${inodes} inodes`]),
  ];
  return `free: ${words.join(', ')}`;
}

function stepLine(step: ExplanationStep): string {
  const { path, type, mode, uid, gid, target, volume, layer, mount, error } = step;
  if (type === 'missing') return `${path}: ${error}`;
  const words = [
    `${type} ${mode} ${uid}:${gid}`,
    ...(target === undefined ? [] : [`-> ${target}`]),
    ...(layer === undefined ? [] : [`(${layer})`]),
    ...(mount === undefined ? [] : [mountWords(mount, volume)]),
    ...(error === undefined ? [] : [error]),
  ];
  return `${path}: ${words.join(' ')}`;
}

function mountWords(mount: MountInfo, volume: string | undefined): string {
  const { type, source, root, readOnly, options } = mount;
  const what = volume === undefined ? 'mount' : `volume ${volume}`;
  const from = root === '/' ? source : `${source}[${root}]`;
  return `<- ${what}: ${type} ${from} (${[readOnly ? 'ro' : 'rw', ...options].join(',')}), ${propagation(mount)}`;
}

function propagation({ shared, master }: MountInfo): string {
  if (shared !== undefined) return 'mounts propagate both ways';
  return master === undefined
    ? 'mounts do not propagate'
    : "mounts of the node's show up, those made here do not go back";
}

function accessLine(what: string, { allowed, error, because }: Access): string {
  return `${what}: ${allowed ? 'yes' : `no, ${error}`}: ${because}`;
}

function waitingLine({ what, why, since, nextTry }: WaitingFor): string {
  const times = [
    ...(since === undefined ? [] : [`since ${since.toISOString()}`]),
    ...(nextTry === undefined ? [] : [`next at ${nextTry.toISOString()}`]),
  ];
  return `${what}: ${[why, ...times].join(', ')}`;
}
