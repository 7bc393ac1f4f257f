import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mutatedObject, mutatedText, takenOrRefused } from './fuzz.ts';

/** A sample; the full count is in test/long. Another seed each time, which a failure prints. */
const RUNS = { numRuns: 400 };

function count(arbitrary: fc.Arbitrary<unknown>): Set<string> {
  const seen = new Set<string>();
  fc.assert(
    fc.property(arbitrary, (manifest) => void seen.add(takenOrRefused(manifest))),
    RUNS,
  );
  return seen;
}

test('an object with something wrong is taken, or refused by an ApiError, and then nothing has changed', () => {
  expect(count(mutatedObject)).toEqual(new Set(['taken', 'refused']));
});

test('so is a text', () => {
  expect(count(mutatedText)).toEqual(new Set(['taken', 'refused']));
});
