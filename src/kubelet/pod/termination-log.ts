import type { Container, Pod } from '../../api/index.ts';
import { type DeepReadonly, textOf } from '../../base/index.ts';
import { isKernelError } from '../../kernel/index.ts';
import { asPathError } from '../../plugin/index.ts';
import { type Operation, step } from '../../sim/index.ts';
import type { ContainerMount, KubeletContext, RuntimeContainerStatus } from '../contracts.ts';
import { containerPath, getsFile, pathForRuntime } from './container-paths.ts';
import { podKey } from './containers.ts';

/** What a container said at its end is cut there. */
const MAX_MESSAGE_BYTES = 4096;
const MAX_LOG_BYTES = 2048;
const MAX_LOG_LINES = 80;

type Parts = Pick<KubeletContext, 'layout' | 'system' | 'rules'>;

/** Each run of a container has a file of its own; the name follows from the run, so that a restarted kubelet finds it. */
function fileName({ system }: Parts, podUid: string, container: string, attempt: number): string {
  const key = `${podUid}/${container}/${attempt}`;
  const name = system.simulation.random.fresh('termination-log', key).hex(8);
  return `containers/${container}/${name}`;
}

/** Makes the file, writable by anyone, and returns the mount of it. Models kuberuntime's makeMounts. */
export function* makeTerminationLog(
  parts: Parts,
  pod: DeepReadonly<Pod>,
  container: DeepReadonly<Container>,
  attempt: number,
): Operation<ContainerMount | undefined> {
  const path = container.terminationMessagePath ?? '/dev/termination-log';
  const { layout, system, rules } = parts;
  if (path === '' || !getsFile(system.os, rules, 'termination log')) return undefined;
  const { uid = '' } = pod.metadata;
  const name = fileName(parts, uid, container.name, attempt);
  const hostPath = `${layout.podPath(uid)}/${name}`;
  yield* step('write', { node: system.name, pod: podKey(pod), path: hostPath }, () =>
    asPathError(
      'open',
      () => hostPath,
      () => {
        const directory = layout.pod(uid).mkdirAll(`containers/${container.name}`, 0o750);
        const file = name.slice(name.lastIndexOf('/') + 1);
        directory.writeFile(file, new Uint8Array(), { mode: 0o666 });
        directory.chmod(file, 0o666);
      },
    ),
  );
  return {
    hostPath: pathForRuntime(system.os, hostPath),
    containerPath: containerPath(system.os, path),
    readOnly: false,
    propagation: 'None',
  };
}

/**
 * What a run of a container said at its end: its termination log, or, as `FallbackToLogsOnError` asks, the end of its logs
 * when that is empty and it failed. Models kuberuntime's getTerminationMessage.
 */
export function terminationMessage(
  parts: Parts,
  container: DeepReadonly<Container>,
  run: RuntimeContainerStatus,
  logs: () => string,
): string {
  const written = read(parts, run);
  const fallback = container.terminationMessagePolicy === 'FallbackToLogsOnError';
  if (written === '' && fallback && run.exitCode !== 0) return endOf(logs());
  return written;
}

function read(parts: Parts, { podUid, name, attempt }: RuntimeContainerStatus): string {
  const path = `${podUid}/${fileName(parts, podUid, name, attempt)}`;
  try {
    return textOf(parts.layout.pods.readFile(path).subarray(0, MAX_MESSAGE_BYTES));
  } catch (error) {
    if (isKernelError(error)) return '';
    throw error;
  }
}

function endOf(logs: string): string {
  const lines = logs.split(/(?<=\n)/);
  const text = lines.slice(-MAX_LOG_LINES).join('');
  return text.slice(-MAX_LOG_BYTES);
}
