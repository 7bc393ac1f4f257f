import { expect, test } from 'vitest';
import {
  byteLength,
  bytesOf,
  goDuration,
  goSlice,
  milliseconds,
  quoted,
  rfc3339,
  subscription,
} from '../../src/base/index.ts';

test.each([
  ['90s', 90_000],
  ['1h30m', 5_400_000],
  ['1.5s', 1500],
  ['250ms', 250],
  [1234, 1234],
  ['0', 0],
  ['2d', 172_800_000],
] as const)('%s is %d ms', (text, ms) => expect(milliseconds(text)).toBe(ms));

test.each(['', 'soon', '5', '-5s', -1, Number.NaN, Number.POSITIVE_INFINITY, '1h 30m'])(
  '%s is no duration',
  (bad) => {
    expect(() => milliseconds(bad, 'within')).toThrow(/^within: .* is not a duration/);
  },
);

test.each([
  [500, '500ms'],
  [123_000, '2m3s'],
  [3_600_000, '1h0m0s'],
  [0, '0s'],
  [122_000, '2m2s'],
  [1500, '1.5s'],
  [0.5, '500µs'],
])('%d ms is printed %s', (ms, text) => expect(goDuration(ms)).toBe(text));

test('strings are quoted as Go does', () => {
  expect(quoted('a "b"\n\t\\ é \u0001 \u200b \ud83d\ude00')).toBe(
    '"a \\"b\\"\\n\\t\\\\ é \\x01 \\u200b \ud83d\ude00"',
  );
});

test('slices and times', () => {
  expect(goSlice(['a', 'b'])).toBe('[a b]');
  expect(rfc3339(1_704_067_200_999)).toBe('2024-01-01T00:00:00Z');
});

test('a subscription stops once', () => {
  let stops = 0;
  const one = subscription(() => {
    stops++;
  });
  one.unsubscribe();
  one[Symbol.dispose]();
  expect(stops).toBe(1);
});

test.each([
  '',
  'abc',
  'é',
  '\u07ff\u0800',
  '€',
  '\ud83d\ude00',
  '\ud83d',
  '\ude00a',
  'a\ud83d\ud83d\ude00\ude00',
])('bytes of %j are counted as they are written', (text) =>
  expect(byteLength(text)).toBe(bytesOf(text).length),
);
