import type { KubernetesObject, Store, VersionRules } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import type { NodeSystem, PluginRegistry } from '../plugin/index.ts';
import type { Random, Simulation } from '../sim/index.ts';
import type { ControllerMetrics } from './metrics.ts';
import type { Heartbeats } from './node-lifecycle/heartbeats.ts';

/** Records core/v1 Events. The component is who reports: `default-scheduler`, `persistentvolume-controller`, … */
export interface ControllerEvents {
  event(
    component: string,
    involved: DeepReadonly<KubernetesObject>,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void;
  /** Of a controller that starts: what was told before is new again. */
  ofNewProcess(): ControllerEvents;
}

/** What every controller is given. */
export interface ControllerDependencies {
  readonly simulation: Simulation;
  readonly store: Store;
  readonly rules: VersionRules;
  readonly events: ControllerEvents;
  readonly random: Random;
  /** Volume types, as kube-controller-manager has them. */
  readonly plugins: PluginRegistry;
  /** Who counts what they do. Default: nobody looks. */
  readonly metrics?: ControllerMetrics;
  /** Where the controllers run: what they do with files of a volume, they do there. */
  readonly host?: (() => NodeSystem | undefined) | undefined;
  /** kube-controller-manager's `--enable-hostpath-provisioner`. Default false. */
  readonly enableHostPathProvisioner?: boolean | undefined;
  readonly disableForceDetachOnTimeout?: boolean | undefined;
  /** Which kubelets say that they live. Default: nobody listens. */
  readonly heartbeats?: Heartbeats | undefined;
  /** The machine of a node, by the node's name. */
  readonly nodes: (name: string) => NodeSystem | undefined;
}
