import type { VersionRules } from '../../api/index.ts';
import type { Counter, MetricLabels, MetricRegistry } from '../../base/index.ts';
import {
  type PluginRegistry,
  persistentSpec,
  qualifiedPluginName,
  type StorageOperations,
} from '../../plugin/index.ts';
import type { Stored } from '../context.ts';
import { classOf } from './annotations.ts';
import { volumeModeOf } from './claims.ts';

type Claim = Stored<'PersistentVolumeClaim'>;
type Volume = Stored<'PersistentVolume'>;

/** What the PV controller knows of. */
export interface VolumesAndClaims {
  readonly volumes: () => readonly Volume[];
  readonly claims: () => readonly Claim[];
  readonly plugins: PluginRegistry;
}

/** A volume that is being made or deleted. */
interface Started {
  readonly plugin: string;
  readonly operation: 'provision' | 'delete';
  readonly at: number;
}

/**
 * What the PV controller counts: claims and volumes, and how long it takes until a claim has the volume that is made for it, and
 * until a released volume is gone. Models pkg/controller/volume/persistentvolume/metrics.
 */
export class VolumeMetrics {
  readonly operations: StorageOperations;
  readonly #errors: Counter;
  readonly #classes: { readonly total: Counter; readonly errors: Counter } | undefined;
  readonly #started = new Map<string, Started>();
  #known: VolumesAndClaims | undefined;

  constructor(registry: MetricRegistry, rules: VersionRules, operations: StorageOperations) {
    this.operations = operations;
    this.#errors = registry.counter(
      'volume_operation_total_errors',
      'Failed attempts to make or delete volumes',
    );
    this.#classes = rules.atLeast('1.26') ? classCounters(registry) : undefined;
    if (rules.atLeast('1.10')) this.#countVolumes(registry);
    if (rules.atLeast('1.10')) this.#countClaims(registry, rules.atLeast('1.31'));
    if (rules.atLeast('1.20')) this.#countByPlugin(registry);
  }

  /** The caches of the controller that runs now. */
  watch(known: VolumesAndClaims): void {
    this.#known = known;
  }

  /** A claim without a class was given the default one, or that failed. */
  classSet(failed: boolean): void {
    this.#classes?.total.add();
    if (failed) this.#classes?.errors.add();
  }

  /** A volume is to be made or deleted, unless that has begun already. */
  begin(key: string, started: Started): void {
    if (!this.#started.has(key)) this.#started.set(key, started);
  }

  /** It did not work this time. */
  failed(key: string): void {
    const started = this.#started.get(key);
    if (!started) return;
    this.#errors.add({ plugin_name: started.plugin, operation_name: started.operation });
  }

  /** The claim has its volume, or the volume is gone. */
  done(key: string, now: number): void {
    const started = this.#started.get(key);
    if (!started) return;
    this.#started.delete(key);
    const { plugin, operation, at } = started;
    this.operations.finished(plugin, operation, (now - at) / 1000);
  }

  #countVolumes(registry: MetricRegistry): void {
    const labels = ({ spec }: Volume): MetricLabels => ({
      storage_class: spec.storageClassName ?? '',
    });
    const volumes = (bound: boolean): [MetricLabels, number][] =>
      counted(this.#known?.volumes().filter((one) => isBound(one) === bound) ?? [], labels);
    registry.gauge('pv_collector_bound_pv_count', 'Volumes that are bound', () => volumes(true));
    registry.gauge('pv_collector_unbound_pv_count', 'Volumes that are not bound', () =>
      volumes(false),
    );
  }

  #countClaims(registry: MetricRegistry, byClass: boolean): void {
    const labels = (claim: Claim): MetricLabels => ({
      namespace: claim.metadata.namespace,
      ...(byClass && {
        storage_class: classOf(claim),
        volume_attributes_class: claim.spec.volumeAttributesClassName ?? '',
      }),
    });
    const claims = (bound: boolean): [MetricLabels, number][] =>
      counted(this.#known?.claims().filter((one) => isBound(one) === bound) ?? [], labels);
    registry.gauge('pv_collector_bound_pvc_count', 'Claims that are bound', () => claims(true));
    registry.gauge('pv_collector_unbound_pvc_count', 'Claims that are not bound', () =>
      claims(false),
    );
  }

  #countByPlugin(registry: MetricRegistry): void {
    registry.gauge('pv_collector_total_pv_count', 'Volumes, by plugin and mode', () => {
      const { volumes, plugins } = this.#known ?? {};
      if (!volumes || !plugins) return [];
      return counted(volumes(), (volume) => ({
        plugin_name: pluginNameOf(volume, plugins),
        volume_mode: volumeModeOf(volume),
      }));
    });
  }
}

function classCounters(registry: MetricRegistry): { total: Counter; errors: Counter } {
  const options = { zero: true };
  return {
    total: registry.counter(
      'retroactive_storageclass_total',
      'Claims that were to be given the default class later on',
      options,
    ),
    errors: registry.counter(
      'retroactive_storageclass_errors_total',
      'Claims that could not be given the default class later on',
      options,
    ),
  };
}

function isBound({ status }: Claim | Volume): boolean {
  return status?.phase === 'Bound';
}

function pluginNameOf(volume: Volume, plugins: PluginRegistry): string {
  const spec = persistentSpec(volume, true, plugins);
  try {
    return qualifiedPluginName(plugins.bySpec(spec), spec);
  } catch {
    return 'N/A';
  }
}

function counted<T>(
  objects: readonly T[],
  labelsOf: (object: T) => MetricLabels,
): [MetricLabels, number][] {
  const counts = new Map<string, [MetricLabels, number]>();
  for (const object of objects) {
    const labels = labelsOf(object);
    const key = JSON.stringify(labels);
    counts.set(key, [labels, (counts.get(key)?.[1] ?? 0) + 1]);
  }
  return [...counts.values()];
}
