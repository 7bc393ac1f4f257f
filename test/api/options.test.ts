import { describe, expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';
import { readSimulation } from '../../src/teaching/index.ts';

/** What is said of options that are none. */
function said(options: object): string {
  try {
    createCluster(options);
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('options of a cluster that are none', () => {
  test.each([
    [{ seed: {} }, 'createCluster: seed: {} is not a whole number'],
    [{ seed: Number.NaN }, 'createCluster: seed: NaN is not a whole number'],
    [
      { controllers: { a: 1 } },
      'createCluster: controllers: {"a":1} is none of true, false and a list of names',
    ],
    [
      { nodes: [{ name: 'n', kubeletConfiguration: { evictionHard: null } }] },
      'evictionHard: must be an object, by signal, not null',
    ],
    [
      { nodes: [{ name: 'n', capacity: { ephemeralStorage: '512Ki' } }] },
      'node n: capacity.ephemeralStorage: "512Ki" is too little: a node does not start on less than 1Mi',
    ],
  ])('%j', (options, message) => {
    expect(said(options)).toBe(`SimulationError: ${message}`);
  });

  test('a node starts on 1Mi', () => {
    expect(said({ nodes: [{ name: 'n', capacity: { ephemeralStorage: '1Mi' } }] })).toBe('');
  });
});

test('an action of a Simulation is one by its own name', () => {
  const spec = JSON.parse('{"then":[{"constructor":{}}]}') as object;
  const document = { apiVersion: 'kubelet-volumes/v1', kind: 'Simulation', spec };
  expect(() => readSimulation(document)).toThrow(
    'Simulation: spec.then[0].constructor: unknown action; known: ',
  );
});
