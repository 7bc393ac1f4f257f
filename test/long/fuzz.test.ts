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
import {
  clusterOrRefused,
  options,
  quantity,
  quantityOrNone,
  simulation,
  simulationOrRefused,
} from '../api/fuzz/settings.ts';

/* Manifests, and what is done to them, are taken, or refused by an error of ours that changes nothing. */

/** Another one each time; `FUZZ_SEED=…` repeats a run. */
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

function all<T>(arbitrary: fc.Arbitrary<T>, put: (one: T) => string, numRuns: number): void {
  const seen = { taken: 0, refused: 0 };
  const count = (one: T): void => {
    seen[put(one) === 'taken' ? 'taken' : 'refused']++;
  };
  fc.assert(fc.property(arbitrary, count), { numRuns, seed });
  console.info(`seed ${seed}: ${seen.taken} taken, ${seen.refused} refused`);
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(numRuns / 100);
}

test('100,000 objects', () => all(mutatedObject, takenOrRefused, 100_000));
test('50,000 texts', () => all(mutatedText, takenOrRefused, 50_000));
test('50,000 objects where there is one of that name', () => all(change, changedOrRefused, 50_000));
test('30,000 patches', () => all(patch, patchedOrRefused, 30_000));
test('20,000 selectors', () => all(selector, selectedOrRefused, 20_000));
test('5,000 options of clusters', () => all(options, clusterOrRefused, 5_000));
test('30,000 Simulation documents', () => all(simulation, simulationOrRefused, 30_000));
test('100,000 quantities', () => all(quantity, quantityOrNone, 100_000));
