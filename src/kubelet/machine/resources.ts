import { SimulationError } from '../../base/index.ts';
import { amountOf, milliAmountOf, shareOf } from '../../plugin/amounts.ts';
import type { ResourceAmounts } from './node-options.ts';

/** What a node has, and what of it pods may use. Keys are resource names (`ephemeral-storage`), values quantities. */
export interface NodeResources {
  readonly capacity: Readonly<Record<string, string>>;
  readonly allocatable: Readonly<Record<string, string>>;
  /** Size of the disk of images and writable layers, where it is one of its own. */
  readonly imageDisk?: string | undefined;
}

const DEFAULTS: Readonly<Record<string, string>> = {
  cpu: '4',
  memory: '8Gi',
  'ephemeral-storage': '100Gi',
  pods: '110',
};

/** Kept back by the default hard eviction thresholds. Models pkg/kubelet/apis/config/v1beta1/defaults_linux.go. */
const EVICTION_HARD: Readonly<Record<string, string>> = {
  'memory.available': '100Mi',
  'nodefs.available': '10%',
};

/**
 * Capacity and allocatable amounts of a node. Allocatable is capacity less the hard eviction thresholds, and less huge
 * pages for memory. Models GetNodeAllocatable and GetNodeAllocatableReservation of pkg/kubelet/cm.
 *
 * @throws SimulationError BAD_OPTION for a quantity that cannot be read.
 */
export function nodeResources(options: {
  readonly name: string;
  readonly capacity?: ResourceAmounts;
  readonly allocatable?: ResourceAmounts;
  readonly evictionHard?: Readonly<Record<string, string>> | undefined;
  readonly imageFilesystem?: { readonly size?: string };
}): NodeResources {
  const where = `node ${options.name}`;
  const capacity = { ...DEFAULTS, ...read(`${where}: capacity`, options.capacity) };
  const thresholds = options.evictionHard ?? EVICTION_HARD;
  const allocatable = {
    ...capacity,
    memory: memoryFor(capacity, thresholds, where),
    'ephemeral-storage': less(capacity, 'ephemeral-storage', thresholds['nodefs.available'], where),
    ...read(`${where}: allocatable`, options.allocatable),
  };
  return { capacity, allocatable, imageDisk: options.imageFilesystem?.size };
}

/** An amount in its base unit; thousandths for `cpu`. */
export function baseAmount(resource: string, quantity: string): number {
  return resource === 'cpu' ? milliAmountOf(quantity) : amountOf(quantity);
}

function memoryFor(
  capacity: Readonly<Record<string, string>>,
  thresholds: Readonly<Record<string, string>>,
  where: string,
): string {
  const kept = less(capacity, 'memory', thresholds['memory.available'], where);
  const pages = Object.keys(capacity).filter((name) => name.startsWith('hugepages-'));
  if (pages.length === 0) return kept;
  const bytes = pages.reduce((sum, name) => sum + amountOf(capacity[name]), 0);
  return String(Math.max(0, amountOf(kept) - bytes));
}

/** Whole amounts stay as they were written when nothing is taken from them. */
function less(
  capacity: Readonly<Record<string, string>>,
  resource: string,
  threshold: string | undefined,
  where: string,
): string {
  const all = capacity[resource] ?? '0';
  if (threshold === undefined) return all;
  const bytes = amountOf(all);
  const kept = reservation(bytes, threshold, `${where}: evictionHard`);
  if (kept === 0) return all;
  const left = Math.max(0, bytes - kept);
  return resource === 'memory' && left % 1024 === 0 ? `${left / 1024}Ki` : String(left);
}

function reservation(bytes: number, threshold: string, where: string): number {
  const percent = /^([0-9.]+)%$/.exec(threshold)?.[1];
  if (percent !== undefined) return shareOf(bytes, percent);
  return quantity(where, threshold);
}

function read(where: string, amounts: ResourceAmounts | undefined): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, amount] of Object.entries(amounts ?? {})) {
    if (amount === undefined) continue;
    const size = quantity(`${where}.${name}`, amount);
    const resource = name === 'ephemeralStorage' ? 'ephemeral-storage' : name;
    if (resource === 'ephemeral-storage') demandDisk(`${where}.${name}`, amount, size);
    result[resource] = String(amount);
  }
  return result;
}

/** Room for the kubelet's own directories. */
const SMALLEST_DISK = 2 ** 20;

function demandDisk(where: string, amount: unknown, bytes: number): void {
  if (!where.includes(': capacity.') || bytes >= SMALLEST_DISK) return;
  const message = `${where}: ${JSON.stringify(amount)} is too little: a node does not start on less than 1Mi`;
  throw new SimulationError('BAD_OPTION', message);
}

/** Bytes, or whatever the base unit is. Throws a SimulationError that names the option. */
export function quantity(where: string, amount: unknown): number {
  try {
    if (typeof amount !== 'string' && typeof amount !== 'number') throw new Error('not a quantity');
    const value = amountOf(amount);
    if (Number.isFinite(value) && value >= 0) return value;
  } catch {
    // said below, with the name of the option
  }
  throw new SimulationError(
    'BAD_OPTION',
    `${where}: ${JSON.stringify(amount)} is not a quantity such as '10Gi'`,
  );
}
