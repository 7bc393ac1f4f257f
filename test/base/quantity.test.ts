import { describe, expect, test } from 'vitest';
import {
  compareQuantities,
  formatQuantity,
  isQuantity,
  parseQuantity,
  quantityMilliValue,
  quantityValue,
} from '../../src/base/index.ts';

const canonical = (text: string): string | undefined => {
  const read = parseQuantity(text);
  return read && formatQuantity(read);
};

describe('quantities', () => {
  test.each([
    ['0', '0'],
    ['0Gi', '0'],
    ['-0', '0'],
    ['1', '1'],
    ['+1', '1'],
    ['007', '7'],
    ['1000', '1k'],
    ['1500', '1500'],
    ['1000000', '1M'],
    ['100m', '100m'],
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['0.1', '100m'],
    ['.5', '500m'],
    ['1.', '1'],
    ['1n', '1n'],
    ['0.5n', '1n'],
    ['1u', '1u'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['1000Mi', '1000Mi'],
    ['0.5Ki', '512'],
    ['1Ki', '1Ki'],
    ['1023Ki', '1023Ki'],
    ['1E', '1E'],
    ['1e3', '1e3'],
    ['1E3', '1e3'],
    ['1000e3', '1e6'],
    ['1e-3', '1e-3'],
    ['12e1', '120'],
    ['1e100', '9223372036854775807'],
    ['-1.5Gi', '-1536Mi'],
    ['-100m', '-100m'],
  ])('%s is %s', (text, shown) => expect(canonical(text)).toBe(shown));

  test.each([
    '',
    'Gi',
    '1 Gi',
    '1gi',
    '1KI',
    '1K',
    '1e',
    '1e1.5',
    '--1',
    '1.2.3',
    '1Gib',
    '٣',
    '1e9999',
  ])('%j is none', (text) => expect(parseQuantity(text)).toBe(undefined));

  test.each([
    ['1Gi', 1024 ** 3, 1024 ** 3 * 1000],
    ['100m', 1, 100],
    ['1.0001', 2, 1001],
    ['-100m', 0, -100],
    ['1n', 1, 1],
    ['x', Number.NaN, Number.NaN],
  ])('%s is %d whole, %d thousandths: rounded up', (text, whole, thousandths) => {
    expect(quantityValue(text)).toBe(whole);
    expect(quantityMilliValue(text)).toBe(thousandths);
  });

  test.each([
    ['1Gi', '1024Mi', 0],
    ['1Gi', '1G', 1],
    ['1m', '1n', 1],
    ['-1', '0', -1],
    ['1e3', '1k', 0],
  ])('%s against %s: %d', (a, b, order) => expect(compareQuantities(a, b)).toBe(order));
});

test('what is commonly written is reckoned as everything is', () => {
  const amounts = [
    '0',
    '1',
    '7',
    '999',
    '1000',
    '9007199254740',
    '9007199254741',
    '99999999999999999',
  ];
  const suffixes = ['', 'm', 'k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'Ti', 'E', 'Ei', 'n'];
  const all = amounts.flatMap((amount) => suffixes.map((suffix) => `${amount}${suffix}`));
  for (const text of all) {
    expect(isQuantity(text)).toBe(true);
    // With a sign it goes the other way.
    expect([text, quantityMilliValue(text)]).toEqual([text, quantityMilliValue(`+${text}`)]);
    expect([text, quantityValue(text)]).toEqual([text, quantityValue(`+${text}`)]);
    for (const other of all) {
      expect(compareQuantities(text, other)).toBe(compareQuantities(`+${text}`, `+${other}`));
    }
  }
});
