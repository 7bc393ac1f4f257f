import { compare, type MetricFamily, type MetricLabels, metricsText } from '../base/index.ts';

/** One component that counts: a kubelet, or the controllers. */
export interface MetricSource {
  /** Labels that a scraper would add; none where there is no doubt. */
  readonly labels: MetricLabels;
  readonly families: () => readonly MetricFamily[];
}

/** What kubelets and controllers count, under upstream's names. Gauges are computed when they are read. */
export interface Metrics {
  /** Every family that has series, by name. */
  readonly families: readonly MetricFamily[];
  /**
   * The sum of the series of a name that have these labels; of a histogram name `…_count`, `…_sum` or `…_bucket` with `le`.
   * Undefined when there is none.
   * @example cluster.metrics.value('kubelet_evictions', { eviction_signal: 'emptydirfs.limit' })
   */
  value(name: string, labels?: MetricLabels): number | undefined;
  /** Everything in Prometheus' text format. */
  text(): string;
}

/** The metrics of several components as one. */
export class MetricsView implements Metrics {
  readonly #sources: () => readonly MetricSource[];

  constructor(sources: () => readonly MetricSource[]) {
    this.#sources = sources;
  }

  get families(): readonly MetricFamily[] {
    const byName = new Map<string, MetricFamily>();
    for (const { labels, families } of this.#sources()) {
      for (const family of families()) {
        const more = family.samples.map((one) => ({
          ...one,
          labels: { ...labels, ...one.labels },
        }));
        const samples = [...(byName.get(family.name)?.samples ?? []), ...more];
        byName.set(family.name, { ...family, samples });
      }
    }
    return [...byName.values()].sort((a, b) => compare(a.name, b.name));
  }

  value(name: string, labels: MetricLabels = {}): number | undefined {
    const wanted = Object.entries(labels);
    const samples = this.families
      .flatMap((family) => family.samples)
      .filter(
        (one) => one.name === name && wanted.every(([key, text]) => one.labels[key] === text),
      );
    if (samples.length === 0) return undefined;
    return samples.reduce((sum, one) => sum + one.value, 0);
  }

  text(): string {
    return metricsText(this.families);
  }
}
