import { SimulationError } from '../base/index.ts';
import { startAttachDetach } from './attach-detach/controller.ts';
import { Controller, type ControllerStart } from './controller.ts';
import type { ControllerDependencies } from './dependencies.ts';
import { startEphemeralVolumes } from './ephemeral-volumes.ts';
import { startExpander } from './expansion/controller.ts';
import { startGarbageCollector } from './garbage-collector.ts';
import { startNamespaces } from './namespaces.ts';
import { startNodeLifecycle } from './node-lifecycle/index.ts';
import { startPersistentVolumes } from './persistent-volume/controller.ts';
import { startPodCollector } from './pod-collector.ts';
import { startClaimProtection } from './protection/claim-protection.ts';
import { startVolumeProtection } from './protection/volume-protection.ts';
import { startResourceQuotas } from './resource-quotas.ts';
import { startRootCertificates } from './root-certificates.ts';
import { startScheduler } from './scheduling/scheduler.ts';
import { startServiceAccounts } from './service-accounts.ts';
import { startTaintEviction } from './taint-eviction.ts';

export { Controller } from './controller.ts';
export type { ControllerDependencies, ControllerEvents } from './dependencies.ts';
export { ControllerMetrics } from './metrics.ts';
export type { Heartbeats } from './node-lifecycle/index.ts';
export { controlPlaneSteps } from './steps.ts';

/** The name of a controller: as in kube-controller-manager's `--controllers`, and the scheduler. */
export type ControllerName =
  | 'scheduler'
  | 'serviceaccount'
  | 'root-ca-cert-publisher'
  | 'namespace'
  | 'garbagecollector'
  | 'resourcequota'
  | 'nodelifecycle'
  | 'taint-eviction-controller'
  | 'podgc'
  | 'persistentvolume-binder'
  | 'attachdetach'
  | 'persistentvolume-expander'
  | 'ephemeral-volume'
  | 'pvc-protection'
  | 'pv-protection';

const STARTS: Readonly<Record<ControllerName, ControllerStart>> = {
  scheduler: startScheduler,
  serviceaccount: startServiceAccounts,
  'root-ca-cert-publisher': startRootCertificates,
  namespace: startNamespaces,
  garbagecollector: startGarbageCollector,
  resourcequota: startResourceQuotas,
  nodelifecycle: startNodeLifecycle,
  'taint-eviction-controller': startTaintEviction,
  podgc: startPodCollector,
  'persistentvolume-binder': startPersistentVolumes,
  attachdetach: startAttachDetach,
  'persistentvolume-expander': startExpander,
  'ephemeral-volume': startEphemeralVolumes,
  'pvc-protection': startClaimProtection,
  'pv-protection': startVolumeProtection,
};

/** Every name that the `controllers` option takes, in the order in which they start. */
export const controllerNames: readonly ControllerName[] = Object.keys(STARTS) as ControllerName[];

/** What runs: each controller can be stopped and started by itself. */
export interface Controllers {
  readonly list: readonly Controller[];
  get(name: ControllerName): Controller | undefined;
  /** Stops them all. */
  stop(): void;
}

/**
 * Starts controllers. Until something changes they are subscriptions and nothing else.
 * Throws a SimulationError BAD_OPTION for a name that no controller has.
 * @param names the `controllers` option: `true` (default) for all, `false` for none, or a list
 */
export function createControllers(
  options: ControllerDependencies & { readonly names?: boolean | readonly ControllerName[] },
): Controllers {
  const { names = true, ...dependencies } = options;
  const wanted = names === true ? controllerNames : names === false ? [] : names;
  for (const name of wanted) checkName(name);
  const list = controllerNames
    .filter((name) => wanted.includes(name))
    .map((name) => new Controller(name, dependencies, STARTS[name]));
  for (const controller of list) controller.start();
  return {
    list,
    get: (name) => list.find((controller) => controller.name === name),
    stop: () => {
      for (const controller of list) controller.stop();
    },
  };
}

function checkName(name: string): void {
  if ((controllerNames as readonly string[]).includes(name)) return;
  throw new SimulationError(
    'BAD_OPTION',
    `controllers: ${JSON.stringify(name)} is not known; known: ${controllerNames.join(', ')}`,
  );
}
