import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mutatedObject, mutatedText } from './manifests.ts';
import { takenOrRefused } from './outcome.ts';
import {
  change,
  changedOrRefused,
  patch,
  patchedOrRefused,
  selectedOrRefused,
  selector,
} from './requests.ts';
import {
  clusterOrRefused,
  options,
  quantity,
  quantityOrNone,
  simulation,
  simulationOrRefused,
} from './settings.ts';

/** What became of a sample; the full count is in test/long. Another seed each time, which a failure prints. */
function outcomes<T>(arbitrary: fc.Arbitrary<T>, put: (one: T) => string, numRuns = 300) {
  const seen = new Set<string>();
  fc.assert(
    fc.property(arbitrary, (one) => void seen.add(put(one))),
    { numRuns },
  );
  return seen;
}

const BOTH = new Set(['taken', 'refused']);

test('an object with something wrong is taken, or refused by an ApiError, and then nothing has changed', () => {
  expect(outcomes(mutatedObject, takenOrRefused)).toEqual(BOTH);
});

test('so is a text', () => {
  expect(outcomes(mutatedText, takenOrRefused)).toEqual(BOTH);
});

test('so is an object where there is one of that name', () => {
  expect(outcomes(change, changedOrRefused)).toEqual(BOTH);
});

test('so is a patch', () => {
  expect(outcomes(patch, patchedOrRefused)).toEqual(BOTH);
});

test('so is a selector', () => {
  expect(outcomes(selector, selectedOrRefused)).toEqual(BOTH);
});

test('so are the options of a cluster, by a SimulationError', () => {
  expect(outcomes(options, clusterOrRefused, 150)).toEqual(BOTH);
});

test('so is a Simulation document', () => {
  expect(outcomes(simulation, simulationOrRefused)).toEqual(BOTH);
});

test('a quantity has one canonical form, or is none', () => {
  expect(outcomes(quantity, quantityOrNone, 1000)).toEqual(BOTH);
});
