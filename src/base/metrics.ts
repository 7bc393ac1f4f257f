import { compare } from './text.ts';

/** Labels of one series, by name. */
export type MetricLabels = Readonly<Record<string, string>>;

/** One line of a family: `name` has the suffix that histograms give (`_bucket`, `_sum`, `_count`). */
export interface MetricSample {
  readonly name: string;
  readonly labels: MetricLabels;
  readonly value: number;
}

/** All series of one name. Models io.prometheus.client.MetricFamily. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: readonly MetricSample[];
}

interface Series<State> {
  readonly labels: MetricLabels;
  readonly state: State;
}

/** Series by their labels, each made when it is used first. */
class SeriesMap<State> {
  readonly #series = new Map<string, Series<State>>();
  readonly #make: () => State;

  constructor(make: () => State) {
    this.#make = make;
  }

  get(labels: MetricLabels): State {
    const key = keyOf(labels);
    let series = this.#series.get(key);
    if (!series) this.#series.set(key, (series = { labels, state: this.#make() }));
    return series.state;
  }

  /** By their labels. */
  sorted(): Series<State>[] {
    return [...this.#series].sort(([a], [b]) => compare(a, b)).map(([, series]) => series);
  }
}

/** A count that only grows. */
export class Counter {
  readonly #series = new SeriesMap(() => ({ value: 0 }));

  add(labels: MetricLabels = {}, by = 1): void {
    this.#series.get(labels).value += by;
  }

  /** @param name of the family */
  samples(name: string): MetricSample[] {
    return this.#series.sorted().map(({ labels, state }) => ({ name, labels, value: state.value }));
  }
}

/** How often something was how large. */
export class Histogram {
  readonly #buckets: readonly number[];
  readonly #series: SeriesMap<{ counts: number[]; sum: number }>;

  /** @param buckets their upper bounds, without +Inf */
  constructor(buckets: readonly number[]) {
    this.#buckets = buckets;
    this.#series = new SeriesMap(() => ({ counts: [...buckets, 0].map(() => 0), sum: 0 }));
  }

  observe(labels: MetricLabels, value: number): void {
    const state = this.#series.get(labels);
    const at = this.#buckets.findIndex((bound) => value <= bound);
    const index = at < 0 ? this.#buckets.length : at;
    state.counts[index] = (state.counts[index] ?? 0) + 1;
    state.sum += value;
  }

  /** @param name of the family */
  samples(name: string): MetricSample[] {
    const bounds = [...this.#buckets.map(goFloat), '+Inf'];
    return this.#series.sorted().flatMap(({ labels, state }) => {
      let count = 0;
      const buckets = bounds.map((le, i) => {
        count += state.counts[i] ?? 0;
        return { name: `${name}_bucket`, labels: { ...labels, le }, value: count };
      });
      const sum = { name: `${name}_sum`, labels, value: state.sum };
      return [...buckets, sum, { name: `${name}_count`, labels, value: count }];
    });
  }
}

/** Values of a gauge when they are asked for. */
export type ReadGauge = () => Iterable<readonly [labels: MetricLabels, value: number]>;

/** The metrics of one component. Gauges are computed when they are read. */
export class MetricRegistry {
  readonly #families: (() => MetricFamily)[] = [];

  /**
   * @param options.zero the series without labels is there from the start
   * @param options.type some that only grow are called gauges all the same
   */
  counter(
    name: string,
    help: string,
    { zero = false, type = 'counter' }: { zero?: boolean; type?: 'counter' | 'gauge' } = {},
  ): Counter {
    const counter = new Counter();
    if (zero) counter.add({}, 0);
    this.#families.push(() => ({ name, help, type, samples: counter.samples(name) }));
    return counter;
  }

  histogram(name: string, help: string, buckets: readonly number[]): Histogram {
    const histogram = new Histogram(buckets);
    this.#families.push(() => ({
      name,
      help,
      type: 'histogram',
      samples: histogram.samples(name),
    }));
    return histogram;
  }

  gauge(name: string, help: string, read: ReadGauge): void {
    this.#families.push(() => {
      const values = [...read()].map(([labels, value]) => ({ name, labels, value }));
      values.sort((a, b) => compare(keyOf(a.labels), keyOf(b.labels)));
      return { name, help, type: 'gauge', samples: values };
    });
  }

  /** Those that have series, by name. */
  families(): MetricFamily[] {
    const families = this.#families.map((read) => read());
    return families
      .filter(({ samples }) => samples.length > 0)
      .sort((a, b) => compare(a.name, b.name));
  }
}

/** Metrics in Prometheus' text format 0.0.4. Models prometheus/common/expfmt. */
export function metricsText(families: readonly MetricFamily[]): string {
  return families.map(familyText).join('');
}

function familyText({ name, help, type, samples }: MetricFamily): string {
  const text = help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
  const lines = samples.map((one) => `${one.name}${labelText(one.labels)} ${goFloat(one.value)}\n`);
  return `# HELP ${name} ${text}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

/** By name; `le` comes last. */
function labelText(labels: MetricLabels): string {
  const pairs = pairsOf(labels).map(([name, value]) => {
    const text = value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');
    return `${name}="${text}"`;
  });
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function pairsOf(labels: MetricLabels): [string, string][] {
  return Object.entries(labels).sort(
    ([a], [b]) => Number(a === 'le') - Number(b === 'le') || compare(a, b),
  );
}

function keyOf(labels: MetricLabels): string {
  let key = '';
  let last = '';
  for (const name in labels) {
    if (name < last) return keyOf(sorted(labels));
    key += `${name}\u0000${labels[name]}\u0001`;
    last = name;
  }
  return key;
}

function sorted(labels: MetricLabels): MetricLabels {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => compare(a, b)));
}

/** As strconv.FormatFloat(value, 'g', -1, 64) prints. */
export function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const [digits = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (value === 0 || (exponent >= -4 && exponent < 6)) return String(value);
  const sign = exponent < 0 ? '-' : '+';
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
