import type { Pod } from '../api/index.ts';
import type { DeepReadonly, MetricFamily } from '../base/index.ts';
import type { Owner } from '../sim/index.ts';
import { Caches } from './caches.ts';
import { Housekeeping } from './housekeeping.ts';
import type { KubeletDependencies } from './kubelet.ts';
import { ContainerLogManager } from './logs/container-log-manager.ts';
import { makeContext } from './make-context.ts';
import { TokenManager } from './managers/tokens.ts';
import { makeNodeParts, type NodeParts } from './node-parts.ts';
import { PeriodicSyncs } from './periodic-syncs.ts';
import { PlannedSyncs } from './planned-syncs.ts';
import type { PodContext } from './pod/context.ts';
import { KnownPods } from './pod/pod-manager.ts';
import { PodWorkers } from './pod/pod-workers.ts';
import { FileSource, isMirrorPod, StaticPods } from './static-pods/index.ts';
import { SyncLoop } from './sync-loop.ts';
import type { NodeVolumeManager } from './volume-manager/index.ts';

/** One life of a kubelet: from its start until it stops or dies. What has to outlive it is on the disk or in the runtime. */
export class KubeletLife {
  readonly owner: Owner;
  readonly #dependencies: KubeletDependencies;
  readonly #context: PodContext;
  readonly #pods = new KnownPods();
  readonly #workers: PodWorkers;
  readonly #tokens: TokenManager;
  readonly #caches: Caches;
  readonly #node: NodeParts;
  readonly #periodic: PeriodicSyncs;
  readonly #loop: SyncLoop;
  readonly #static: StaticPods;
  readonly #files: FileSource;
  readonly #housekeeping: Housekeeping;
  readonly #logs: ContainerLogManager;

  constructor(dependencies: KubeletDependencies) {
    const { machine, simulation, store } = dependencies;
    this.#dependencies = dependencies;
    this.owner = simulation.owner(`kubelet ${machine.name}`);
    this.#tokens = this.#makeTokens();
    this.#caches = new Caches(dependencies, this.owner);
    this.#workers = new PodWorkers(() => this.#context, {
      onState: (worker) => this.#loop.moved(worker),
      onSynced: (worker) => this.#loop.synced(worker),
    });
    this.#context = this.#makeContext();
    this.#node = makeNodeParts(dependencies, this.#context, this.#workers);
    this.#periodic = new PeriodicSyncs(this.#context, (uid) => this.#workers.wake(uid));
    this.#loop = this.#makeLoop();
    this.#static = this.#makeStaticPods();
    this.#files = new FileSource(this.#context, store, (found) => this.#static.update(found));
    const isStatic = (name: string): boolean => this.#static.knows(name);
    this.#housekeeping = new Housekeeping(this.#context, this.#pods, this.#workers, isStatic);
    this.#logs = new ContainerLogManager(this.#context);
  }

  get volumes(): NodeVolumeManager {
    return this.#context.volumes;
  }

  readonly #containersChanged = (uid: string): void => this.#loop.containersChanged(uid);

  /** Reads the disk, then the API, and goes on from there. */
  start(): void {
    const { runtime } = this.#dependencies;
    const { layout, mirrors, volumes } = this.#context;
    layout.setUp();
    const pods = this.#watch();
    runtime.onChange = this.#containersChanged;
    this.#node.status.wake();
    this.#node.images.start();
    this.#node.eviction.start();
    this.#logs.start();
    volumes.run();
    for (const pod of pods) if (isMirrorPod(pod)) mirrors.set(pod);
    this.#static.update(this.#files.start());
    this.#loop.begin(pods);
    this.#workers.markSynced();
    volumes.sourcesReady();
    const left = layout.pods.readdir().length > 0 || mirrors.names().length > 0;
    if (left || [...runtime.podUids()].length > 0) this.#housekeeping.wake();
  }

  /** What it counts, as it is now. */
  metrics(): MetricFamily[] {
    return this.#context.metrics.families();
  }

  /** The node is to go down: pods are ended first, as far as there is time for it. Then `down` is called. */
  shutDown(down: () => void): void {
    const { simulation, machine } = this.#dependencies;
    simulation.spawn(`${machine.name}: node shutdown`, this.owner, this.#node.shutdown.run(), {
      onEnd: down,
    });
  }

  /** Everything stops where it is. */
  end(): void {
    this.#caches.stop();
    this.#files.stop();
    this.#dependencies.runtime.onChange = undefined;
    this.#node.images.stop();
    this.#node.eviction.stop();
    this.#logs.stop();
    this.owner.whenCrashed(undefined);
    this.owner.crash();
  }

  #makeContext(): PodContext {
    return makeContext(this.#dependencies, {
      owner: this.owner,
      source: this.#caches,
      tokens: this.#tokens,
      pods: this.#pods,
      workers: this.#workers,
      onVolumesInUseChanged: () => this.#node.status.wake(),
      onUnmounted: (uid) => this.#loop.unmounted(uid),
    });
  }

  #makeTokens(): TokenManager {
    const { machine, simulation, rules, tokens } = this.#dependencies;
    return new TokenManager({
      now: () => simulation.now,
      issuer: tokens,
      chance: (key) => simulation.random.fresh('token-refresh', `${machine.name}/${key}`).next(),
      jitters: rules.atLeast('1.20'),
      log: (level, message) => this.#context.log(level, message),
    });
  }

  #makeLoop(): SyncLoop {
    const [context, periodic, tokens] = [this.#context, this.#periodic, this.#tokens];
    const wake = (uid: string): void => this.#workers.wake(uid);
    return new SyncLoop({
      context,
      pods: this.#pods,
      workers: this.#workers,
      node: this.#node,
      periodic,
      planned: new PlannedSyncs({ context, periodic, tokens, wake }),
      statics: () => this.#static,
      housekeeping: () => this.#housekeeping,
    });
  }

  #makeStaticPods(): StaticPods {
    return new StaticPods({
      workers: this.#workers,
      start: (pod) => {
        this.#context.statuses.forget(pod.metadata.uid);
        this.#loop.added(pod);
      },
      end: (pod) => this.#loop.removed(pod),
    });
  }

  #watch(): DeepReadonly<Pod>[] {
    return this.#caches.start({
      pod: (event) => this.#loop.podEvent(event),
      object: (kind, namespace, name) => {
        const uids = this.#context.objects.podsThatMount(kind, namespace, name);
        for (const uid of uids) this.#periodic.plan(uid);
      },
      node: (type) => {
        this.volumes.nodeChanged();
        if (type === 'ADDED') this.#loop.nodeAdded();
      },
      resized: (persistentVolume) => {
        const uids = this.volumes.podsToGrow(persistentVolume);
        for (const uid of uids) this.#periodic.plan(uid);
      },
    });
  }
}
