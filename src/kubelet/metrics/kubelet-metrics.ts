import type { VersionRules } from '../../api/index.ts';
import {
  type Counter,
  type Histogram,
  type MetricFamily,
  MetricRegistry,
  type ReadGauge,
} from '../../base/index.ts';
import { StorageOperations } from '../../plugin/index.ts';
import { SELinuxMetrics } from './selinux-metrics.ts';

/** Upper bounds, in seconds. Models prometheus.DefBuckets. */
const DEFAULT_BUCKETS: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Counts of things that went well or not. */
export interface Attempts {
  readonly total: Counter;
  readonly errors: Counter;
}

/** What the last sweep over the directories of pods found. */
export interface Sweep {
  readonly pods: number;
  readonly failed: number;
}

/**
 * What one life of a kubelet counts, under upstream's names; a restart begins anew. Models pkg/kubelet/metrics and
 * pkg/kubelet/volumemanager/metrics.
 */
export class KubeletMetrics {
  readonly operations: StorageOperations;
  readonly seLinux: SELinuxMetrics;
  /** What was found on the disk, and what was left there, is told of: since 1.27. */
  readonly tellsLeftovers: boolean;
  readonly reconstructions: Attempts;
  readonly forcedCleanUps: Attempts;
  readonly #registry = new MetricRegistry();
  readonly #rules: VersionRules;
  /** Since 1.16, and 1.14. */
  readonly #evictions: Counter | undefined;
  readonly #statsAge: Histogram | undefined;
  /** Since 1.29. */
  readonly #imagesCollected: Counter | undefined;

  constructor(rules: VersionRules) {
    const registry = this.#registry;
    this.#rules = rules;
    this.operations = new StorageOperations(registry, rules);
    this.seLinux = new SELinuxMetrics(registry, rules);
    this.tellsLeftovers = rules.atLeast('1.27');
    const found = this.tellsLeftovers ? registry : new MetricRegistry();
    this.reconstructions = {
      total: counter(found, 'reconstruct_volume_operations_total', 'Volumes found on the disk'),
      errors: counter(
        found,
        'reconstruct_volume_operations_errors_total',
        'Volumes found on the disk that could not be understood',
      ),
    };
    this.forcedCleanUps = {
      total: counter(
        found,
        'force_cleaned_failed_volume_operations_total',
        'Volumes torn down by force after they could not be understood',
      ),
      errors: counter(
        found,
        'force_cleaned_failed_volume_operation_errors_total',
        'Volumes that could not be torn down by force',
      ),
    };
    if (rules.atLeast('1.16'))
      this.#evictions = registry.counter('kubelet_evictions', 'Pods evicted, by eviction signal');
    if (rules.atLeast('1.29')) {
      const images = 'Images deleted, by reason: too little room, or unused for too long';
      this.#imagesCollected = registry.counter('kubelet_image_garbage_collected_total', images);
    }
    if (rules.before('1.14')) return;
    const age = 'Seconds between measuring and evicting, by eviction signal';
    this.#statsAge = registry.histogram('kubelet_eviction_stats_age_seconds', age, DEFAULT_BUCKETS);
  }

  /** A Pod was evicted for a signal. Until 1.17 those that were over a limit of their own were not counted. */
  evicted(signal: string): void {
    if (signal.endsWith('.limit') && this.#rules.before('1.18')) return;
    this.#evictions?.add({ eviction_signal: signal });
  }

  /** An image was deleted. Why is told since 1.30. */
  imageCollected(reason: 'space' | 'age'): void {
    this.#imagesCollected?.add(this.#rules.before('1.30') ? {} : { reason });
  }

  /** Pods are evicted for a signal that was measured so many seconds ago. */
  statsAge(signal: string, seconds: number): void {
    this.#statsAge?.observe({ eviction_signal: signal }, seconds);
  }

  /** Values that are computed when they are read. */
  gauge(name: string, help: string, read: ReadGauge): void {
    this.#registry.gauge(name, help, read);
  }

  /** Everything, as it is now. */
  families(): MetricFamily[] {
    return this.#registry.families();
  }
}

/** Gauges of the last sweep over the directories of pods that are gone. */
export function addSweepMetrics(metrics: KubeletMetrics, read: () => Sweep): void {
  if (!metrics.tellsLeftovers) return;
  const pods = 'Orphaned pods whose volumes the last sweep looked at';
  metrics.gauge('kubelet_orphan_pod_cleaned_volumes', pods, () => [[{}, read().pods]]);
  const failed = 'Orphaned pods whose volumes the last sweep could not clean';
  metrics.gauge('kubelet_orphan_pod_cleaned_volumes_errors', failed, () => [[{}, read().failed]]);
}

function counter(registry: MetricRegistry, name: string, help: string): Counter {
  return registry.counter(name, help, { zero: true });
}
