import { windowsPaths } from '../../base/index.ts';
import type { MountInfo } from '../../kernel/index.ts';
import { timelineLines, treeLines } from '../../teaching/index.ts';
import type { CommandIO } from '../io.ts';
import { columns, type Style, style } from '../style.ts';
import { type ContainerReport, type PodReport, type RunReport, TOKEN_PATH } from './report.ts';

/** Prints a report for people. */
export function printReport(report: RunReport, io: CommandIO): void {
  const paint = style(io.colour);
  const lines = [
    paint.bold('Timeline'),
    ...timelineLines(report.timeline).map((line) => `  ${painted(line, paint)}`),
    ...report.pods.flatMap((pod) => ['', ...podLines(pod, paint)]),
    ...claimLines(report, paint),
    ...waitingLines(report, paint),
  ];
  io.out(`${lines.join('\n')}\n`);
}

function painted(line: string, paint: Style): string {
  if (/ failed|FailedMount|BackOff|panic/.test(line)) return paint.yellow(line);
  return /^\s*\S+ {2}scene /.test(line) ? paint.cyan(line) : line;
}

function podLines(pod: PodReport, paint: Style): string[] {
  const colour = pod.phase === 'Running' || pod.phase === 'Succeeded' ? paint.green : paint.red;
  const where = pod.node === undefined ? '' : ` on ${pod.node}`;
  return [
    `${paint.bold(`Pod ${pod.namespace}/${pod.name}`)}  ${colour(pod.phase)}${where}  ${paint.dim(`uid ${pod.uid}`)}`,
    ...unmet(pod),
    ...(pod.volumes.length > 0 ? ['  Volumes', ...volumeLines(pod)] : []),
    ...pod.containers.flatMap((container) => containerLines(container, paint)),
  ];
}

function unmet({ conditions, phase }: PodReport): string[] {
  if (phase === 'Succeeded') return [];
  return conditions
    .filter(({ status, message }) => status === 'False' && message)
    .map(({ type, reason, message }) => `  ${type}: ${reason}: ${message}`);
}

function volumeLines({ volumes }: PodReport): string[] {
  return columns(
    volumes.map(({ name, type, state, path, reason }) => [
      `    ${name}`,
      type,
      state,
      path ?? reason ?? '',
    ]),
  );
}

function containerLines(container: ContainerReport, paint: Style): string[] {
  const { name, state, reason, exitCode, restartCount, mounts, files, logs } = container;
  const details = [
    reason,
    exitCode === undefined ? undefined : `exit code ${exitCode}`,
    restartCount > 0 ? `restarts ${restartCount}` : undefined,
  ].filter((detail) => detail !== undefined);
  const shown = mounts.filter(({ mountPoint }) => isOfVolume(mountPoint, files));
  return [
    `  ${paint.bold(`Container ${name}`)}  ${state}${details.length > 0 ? ` (${details.join(', ')})` : ''}`,
    ...(shown.length > 0
      ? ['    Mounts', ...columns(shown.map(mountRow)).map((line) => `      ${line}`)]
      : []),
    ...Object.entries(files).flatMap(([path, tree]) => [
      '    Files',
      ...treeLines({ ...tree, name: path }).map((line) => `      ${line}`),
    ]),
    ...(logs === ''
      ? []
      : [
          '    Log',
          ...logs
            .trimEnd()
            .split('\n')
            .map((line) => `      ${line}`),
        ]),
  ];
}

/** The container's root, and what is mounted at or below the volumes' paths; the rest every container has. */
function isOfVolume(mountPoint: string, files: ContainerReport['files']): boolean {
  if (mountPoint === '/' || mountPoint === TOKEN_PATH) return true;
  // `C:/scratch` of a Windows node is mounted at /scratch.
  return Object.keys(files)
    .flatMap((path) => [path, windowsPaths.read(path)])
    .some((path) => mountPoint === path || mountPoint.startsWith(`${path}/`));
}

function mountRow({ mountPoint, type, source, root, readOnly, options }: MountInfo): string[] {
  const flags = [
    readOnly ? 'ro' : 'rw',
    ...options.filter((option) => option !== 'ro' && option !== 'rw'),
  ];
  return [mountPoint, type, root === '/' ? source : `${source}[${root}]`, flags.join(',')];
}

function claimLines({ claims }: RunReport, paint: Style): string[] {
  if (claims.length === 0) return [];
  const rows = claims.map(({ namespace, name, phase, volume }) => [
    `  ${namespace}/${name}`,
    phase,
    volume ?? '',
  ]);
  return ['', paint.bold('Claims'), ...columns(rows)];
}

function waitingLines({ waiting, settled, now }: RunReport, paint: Style): string[] {
  const rows = waiting.map(({ who, for: reason, nextTry }) => [
    `  ${who}`,
    nextTry === undefined ? '' : `next at ${nextTry}`,
    reason,
  ]);
  const end = settled ? `Nothing moves any more at ${now}` : `Stopped at ${now}, still busy`;
  return [
    '',
    paint.dim(end),
    ...(rows.length > 0 ? [paint.bold('Waiting'), ...columns(rows)] : []),
  ];
}
