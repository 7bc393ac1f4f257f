import { expect, test } from 'vitest';
import { goFloat, MetricRegistry, metricsText } from '../../src/base/index.ts';

test('text as Prometheus reads it: families by name, series by labels, le last', () => {
  const registry = new MetricRegistry();
  const seconds = registry.histogram('z_seconds', 'How long', [0.1, 1]);
  registry.counter('unused_total', 'Never');
  const total = registry.counter('a_total', 'A "thing"\nwith \\');
  registry.gauge('m', 'Now', () => [
    [{ state: 'b' }, 2],
    [{ state: 'a' }, 1.5],
  ]);
  seconds.observe({ operation: 'x', about: 'y' }, 0.1);
  seconds.observe({ operation: 'x', about: 'y' }, 5);
  total.add({ path: 'a"b\\c\nd' });
  total.add({ path: 'a"b\\c\nd' }, 2);
  expect(metricsText(registry.families())).toBe(`# HELP a_total A "thing"\\nwith \\\\
# TYPE a_total counter
a_total{path="a\\"b\\\\c\\nd"} 3
# HELP m Now
# TYPE m gauge
m{state="a"} 1.5
m{state="b"} 2
# HELP z_seconds How long
# TYPE z_seconds histogram
z_seconds_bucket{about="y",operation="x",le="0.1"} 1
z_seconds_bucket{about="y",operation="x",le="1"} 1
z_seconds_bucket{about="y",operation="x",le="+Inf"} 2
z_seconds_sum{about="y",operation="x"} 5.1
z_seconds_count{about="y",operation="x"} 2
`);
});

test('a counter without labels can be there from the start', () => {
  const registry = new MetricRegistry();
  registry.counter('a_total', 'A', { zero: true });
  expect(metricsText(registry.families())).toContain('\na_total 0\n');
});

test.each([
  [0, '0'],
  [2.5, '2.5'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [123456, '123456'],
  [1048576, '1.048576e+06'],
  [1e21, '1e+21'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NaN, 'NaN'],
])('%d is written %s', (value, text) => {
  expect(goFloat(value)).toBe(text);
});
