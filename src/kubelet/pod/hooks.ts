import type { Container, LifecycleHandler, Pod } from '../../api/index.ts';
import { type DeepReadonly, goSlice, OperationError, quoted } from '../../base/index.ts';
import { type Operation, Signal, sleepUntil } from '../../sim/index.ts';
import { formatPod } from './containers.ts';
import type { PodContext } from './context.ts';
import { upTo } from './up-to.ts';

/** What a hook is run for. */
export interface HookParts {
  readonly context: PodContext;
  readonly pod: DeepReadonly<Pod>;
  readonly container: DeepReadonly<Container>;
  /** The runtime's id of the container. */
  readonly id: string;
}

type Handler = DeepReadonly<LifecycleHandler>;

/**
 * Runs a hook of a container to its end. Gives what is said of it when it fails. Of HTTP and TCP hooks nothing is known: they
 * succeed at once. Models pkg/kubelet/lifecycle/handlers.go Run.
 */
export function* runHook(parts: HookParts, handler: Handler): Operation<string | undefined> {
  const { simulation } = parts.context.system;
  const { sleep, exec } = handler;
  if (exec) return yield* runCommand(parts, exec.command ?? []);
  if (sleep) {
    const until = simulation.now + sleep.seconds * 1000;
    yield* sleepUntil(until, { class: 'work', reason: 'sleep of a hook' });
  }
  return undefined;
}

function* runCommand(
  { context, pod, container, id }: HookParts,
  command: readonly string[],
): Operation<string | undefined> {
  const failed = (why: string, output: string): string =>
    `Exec lifecycle hook (${goSlice(command)}) for Container ${quoted(container.name)} in Pod ${quoted(formatPod(pod))} failed - error: ${why}, message: ${quoted(output)}`;
  try {
    const outcome = yield* context.runtime.execSync?.(id, command) ?? succeed();
    if (outcome.exitCode === 0) return undefined;
    const line = command.join(' ');
    const { exitCode, stdout, stderr } = outcome;
    return failed(`command '${line}' exited with ${exitCode}: ${stderr}`, `${stdout}${stderr}`);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return failed(error.message, '');
  }
}

function* succeed(): Operation<{ exitCode: number; stdout: string; stderr: string }> {
  return { exitCode: 0, stdout: '', stderr: '' };
}

/**
 * Runs the preStop hook of a container, which has so many seconds. Gives those that it took. One that takes longer goes on
 * beside what comes next. Models executePreStopHook of pkg/kubelet/kuberuntime/kuberuntime_container.go.
 */
export function* runPreStop(
  parts: HookParts,
  handler: Handler,
  seconds: number,
): Operation<number> {
  const { context, container } = parts;
  const { simulation, name } = context.system;
  const start = simulation.now;
  const ended = new Signal();
  const state = { done: false };
  const hook = runAndTell(parts, handler);
  simulation.spawn(`${name}: preStop hook of ${container.name}`, context.owner, hook, {
    onEnd: () => {
      state.done = true;
      ended.wake();
    },
  });
  if (!state.done) yield* upTo(simulation, ended, seconds * 1000, 'preStop hook');
  return Math.floor((simulation.now - start) / 1000);
}

function* runAndTell(parts: HookParts, handler: Handler): Operation {
  const { context, pod } = parts;
  const failure = yield* runHook(parts, handler);
  if (failure === undefined) return;
  context.log('error', `PreStop hook failed: ${failure}`);
  const text = context.rules.before('1.27') ? failure : 'PreStopHook failed';
  context.event(pod, 'Warning', 'FailedPreStopHook', text);
}
