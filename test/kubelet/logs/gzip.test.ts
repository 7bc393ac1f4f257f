import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { gzip } from '../../../src/kubelet/logs/gzip.ts';

/** Bytes that no two neighbours of are alike for long, and the same each time. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

const lines = (count: number): Uint8Array =>
  new TextEncoder().encode(
    Array.from({ length: count }, (_, i) => `2024-01-01T00:00:00Z stdout F line ${i}\n`).join(''),
  );

describe('gzip', () => {
  test.each([
    ['nothing', new Uint8Array(0)],
    ['a byte', Uint8Array.of(255)],
    ['two bytes', Uint8Array.of(7, 7)],
    ['all bytes', Uint8Array.from({ length: 256 }, (_, i) => i)],
    ['zeroes', new Uint8Array(100_000)],
    ['noise', noise(100_000)],
    ['lines', lines(5000)],
    [
      'what comes again further off than a window',
      new Uint8Array([...noise(40_000), ...noise(40_000)]),
    ],
  ])('packs %s as others unpack it', (_, bytes) => {
    expect(new Uint8Array(gunzipSync(gzip(bytes)))).toEqual(bytes);
  });

  test('makes logs much smaller, and noise hardly larger', () => {
    expect(gzip(lines(5000)).length).toBeLessThan(lines(5000).length / 4);
    expect(gzip(noise(100_000)).length).toBeLessThan(108_000);
  });

  test('has the header of Go, without a time', () => {
    expect([...gzip(Uint8Array.of(1)).subarray(0, 10)]).toEqual([
      0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff,
    ]);
  });
});
