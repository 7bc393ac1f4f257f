import type { InformerEvent } from '../../api/informer.ts';
import { type Operation, TickLoop, turn, type WorkQueue } from '../../sim/index.ts';
import { type ControllerContext, keyOf, type Stored, splitKey } from '../context.ts';
import { classOf, hasClass } from './annotations.ts';
import { Binder } from './binder.ts';
import { OwnCache } from './cache.ts';
import { type ClaimSync, syncClaim } from './claim-sync.ts';
import { isDelayed, isFullyBound } from './claims.ts';
import { findMatch } from './matching.ts';
import { VolumeOperations } from './operations.ts';
import { Provisioning } from './provisioning.ts';
import { Reclaiming } from './reclaiming.ts';
import { isDefault, StorageClasses } from './storage-classes.ts';
import { UnscheduledPods } from './unscheduled-pods.ts';
import { syncVolume, type VolumeSync } from './volume-sync.ts';

/** `--pvclaimbinder-sync-period`. */
const RESYNC = 15_000;

/** Steps that a volume takes to get its phase. */
const TURNS = 3;

/** Starts the PV controller: binds claims and volumes. */
export function startPersistentVolumes(context: ControllerContext): void {
  new PersistentVolumeController(context).start();
}

/**
 * Two queues with a worker each, and a resync every 15 s, here only of what it would do something for: claims that wait.
 * Models pkg/controller/volume/persistentvolume/pv_controller_base.go.
 */
class PersistentVolumeController {
  readonly #context: ControllerContext;
  readonly #binder: Binder;
  readonly #claimSync: ClaimSync;
  readonly #reclaiming: Reclaiming;
  readonly #claimQueue: WorkQueue;
  readonly #volumeQueue: WorkQueue;
  /** Claims and volumes that the next resync has something to do for. */
  readonly #waitingClaims = new Set<string>();
  readonly #failedVolumes = new Set<string>();
  /** The resync, when it can change something; and when it would say the same again. */
  readonly #resync: TickLoop;
  readonly #repeat: TickLoop;
  /** Volumes in the queue or being looked at. */
  readonly #dueVolumes = new Set<string>();
  /** Something came since the last resync that lets the next one change something. */
  #help = false;
  #lastResync = Number.NEGATIVE_INFINITY;

  constructor(context: ControllerContext) {
    this.#context = context;
    const claims = new OwnCache(context, 'PersistentVolumeClaim', (e) => this.#claimChanged(e));
    const volumes = new OwnCache(context, 'PersistentVolume', (e) => this.#volumeChanged(e));
    this.#binder = new Binder(context, claims, volumes);
    const classes = new StorageClasses(context, (event) => this.#classChanged(event));
    const pods = new UnscheduledPods(context);
    const operations = new VolumeOperations(context);
    this.#reclaiming = new Reclaiming(this.#binder, operations, (name) => this.#lookAgain(name));
    this.#claimSync = {
      binder: this.#binder,
      classes,
      provisioning: new Provisioning(this.#binder, classes, operations),
      unscheduledPods: (claim) => pods.using(claim),
    };
    const retry = context.dependencies.rules.atLeast('1.36') ? 'backoff' : 'none';
    const name = 'persistentvolume-binder';
    this.#claimQueue = context.queue({
      name: `${name}: claims`,
      sync: (key) => this.#syncClaim(key),
      retry,
    });
    this.#volumeQueue = context.queue({
      name: `${name}: volumes`,
      sync: (key) => this.#syncVolume(key),
      retry,
    });
    this.#resync = this.#loop(`${name}: resync`, 'work');
    this.#repeat = this.#loop(`${name}: repeated resync`, 'retry');
  }

  start(): void {
    const { claims, context, volumes } = this.#binder;
    const { metrics, plugins } = context.dependencies;
    metrics?.volumes.watch({
      volumes: () => volumes.list(),
      claims: () => claims.list(),
      plugins,
    });
    for (const volume of this.#binder.volumes.list()) this.#enqueueVolume(keyOf(volume));
    for (const claim of this.#binder.claims.list()) this.#claimQueue.add(keyOf(claim));
  }

  #enqueueVolume(name: string): void {
    this.#dueVolumes.add(name);
    this.#volumeQueue.add(name);
  }

  #loop(name: string, timerClass: 'work' | 'retry'): TickLoop {
    const { simulation } = this.#context.dependencies;
    return new TickLoop(simulation, this.#context.owner, {
      name,
      period: RESYNC,
      start: simulation.now + RESYNC,
      class: timerClass,
      pass: () => this.#resyncAll(timerClass),
    });
  }

  #claimChanged({ type, object }: InformerEvent<Stored<'PersistentVolumeClaim'>>): void {
    const key = keyOf(object);
    if (type !== 'DELETED') return this.#claimQueue.add(key);
    this.#waitingClaims.delete(key);
    this.#restIfDone();
    const { volumeName } = object.spec;
    if (volumeName) this.#enqueueVolume(volumeName);
    else this.#leftReserved(object);
  }

  /** A claim went that was half bound: the resync finds its volume. */
  #leftReserved({ metadata }: Stored<'PersistentVolumeClaim'>): void {
    for (const { metadata: volume, spec } of this.#binder.volumes.list()) {
      if (spec.claimRef?.uid !== metadata.uid) continue;
      this.#failedVolumes.add(volume.name);
      this.#helped();
    }
  }

  #volumeChanged({ type, object, old }: InformerEvent<Stored<'PersistentVolume'>>): void {
    const { name } = object.metadata;
    const { claimRef } = object.spec;
    if (type === 'DELETED') {
      const { context } = this.#binder;
      context.dependencies.metrics?.volumes.done(name, context.now);
      this.#failedVolumes.delete(name);
      if (claimRef) this.#claimQueue.add(`${claimRef.namespace}/${claimRef.name}`);
      return;
    }
    this.#enqueueVolume(name);
    const owner = old?.spec.claimRef;
    if (owner && owner.uid !== claimRef?.uid) this.#taken(`${owner.namespace}/${owner.name}`, name);
    this.#mayHelp((claim) => this.#helps(object, claim));
  }

  /** A bound claim lost its volume by somebody's hand: the resync sees it. */
  #taken(key: string, volume: string): void {
    const claim = this.#binder.claims.get(...splitKey(key));
    if (!claim || !isFullyBound(claim) || claim.spec.volumeName !== volume) return;
    this.#waitingClaims.add(key);
    this.#helped();
  }

  #helps(volume: Stored<'PersistentVolume'>, claim: Stored<'PersistentVolumeClaim'>): boolean {
    const { volumeName } = claim.spec;
    if (volumeName) return volumeName === volume.metadata.name;
    const { rules } = this.#context.dependencies;
    const delayed = isDelayed(claim, this.#claimSync.classes);
    return findMatch(claim, [volume], { rules, delayed }) !== undefined;
  }

  #classChanged({ object }: InformerEvent<Stored<'StorageClass'>>): void {
    const { name } = object.metadata;
    this.#mayHelp((claim) => (hasClass(claim) ? classOf(claim) === name : isDefault(object)));
  }

  /** Something came that a waiting claim may be waiting for: the next resync is more than a repetition. */
  #mayHelp(helps: (claim: Stored<'PersistentVolumeClaim'>) => boolean): void {
    for (const key of this.#waitingClaims) {
      const claim = this.#binder.claims.get(...splitKey(key));
      if (claim && helps(claim)) return this.#helped();
    }
  }

  #helped(): void {
    this.#help = true;
    this.#resync.wake();
  }

  *#syncClaim(key: string): Operation {
    const claim = this.#binder.claims.get(...splitKey(key));
    if (!claim) return;
    if (claim.status?.phase !== 'Bound') yield* this.#volumesFirst();
    const current = this.#binder.claims.get(...splitKey(key));
    if (!current) return;
    this.#waitingClaims.delete(key);
    try {
      yield* syncClaim(this.#claimSync, current);
    } finally {
      this.#noteClaim(key);
    }
  }

  /**
   * In fifo order volumes that came together with a claim get their phase first, as they do when a person applies a file:
   * else every such claim would wait for the resync.
   */
  *#volumesFirst(): Operation {
    if (this.#context.dependencies.simulation.order !== 'fifo') return;
    for (let turns = TURNS * this.#dueVolumes.size; turns > 0; turns--) yield* turn();
  }

  /** A claim that is still not bound is looked at by every resync. */
  #noteClaim(key: string): void {
    const claim = this.#binder.claims.get(...splitKey(key));
    if (!claim || (isFullyBound(claim) && claim.status?.phase === 'Bound')) {
      this.#waitingClaims.delete(key);
      this.#restIfDone();
      return;
    }
    this.#waitingClaims.add(key);
    if (repeats(claim, this.#binder)) this.#repeat.wake();
  }

  *#syncVolume(key: string): Operation {
    const volume = this.#binder.volumes.get(undefined, key);
    if (!volume) {
      this.#dueVolumes.delete(key);
      return;
    }
    let done = false;
    this.#failedVolumes.delete(key);
    try {
      yield* syncVolume(this.#volumeSync, volume);
      done = true;
    } finally {
      this.#dueVolumes.delete(key);
      if (done) this.#restIfDone();
      else this.#lookAgain(key);
    }
  }

  /** Nothing waits for the resync: it would do nothing. */
  #restIfDone(): void {
    if (this.#waitingClaims.size > 0 || this.#failedVolumes.size > 0) return;
    this.#help = false;
    this.#resync.rest();
    this.#repeat.rest();
  }

  get #volumeSync(): VolumeSync {
    return {
      binder: this.#binder,
      reclaiming: this.#reclaiming,
      enqueueClaim: (claim) => this.#claimQueue.add(claim),
    };
  }

  /** The next resync may do what did not work. */
  #lookAgain(volume: string): void {
    this.#failedVolumes.add(volume);
    this.#repeat.wake();
  }

  #resyncAll(timerClass: 'work' | 'retry'): undefined {
    if (this.#lastResync === this.#context.now) {
      // This tick's resync was before what there is to do now: the next one does it.
      if (timerClass === 'work' && this.#help) this.#resync.wake();
      return;
    }
    this.#lastResync = this.#context.now;
    this.#help = false;
    for (const key of this.#waitingClaims) this.#claimQueue.add(key);
    for (const key of this.#failedVolumes) this.#enqueueVolume(key);
    this.#failedVolumes.clear();
  }
}

/** The next resync would say something, or try again: not for a claim whose volume is simply not there. */
function repeats(claim: Stored<'PersistentVolumeClaim'>, { volumes }: Binder): boolean {
  const { volumeName } = claim.spec;
  if (claim.status?.phase === 'Lost') return false;
  return !volumeName || volumes.get(undefined, volumeName) !== undefined;
}
