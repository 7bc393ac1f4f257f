import { deepEqual } from '../../api/index.ts';
import type { Informer, InformerEvent } from '../../api/informer.ts';
import { doAt, type Operation, type WorkQueue } from '../../sim/index.ts';
import { type ControllerContext, isSimulated, keyOf, type Stored, splitKey } from '../context.ts';
import { bindPod, type Decision, reportFailure } from './binding.ts';
import { evictVictims } from './evict-victims.ts';
import type { Diagnosis } from './message.ts';
import { Usage } from './node-usage.ts';
import { Nominations } from './nominations.ts';
import { findNode, searchFor } from './placement.ts';
import { findPreemption, type NoPreemption, type Preemption, unhelpful } from './preemption.ts';
import type { FilterName } from './rejection.ts';
import { Reservations } from './reservations.ts';
import type { VolumeLister } from './volume-filters.ts';

/** A Pod that fitted nowhere when it was last looked at. */
interface Unschedulable {
  readonly filters: ReadonlySet<FilterName>;
  readonly attempts: number;
  readonly last: number;
  moving: boolean;
}

/** Why a Pod has no node, and the one that it may have once others are gone. */
interface Failure {
  readonly diagnosis: Diagnosis;
  readonly preemption?: Preemption | NoPreemption;
}

const NODE_FILTERS: readonly FilterName[] = [
  'NodeUnschedulable',
  'NodeName',
  'TaintToleration',
  'NodeAffinity',
  'NodePorts',
  'NodeResourcesFit',
  'NodeCondition',
  'VolumeBinding',
  'VolumeZone',
  'VolumeRestrictions',
  'NodeVolumeLimits',
];
const POD_FILTERS: readonly FilterName[] = [
  'NodePorts',
  'NodeResourcesFit',
  'VolumeRestrictions',
  'NodeVolumeLimits',
];
const VOLUME_FILTERS: readonly FilterName[] = ['VolumeBinding', 'VolumeZone'];
const CLAIM_FILTERS: readonly FilterName[] = [
  'VolumeBinding',
  'VolumeZone',
  'VolumeRestrictions',
  'NodeVolumeLimits',
];

const BACKOFF = 1000;
const BACKOFF_MAX = 10_000;

/** The scheduler that Pods name unless they say otherwise. */
export const DEFAULT_SCHEDULER = 'default-scheduler';

/** Starts the scheduler. */
export function startScheduler(context: ControllerContext): void {
  new Scheduler(context).start();
}

/**
 * Gives Pods without a node a node. A Pod that fits nowhere waits until something changes that concerns what rejected it.
 * Models pkg/scheduler/schedule_one.go and its scheduling queue.
 */
class Scheduler implements VolumeLister {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #pods: Informer<'Pod'>;
  readonly #nodes: Informer<'Node'>;
  readonly #claims: Informer<'PersistentVolumeClaim'>;
  readonly #volumes: Informer<'PersistentVolume'>;
  readonly #classes: Informer<'StorageClass'>;
  readonly #csiNodes: Informer<'CSINode'>;
  readonly #csiDrivers: Informer<'CSIDriver'>;
  readonly #capacities: Informer<'CSIStorageCapacity'>;
  readonly #usage: Usage;
  readonly #unschedulable = new Map<string, Unschedulable>();
  /** Attempts of Pods that are not settled yet. */
  readonly #attempts = new Map<string, number>();
  /** Pods that a node was chosen for, and is being written. */
  readonly #assumed = new Set<string>();
  readonly #reserved = new Reservations();
  readonly #nominated: Nominations;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#usage = new Usage(context.dependencies.rules);
    this.#nominated = new Nominations(this.#usage);
    this.#queue = context.queue({ name: 'scheduler', sync: (key) => this.#schedule(key) });
    this.#pods = context.informer('Pod', (event) => this.#podChanged(event));
    this.#nodes = context.informer('Node', (event) => this.#nodeChanged(event));
    this.#claims = context.informer('PersistentVolumeClaim', ({ object }) =>
      this.#move(CLAIM_FILTERS, (pod) => usesClaim(pod, object)),
    );
    this.#volumes = context.informer('PersistentVolume', ({ type }) => {
      if (type !== 'DELETED') this.#move(VOLUME_FILTERS);
    });
    this.#classes = context.informer('StorageClass', ({ type }) => {
      if (type !== 'DELETED') this.#move(VOLUME_FILTERS);
    });
    this.#csiNodes = context.informer('CSINode', ({ type }) => {
      if (type !== 'DELETED') this.#move(['NodeVolumeLimits', 'VolumeBinding']);
    });
    this.#csiDrivers = context.informer('CSIDriver', () => this.#move(['VolumeBinding']));
    this.#capacities = context.informer('CSIStorageCapacity', ({ type }) => {
      if (type !== 'DELETED') this.#move(['VolumeBinding']);
    });
  }

  start(): void {
    for (const pod of this.#pods.list()) this.#podChanged({ type: 'ADDED', object: pod });
  }

  claim(namespace: string, name: string): Stored<'PersistentVolumeClaim'> | undefined {
    const now = this.#claims.get(namespace, name);
    return newer(this.#reserved.claims.get(`${namespace}/${name}`), now);
  }

  volume(name: string): Stored<'PersistentVolume'> | undefined {
    return this.#volumes.get(undefined, name);
  }

  volumes(): readonly Stored<'PersistentVolume'>[] {
    const { volumes } = this.#reserved;
    const all = this.#volumes.list();
    if (volumes.size === 0) return all;
    return all.map((volume) => newer(volumes.get(volume.metadata.name), volume));
  }

  storageClass(name: string): Stored<'StorageClass'> | undefined {
    return this.#classes.get(undefined, name);
  }

  csiNode(name: string): Stored<'CSINode'> | undefined {
    return this.#csiNodes.get(undefined, name);
  }

  csiDriver(name: string): Stored<'CSIDriver'> | undefined {
    return this.#csiDrivers.get(undefined, name);
  }

  storageCapacities(): readonly Stored<'CSIStorageCapacity'>[] {
    return this.#capacities.list();
  }

  #podChanged({ type, object: pod, old }: InformerEvent<Stored<'Pod'>>): void {
    const key = keyOf(pod);
    const over = type === 'DELETED' || isTerminal(pod);
    if (over || pod.spec.nodeName) this.#forget(key);
    if (over) {
      this.#usage.remove(key);
      if (pod.spec.nodeName) this.#move(POD_FILTERS);
    } else if (pod.spec.nodeName) {
      if (!old?.spec.nodeName || changed(pod, old)) this.#usage.place(pod, pod.spec.nodeName);
      else this.#usage.renew(pod);
    } else if (isWaiting(pod) && (!old || changed(pod, old))) {
      this.#queue.add(key);
    }
  }

  #forget(key: string): void {
    this.#unschedulable.delete(key);
    this.#attempts.delete(key);
    this.#assumed.delete(key);
    this.#nominated.delete(key);
  }

  #nodeChanged({ type, object, old }: InformerEvent<Stored<'Node'>>): void {
    if (type === 'DELETED') return;
    if (!old || placeOf(object) !== placeOf(old)) this.#move(NODE_FILTERS);
  }

  /** Looks again at the Pods that one of the filters rejected, when their back-off is over. */
  #move(filters: readonly FilterName[], concerns?: (pod: Stored<'Pod'>) => boolean): void {
    for (const [key, entry] of this.#unschedulable) {
      if (entry.moving || !isConcerned(entry, filters)) continue;
      const pod = concerns && this.#pods.get(...splitKey(key));
      if (concerns && !(pod && concerns(pod))) continue;
      entry.moving = true;
      this.#again(key, entry);
    }
  }

  #again(key: string, { attempts, last }: Unschedulable): void {
    const until = last + Math.min(BACKOFF * 2 ** (attempts - 1), BACKOFF_MAX);
    if (until <= this.#context.now) return this.#queue.add(key);
    const queue = this.#queue;
    const later = doAt(until, { class: 'work', reason: `back-off of ${key}` }, () => {
      queue.add(key);
    });
    this.#context.spawn(`scheduler: back-off of ${key}`, later);
  }

  #schedule(key: string): Operation | undefined {
    const pod = this.#pods.get(...splitKey(key));
    if (!pod || !isWaiting(pod) || this.#assumed.has(key)) return undefined;
    const attempts = (this.#attempts.get(key) ?? 0) + 1;
    this.#attempts.set(key, attempts);
    this.#unschedulable.delete(key);
    const found = this.#nominated.beside(pod, () => this.#find(pod));
    if (!('node' in found)) return this.#reject(pod, found, attempts);
    this.#nominated.delete(key);
    this.#assumed.add(key);
    this.#usage.place(pod, found.node.metadata.name);
    this.#reserved.add(found);
    this.#context.spawn(`scheduler: bind ${key}`, this.#bind(pod, found, attempts));
    return undefined;
  }

  /** A node, or why there is none, and who could make room. */
  #find(pod: Stored<'Pod'>): Decision | Failure {
    const { rules } = this.#context.dependencies;
    const nodes = this.#nodes.list();
    if (nodes.length === 0) return { diagnosis: { rejections: [] } };
    const search = searchFor(pod, { usage: this.#usage, lister: this, rules });
    if ('refusal' in search) {
      const diagnosis = { ...search, nodes: nodes.length };
      return { diagnosis, preemption: { message: unhelpful(nodes.length) } };
    }
    const found = findNode(search, nodes);
    if ('node' in found) return found;
    if (!rules.gate('PodPriority')) return { diagnosis: found };
    return { diagnosis: found, preemption: findPreemption(search, nodes, found.rejections) };
  }

  *#reject(pod: Stored<'Pod'>, { diagnosis, preemption }: Failure, attempts: number): Operation {
    const key = keyOf(pod);
    const filters = new Set(filtersOf(diagnosis));
    const last = this.#context.now;
    this.#unschedulable.set(key, { filters, attempts, last, moving: false });
    if (preemption && 'node' in preemption) {
      this.#nominated.set(pod, preemption.node);
      yield* evictVictims(this.#context, pod, preemption);
    } else if (!preemption?.waits) this.#nominated.delete(key);
    yield* reportFailure(this.#context, pod, diagnosis, preemption);
  }

  *#bind(pod: Stored<'Pod'>, decision: Decision, attempts: number): Operation {
    const key = keyOf(pod);
    try {
      yield* bindPod(this.#context, pod, decision);
    } catch (error) {
      this.#forgetAssumed(pod);
      if (!isSimulated(error)) throw error;
      const last = this.#context.now;
      const entry: Unschedulable = { filters: new Set(), attempts, last, moving: true };
      this.#again(key, entry);
      this.#reserved.remove(decision);
      yield* reportFailure(this.#context, pod, error);
      return;
    }
    this.#reserved.remove(decision);
  }

  /** It is on no node after all; another Pod of its name is not meant. */
  #forgetAssumed(pod: Stored<'Pod'>): void {
    const key = keyOf(pod);
    const now = this.#pods.get(...splitKey(key));
    if (now && now.metadata.uid !== pod.metadata.uid) return;
    this.#assumed.delete(key);
    this.#usage.remove(key);
  }
}

/** One of the filters rejected the Pod; or none did, as there was no node. */
function isConcerned(
  { filters: rejecting }: Unschedulable,
  filters: readonly FilterName[],
): boolean {
  return rejecting.size === 0 || filters.some((filter) => rejecting.has(filter));
}

function filtersOf(diagnosis: Diagnosis): FilterName[] {
  if ('rejections' in diagnosis) return diagnosis.rejections.flat().map(({ filter }) => filter);
  return [diagnosis.refusal.filter];
}

/** What was decided, until it or something else has been written. Models the scheduler's AssumeCache. */
function newer<T extends Stored<'PersistentVolumeClaim'> | Stored<'PersistentVolume'> | undefined>(
  reserved: T | undefined,
  now: T,
): T {
  const same = reserved?.metadata.resourceVersion === now?.metadata.resourceVersion;
  return reserved && same ? reserved : now;
}

/** Nobody has decided on it, and it is for this scheduler to do. */
function isWaiting({ metadata, spec, status }: Stored<'Pod'>): boolean {
  if (spec.nodeName || metadata.deletionTimestamp || isTerminal({ status })) return false;
  if ((spec.schedulingGates?.length ?? 0) > 0) return false;
  return (spec.schedulerName ?? DEFAULT_SCHEDULER) === DEFAULT_SCHEDULER;
}

function isTerminal({ status }: Pick<Stored<'Pod'>, 'status'>): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** Something that decides where a Pod may run: all but its status. */
function changed(pod: Stored<'Pod'>, old: Stored<'Pod'>): boolean {
  return !deepEqual(pod.spec, old.spec) || !deepEqual(pod.metadata.labels, old.metadata.labels);
}

/** What of a node decides who may run there. */
function placeOf({ metadata, spec, status }: Stored<'Node'>): string {
  const { taints, unschedulable } = spec ?? {};
  const conditions = status?.conditions?.map((one) => [one.type, one.status]);
  return JSON.stringify([metadata.labels, taints, unschedulable, status?.allocatable, conditions]);
}

function usesClaim(pod: Stored<'Pod'>, claim: Stored<'PersistentVolumeClaim'>): boolean {
  const { namespace, name } = claim.metadata;
  if (pod.metadata.namespace !== namespace) return false;
  return (pod.spec.volumes ?? []).some(({ persistentVolumeClaim, ephemeral, name: volume }) =>
    ephemeral
      ? name === `${pod.metadata.name}-${volume}`
      : persistentVolumeClaim?.claimName === name,
  );
}
