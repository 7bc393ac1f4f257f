import fc from 'fast-check';
import { test } from 'vitest';
import { mutatedObject, mutatedText, takenOrRefused } from '../api/fuzz.ts';

const RUNS = { numRuns: 50_000 };

test.each([
  ['objects', mutatedObject as fc.Arbitrary<unknown>],
  ['texts', mutatedText as fc.Arbitrary<unknown>],
])('50,000 mutated %s are taken, or refused by an ApiError', (_, arbitrary) => {
  fc.assert(
    fc.property(arbitrary, (manifest) => void takenOrRefused(manifest)),
    RUNS,
  );
});
