import type { VersionRules } from '../api/index.ts';
import {
  type Counter,
  type MetricFamily,
  type MetricLabels,
  MetricRegistry,
} from '../base/index.ts';
import { StorageOperations } from '../plugin/index.ts';
import { VolumeMetrics } from './persistent-volume/metrics.ts';

/** Volumes of the attach/detach controller, by the qualified name of their plugin. */
export interface AttachDetachWorlds {
  /** One for each volume and node. */
  readonly desired: () => Iterable<string>;
  readonly actual: () => Iterable<string>;
  /** One for each volume of each Pod that has a node. */
  readonly inUse: () => Iterable<readonly [node: string, plugin: string]>;
}

/** What kube-controller-manager counts, under upstream's names. Models pkg/controller/volume/attachdetach/metrics. */
export class ControllerMetrics {
  readonly operations: StorageOperations;
  /** Claims and volumes. */
  readonly volumes: VolumeMetrics;
  readonly #registry = new MetricRegistry();
  readonly #forcedDetaches: Counter;
  /** Claims of generic ephemeral volumes that were to be made: since 1.21. */
  readonly #ephemeral: { readonly total: Counter; readonly failures: Counter } | undefined;
  readonly #withReason: boolean;
  #worlds: AttachDetachWorlds | undefined;

  constructor(rules: VersionRules) {
    const registry = this.#registry;
    this.operations = new StorageOperations(registry, rules);
    this.volumes = new VolumeMetrics(registry, rules, this.operations);
    this.#ephemeral = rules.atLeast('1.21') ? ephemeralCounters(registry) : undefined;
    this.#withReason = rules.atLeast('1.28');
    const forced = 'attachdetach_controller_forced_detaches';
    this.#forcedDetaches = registry.counter(
      this.#withReason ? `attach_detach_controller_${forced}` : forced,
      'Volumes that were detached although their node may still have used them',
      { zero: !this.#withReason },
    );
    registry.gauge(
      'attachdetach_controller_total_volumes',
      'Volumes of the attach/detach controller',
      () => this.#totalVolumes(),
    );
    registry.gauge(
      'storage_count_attachable_volumes_in_use',
      'Volumes of Pods on a node that have to be attached',
      () => this.#inUse(),
    );
  }

  /** A volume was taken from a node that may still have used it. */
  forcedDetach(reason: 'timeout' | 'out-of-service'): void {
    this.#forcedDetaches.add(this.#withReason ? { reason } : {});
  }

  /** A claim of a generic ephemeral volume was to be made. */
  ephemeralClaim(failed: boolean): void {
    this.#ephemeral?.total.add();
    if (failed) this.#ephemeral?.failures.add();
  }

  /** The worlds of the controller that runs now. */
  watchWorlds(worlds: AttachDetachWorlds): void {
    this.#worlds = worlds;
  }

  /** Everything, as it is now. */
  families(): MetricFamily[] {
    return this.#registry.families();
  }

  #totalVolumes(): [MetricLabels, number][] {
    const { desired, actual } = this.#worlds ?? {};
    return [
      ...counted('desired_state_of_world', desired?.() ?? []),
      ...counted('actual_state_of_world', actual?.() ?? []),
    ];
  }

  #inUse(): [MetricLabels, number][] {
    const counts = new Map<string, [MetricLabels, number]>();
    for (const [node, volume_plugin] of this.#worlds?.inUse() ?? []) {
      const key = `${node} ${volume_plugin}`;
      const [labels, count] = counts.get(key) ?? [{ node, volume_plugin }, 0];
      counts.set(key, [labels, count + 1]);
    }
    return [...counts.values()];
  }
}

function ephemeralCounters(registry: MetricRegistry): { total: Counter; failures: Counter } {
  const options = { zero: true };
  return {
    total: registry.counter(
      'ephemeral_volume_controller_create_total',
      'Claims of generic ephemeral volumes that were to be made',
      options,
    ),
    failures: registry.counter(
      'ephemeral_volume_controller_create_failures_total',
      'Claims of generic ephemeral volumes that could not be made',
      options,
    ),
  };
}

function counted(state: string, names: Iterable<string>): [MetricLabels, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([plugin_name, count]) => [{ plugin_name, state }, count]);
}
