import type { VersionRules } from '../api/index.ts';
import type { Counter, Histogram, MetricRegistry } from '../base/index.ts';
import type { VolumePlugin, VolumeSpec } from './types.ts';

/** Upper bounds, in seconds. */
const BUCKETS: readonly number[] = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 25, 50, 120, 300, 600];

/** One operation on a volume that has ended. */
export interface StorageOperation {
  /** The qualified name of its plugin. */
  readonly plugin: string;
  /** `volume_mount`, `volume_attach`, … */
  readonly operation: string;
  readonly seconds: number;
  readonly failed: boolean;
}

/**
 * What kubelet and controllers count of their operations on volumes. Until 1.22 outcomes had counters of their own, and until
 * 1.20 histograms took no label of them. Models pkg/volume/util/metrics.go.
 */
export class StorageOperations {
  readonly #labelled: boolean;
  readonly #ownership: string | undefined;
  readonly #duration: Histogram;
  readonly #total: Histogram;
  readonly #errors: Counter | undefined;
  readonly #statuses: Counter | undefined;

  constructor(registry: MetricRegistry, rules: VersionRules) {
    this.#labelled = rules.atLeast('1.21');
    this.#ownership = ownershipOperation(rules);
    const counted = rules.before('1.23');
    this.#duration = registry.histogram(
      'storage_operation_duration_seconds',
      'Seconds that operations on volumes took',
      BUCKETS,
    );
    this.#total = registry.histogram(
      'volume_operation_total_seconds',
      'Seconds from the request to the end of operations on volumes',
      BUCKETS,
    );
    const counter = (name: string, help: string): Counter | undefined =>
      counted ? registry.counter(name, help) : undefined;
    this.#errors = counter('storage_operation_errors_total', 'Operations on volumes that failed');
    this.#statuses = counter('storage_operation_status_count', 'Operations on volumes, by outcome');
  }

  /** An operation ended. */
  ended({ plugin, operation, seconds, failed }: StorageOperation): void {
    const labels = { operation_name: operation, volume_plugin: plugin };
    const status = failed ? 'fail-unknown' : 'success';
    if (this.#labelled) this.#observe(plugin, operation, status, seconds);
    else if (!failed) this.#duration.observe(labels, seconds);
    if (failed) this.#errors?.add(labels);
    this.#statuses?.add({ ...labels, status });
  }

  #observe(plugin: string, operation: string, status: string, seconds: number): void {
    const labels = { migrated: 'false', operation_name: operation, status, volume_plugin: plugin };
    this.#duration.observe(labels, seconds);
  }

  /** The files of a volume were given to the Pod's fsGroup. Models FSGroupCompleteHook. */
  owned(plugin: string, seconds: number, failed: boolean): void {
    if (this.#ownership !== undefined)
      this.ended({ plugin, operation: this.#ownership, seconds, failed });
  }

  /** A volume is mounted, so many seconds after a Pod first wanted it. */
  mounted(plugin: string, seconds: number): void {
    this.finished(plugin, 'overall_volume_mount', seconds);
  }

  /** What took several operations is done, so many seconds after it was first wanted. */
  finished(plugin: string, operation: string, seconds: number): void {
    this.#total.observe({ operation_name: operation, plugin_name: plugin }, seconds);
  }
}

function ownershipOperation(rules: VersionRules): string | undefined {
  if (rules.before('1.18')) return undefined;
  return rules.before('1.23') ? 'volume_fsgroup_recursive_apply' : 'volume_apply_access_control';
}

/** A plugin's name, with that of the driver for CSI. Models GetFullQualifiedPluginNameForVolume. */
export function qualifiedPluginName(
  { name }: Pick<VolumePlugin, 'name'>,
  { volume, persistentVolume }: Pick<VolumeSpec, 'volume' | 'persistentVolume'>,
): string {
  const driver = volume?.csi?.driver ?? persistentVolume?.spec.csi?.driver;
  return driver === undefined ? name : `${name}:${driver}`;
}
