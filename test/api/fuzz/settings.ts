import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { compareQuantities, formatQuantity, parseQuantity } from '../../../src/base/index.ts';
import { createCluster, SimulationError } from '../../../src/index.ts';
import { KernelError } from '../../../src/kernel/index.ts';
import { isSimulation, readSimulation } from '../../../src/teaching/index.ts';
import { mutate, mutation } from './manifests.ts';

/** A good set of options, with something of nearly everything. */
const OPTIONS = {
  nodes: [
    'node-1',
    {
      name: 'node-2',
      labels: { a: 'b' },
      taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }],
      os: 'linux',
      zone: 'z',
      cloud: 'gce',
      capacity: { cpu: '2', memory: '1Gi', ephemeralStorage: '1Gi', pods: '10' },
      allocatable: { cpu: '1' },
      imageFilesystem: { size: '1Gi' },
      kubeletConfiguration: { evictionHard: { 'memory.available': '100Mi' }, syncFrequency: '1m' },
      containerRuntime: { mountFlags: 'shared' },
      binaries: { git: true },
      kernelModules: { nfs: false },
      files: { '/data/greeting': 'hello' },
    },
  ],
  kubernetesVersion: '1.31',
  featureGates: { ImageVolume: true },
  seed: 1,
  order: 'fifo',
  startTime: '2024-01-01T00:00:00Z',
  controllers: ['attach-detach'],
  enableHostPathProvisioner: true,
  fieldValidation: 'warn',
  trace: { keep: 10 },
};

/** Those with a few things changed. */
export const options: fc.Arbitrary<unknown> = changed([OPTIONS]);

const examples = new URL('../../../examples/', import.meta.url);

/** The documents of the examples that set a scene, with a few things changed. */
export const simulation: fc.Arbitrary<unknown> = changed(
  readdirSync(examples)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => parseAllDocuments(readFileSync(new URL(file, examples), 'utf8')))
    .map((document) => document.toJS() as unknown)
    .filter(isSimulation),
);

function changed(good: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.nat(), fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([which, mutations]) => {
      const one = structuredClone(good[which % good.length]);
      for (const each of mutations) mutate(one, each);
      return one;
    });
}

/** Done, or refused by a SimulationError that says something. */
function doneOrMisused(action: () => unknown): 'taken' | 'refused' {
  try {
    action();
    return 'taken';
  } catch (error) {
    // A node's files that cannot be made are refused in the kernel's words.
    if (error instanceof KernelError) return 'refused';
    if (!(error instanceof SimulationError)) throw error;
    if (error.message === '' || error.message.includes('[object Object]')) {
      throw new Error(`a message that says little: ${error.message}`);
    }
    return 'refused';
  }
}

export function clusterOrRefused(given: unknown): 'taken' | 'refused' {
  return doneOrMisused(() => createCluster(given as object));
}

export function simulationOrRefused(document: unknown): 'taken' | 'refused' {
  return doneOrMisused(() => readSimulation(document));
}

const digits = fc.string({ unit: fc.constantFrom(...'0123456789.'), maxLength: 25 });
const suffix = fc.constantFrom(
  ...['', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'],
  ...['e3', 'E-3', 'e999', 'e', 'K', 'x', ' '],
);

export const quantity: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(fc.constantFrom('', '-', '+', ' '), digits, suffix).map((parts) => parts.join('')),
  fc.string(),
);

/**
 * What is a quantity is the same amount in its canonical form, which does not change any more. One with a binary suffix is rounded up to
 * whole units, and may lose the suffix, as upstream.
 */
export function quantityOrNone(text: string): 'taken' | 'refused' {
  const read = parseQuantity(text);
  if (!read) return 'refused';
  const canonical = formatQuantity(read);
  const again = parseQuantity(canonical);
  if (!again) throw new Error(`${text}: ${canonical} is no quantity`);
  const order = compareQuantities(canonical, text);
  if (read.format === 'BinarySI') {
    if (again.nanos - read.nanos >= 10n ** 9n) throw new Error(`${text} is not ${canonical}`);
  } else if (order !== 0 || formatQuantity(again) !== canonical) {
    throw new Error(`${text} is not ${canonical}`);
  }
  return 'taken';
}
