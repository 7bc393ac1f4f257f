import type { Pod } from '../../api/index.ts';
import { compare, type DeepReadonly, goSlice, OperationError } from '../../base/index.ts';
import {
  type Cancellation,
  type Operation,
  type Signal,
  sleepUntil,
  waitFor,
} from '../../sim/index.ts';
import type { ActualPod } from './actual-state-of-world.ts';
import type { Environment } from './environment.ts';
import { usedVolumeNames } from './names.ts';
import { timeoutCode, timeoutWords, type UnmountedVolumes, unmountedError } from './wait-error.ts';

/** Milliseconds between two looks. */
const POLL = 300;
/** 2 min 3 s, odd so that it is recognised. */
export const ATTACH_AND_MOUNT_TIMEOUT = 123_000;

/** What the waits need to know. */
export interface WaitOptions {
  readonly environment: Environment;
  /** The populator has to look at the Pod again. */
  readonly reprocess: (uid: string) => void;
  readonly changed: (uid: string) => Signal;
  readonly cancel?: Cancellation | undefined;
  /** ms of virtual time; it ends then at the latest. Default: after 2 min 3 s. */
  readonly deadline?: number | undefined;
}

/**
 * Until every used volume of a Pod is mounted. Throws an OperationError when the populator met errors, or time is up; its
 * code tells which. Models WaitForAttachAndMount of pkg/kubelet/volumemanager/volume_manager.go.
 */
export function* waitForAttachAndMount(pod: DeepReadonly<Pod>, options: WaitOptions): Operation {
  const used = usedVolumeNames(pod);
  if (used.size === 0) return;
  const { environment } = options;
  const { uid } = pod.metadata;
  options.reprocess(uid);
  const errors: string[] = [];
  const done = (): boolean => {
    errors.push(...environment.desired.popErrors(uid));
    return errors.length > 0 || unmounted(environment, uid, used).length === 0;
  };
  const inTime = yield* poll(uid, 'volumes to be mounted', done, options);
  if (inTime && errors.length === 0) return;
  const volumes = describe(environment, uid, used);
  if (volumes.unmounted.length === 0) return;
  const cause = errors.length > 0 ? errors.sort(compare).join('; ') : undefined;
  throw unmountedError(environment.context.rules, pod, volumes, cause);
}

/**
 * Until no volume of a Pod is mounted; those that perhaps are do not count. Throws an OperationError `mounted volumes=[a]: …`:
 * with unique names, until 1.34 with those in the Pod. Models WaitForUnmount.
 */
export function* waitForUnmount(pod: DeepReadonly<Pod>, options: WaitOptions): Operation {
  const { environment } = options;
  const { uid } = pod.metadata;
  if (usedVolumeNames(pod).size === 0) return;
  options.reprocess(uid);
  const errors: string[] = [];
  const done = (): boolean => {
    errors.push(...environment.desired.popErrors(uid));
    return errors.length > 0 || mountedNames(environment, uid).size === 0;
  };
  yield* poll(uid, 'volumes to be unmounted', done, options);
  const { rules } = environment.context;
  const left = [...(rules.atLeast('1.35') ? uniqueNames : mountedNames)(environment, uid)].sort(
    compare,
  );
  if (left.length === 0) return;
  const cause = errors.length > 0 ? errors.sort(compare).join('; ') : timeoutWords(rules);
  const code = errors.length > 0 ? undefined : timeoutCode(rules);
  throw new OperationError(`mounted volumes=${goSlice(left)}: ${cause}`, { code });
}

/** Looks at once, and then where a poll that began now would: only when something changed. False: time was up. */
function* poll(
  uid: string,
  what: string,
  done: () => boolean,
  options: WaitOptions,
): Operation<boolean> {
  if (done()) return true;
  const { system } = options.environment.context;
  const record = (state: 'started' | 'ended'): void =>
    system.simulation.trace.add('wait', { uid, for: what, state }, system.name);
  record('started');
  try {
    return yield* lookAgain(uid, what, done, options);
  } finally {
    record('ended');
  }
}

function* lookAgain(
  uid: string,
  what: string,
  done: () => boolean,
  { environment, changed, cancel, deadline: given }: WaitOptions,
): Operation<boolean> {
  const { simulation } = environment.context.system;
  const start = simulation.now;
  const deadline = Math.min(start + ATTACH_AND_MOUNT_TIMEOUT, given ?? Number.POSITIVE_INFINITY);
  for (let last = start; ; ) {
    const woken = yield* waitFor(changed(uid), { deadline, reason: what, cancel });
    if (!woken) return done();
    const passed = Math.ceil((simulation.now - start) / POLL) * POLL;
    last = Math.min(Math.max(start + passed, last + POLL), deadline);
    yield* sleepUntil(last, { class: 'work', reason: `next look at ${what}`, cancel });
    if (done() || simulation.now >= deadline) return done();
  }
}

/** Names in the Pod of what is mounted, without what is uncertain. */
function mountedNames(environment: Environment, uid: string): Set<string> {
  const names = new Set<string>();
  for (const { mount } of mountedOf(environment, uid))
    for (const name of mount.outerNames) names.add(name);
  return names;
}

function uniqueNames(environment: Environment, uid: string): string[] {
  return mountedOf(environment, uid).map(({ volume }) => volume.name);
}

function mountedOf({ actual }: Environment, uid: string): ActualPod[] {
  return [...actual.ofPod(uid).values()].filter(({ state }) => state === 'mounted');
}

function unmounted(environment: Environment, uid: string, used: ReadonlySet<string>): string[] {
  const mounted = mountedNames(environment, uid);
  return [...used].filter((name) => !mounted.has(name));
}

function describe(
  environment: Environment,
  uid: string,
  used: ReadonlySet<string>,
): UnmountedVolumes {
  const { desired, actual } = environment;
  const processed = new Set<string>();
  const unattached: string[] = [];
  for (const { volume, outerNames } of desired.ofPod(uid).values()) {
    for (const name of outerNames) processed.add(name);
    if (volume.attachable && !actual.volumes.has(volume.name)) unattached.push(...outerNames);
  }
  return {
    unmounted: unmounted(environment, uid, used).sort(compare),
    unattached: unattached.sort(compare),
    unprocessed: [...used].filter((name) => !processed.has(name)).sort(compare),
    all: [...used].sort(compare),
  };
}
