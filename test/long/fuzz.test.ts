import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mutatedObject, mutatedText } from '../api/fuzz/manifests.ts';
import { takenOrRefused } from '../api/fuzz/outcome.ts';
import {
  change,
  changedOrRefused,
  patch,
  patchedOrRefused,
  selectedOrRefused,
  selector,
} from '../api/fuzz/requests.ts';

/* Manifests, and what is done to them, are taken, or refused by an ApiError that changes nothing. */

function all<T>(arbitrary: fc.Arbitrary<T>, put: (one: T) => string, numRuns: number): void {
  const seen = { taken: 0, refused: 0 };
  const count = (one: T): void => {
    seen[put(one) === 'taken' ? 'taken' : 'refused']++;
  };
  fc.assert(fc.property(arbitrary, count), { numRuns });
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(numRuns / 100);
}

test('100,000 objects', () => all(mutatedObject, takenOrRefused, 100_000));
test('50,000 texts', () => all(mutatedText, takenOrRefused, 50_000));
test('50,000 objects where there is one of that name', () => all(change, changedOrRefused, 50_000));
test('30,000 patches', () => all(patch, patchedOrRefused, 30_000));
test('20,000 selectors', () => all(selector, selectedOrRefused, 20_000));
