import type { Pod } from '../api/index.ts';
import { type DeepReadonly, milliseconds } from '../base/index.ts';
import type { Owner } from '../sim/index.ts';
import { configurationOf } from './configuration.ts';
import type { KubeletContext } from './contracts.ts';
import type { KubeletDependencies } from './kubelet.ts';
import { Layout } from './layout.ts';
import { ObjectManager, type ObjectSource } from './managers/object-manager.ts';
import { objectMaxAge } from './managers/object-max-age.ts';
import type { TokenManager } from './managers/tokens.ts';
import { KubeletMetrics } from './metrics/kubelet-metrics.ts';
import { CrashLoopBackOff } from './pod/back-off.ts';
import type { PodContext } from './pod/context.ts';
import { MirrorPods } from './static-pods/index.ts';
import { ReasonCache } from './status/reasons.ts';
import { StatusManager } from './status/status-manager.ts';
import { cleanSubPaths } from './subpath/index.ts';
import { createVolumeManager, type VolumeManagerDependencies } from './volume-manager/index.ts';

/** What one life of a kubelet adds to what it is put together from. */
export interface LifeParts
  extends Pick<
    VolumeManagerDependencies,
    'pods' | 'workers' | 'onVolumesInUseChanged' | 'onUnmounted'
  > {
  readonly owner: Owner;
  readonly source: ObjectSource;
  readonly tokens: TokenManager;
}

/** Everything that the syncs of pods work with, made anew for one life of a kubelet. */
export function makeContext(dependencies: KubeletDependencies, parts: LifeParts): PodContext {
  const { machine, rules, runtime, simulation, store } = dependencies;
  const { owner } = parts;
  const base = {
    ...machineContext(dependencies),
    owner,
    objects: makeObjects(dependencies, parts),
  };
  const { log } = base;
  const metrics = new KubeletMetrics(rules);
  const mirrors = new MirrorPods({ system: machine, log, store });
  const apiUid = (pod: DeepReadonly<Pod>): string | undefined => mirrors.apiUid(pod);
  return {
    ...base,
    runtime,
    metrics,
    volumes: createVolumeManager(base, volumeManagerParts(dependencies, parts, { base, metrics })),
    mirrors,
    statuses: new StatusManager({ simulation, owner, store, node: machine.name, log, apiUid }),
    reasons: new ReasonCache(),
    backOff: new CrashLoopBackOff(),
  };
}

/** What the machine and its options say. */
function machineContext({
  machine,
  rules,
  simulation,
  events,
}: KubeletDependencies): Omit<KubeletContext, 'owner' | 'objects'> {
  const { name, options } = machine;
  return {
    system: machine,
    layout: new Layout(machine.root),
    rules,
    configuration: configurationOf(options.kubeletConfiguration, rules),
    seLinux: machine.os === 'linux' && options.seLinux,
    defaultMountPropagation: options.defaultMountPropagation,
    recursiveReadOnlyMounts:
      machine.os === 'linux' && options.containerRuntime?.recursiveReadOnlyMounts,
    log: (level, message) => simulation.trace.add('log', { level, who: 'kubelet', message }, name),
    event: (pod, type, reason, message, more = {}) =>
      events.event('kubelet', pod, type, reason, message, { host: name, ...more }),
  };
}

function volumeManagerParts(
  { machine, store, events, plugins }: KubeletDependencies,
  { pods, workers, onVolumesInUseChanged, onUnmounted }: LifeParts,
  { base, metrics }: { base: KubeletContext; metrics: KubeletMetrics },
): VolumeManagerDependencies {
  return {
    pods,
    workers,
    plugins,
    cleanSubPaths: (uid, specName) => cleanSubPaths(base, uid, specName),
    ...(onVolumesInUseChanged && { onVolumesInUseChanged }),
    ...(onUnmounted && { onUnmounted }),
    claims: {
      patchStatus: (claim, status) => store.update({ ...claim, status }, { subresource: 'status' }),
      event: (about, type, reason, message) =>
        events.event('kubelet', about, type, reason, message, { host: machine.name }),
    },
    enableControllerAttachDetach: base.configuration.enableControllerAttachDetach,
    metrics,
  };
}

function makeObjects(
  { machine, rules, simulation, store }: KubeletDependencies,
  { source, tokens }: LifeParts,
): ObjectManager {
  const configuration = configurationOf(machine.options.kubeletConfiguration, rules);
  return new ObjectManager({
    source,
    tokens,
    strategy: configuration.configMapAndSecretChangeDetectionStrategy,
    now: () => simulation.now,
    syncPeriod: milliseconds(configuration.syncFrequency, 'syncFrequency'),
    maxAge: () => objectMaxAge(store.get('Node', undefined, machine.name)),
  });
}
