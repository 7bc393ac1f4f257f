import type { Pod } from '../api/index.ts';
import { Informer, type InformerEvent } from '../api/informer.ts';
import { compare, type DeepReadonly, type MetricFamily, milliseconds } from '../base/index.ts';
import { type Operation, type Owner, sleepUntil, TickLoop } from '../sim/index.ts';
import { PodAdmission } from './admission.ts';
import { checkStrategy, configurationOf } from './configuration.ts';
import type { KubeletConfiguration } from './contracts.ts';
import { EvictionManager } from './eviction/manager.ts';
import { Housekeeping } from './housekeeping.ts';
import type { KubeletDependencies } from './kubelet.ts';
import { Layout } from './layout.ts';
import { ObjectManager, type ObjectSource } from './managers/object-manager.ts';
import { objectMaxAge } from './managers/object-max-age.ts';
import type { ReferencedKind } from './managers/references.ts';
import { TokenManager } from './managers/tokens.ts';
import { KubeletMetrics } from './metrics/kubelet-metrics.ts';
import { NodeShutdown } from './node-shutdown.ts';
import { NodeStatusUpdater } from './node-status.ts';
import { PeriodicSyncs } from './periodic-syncs.ts';
import { CrashLoopBackOff } from './pod/back-off.ts';
import { podKey } from './pod/containers.ts';
import type { PodContext } from './pod/context.ts';
import { needsSync, showsOwnToken } from './pod/pod-changes.ts';
import { KnownPods } from './pod/pod-manager.ts';
import type { PodWorker } from './pod/pod-worker.ts';
import { PodWorkers } from './pod/pod-workers.ts';
import { reportedResources } from './reported-resources.ts';
import {
  FileSource,
  isMirrorPod,
  isStaticPod,
  MirrorPods,
  StaticPods,
} from './static-pods/index.ts';
import { ReasonCache } from './status/reasons.ts';
import { StatusManager } from './status/status-manager.ts';
import { cleanSubPaths } from './subpath/index.ts';
import { createVolumeManager, type NodeVolumeManager } from './volume-manager/index.ts';

/** Milliseconds between two looks at the containers. */
const PLEG_PERIOD = 1000;

/** One life of a kubelet: from its start until it stops or dies. What has to outlive it is on the disk or in the runtime. */
export class KubeletLife {
  readonly owner: Owner;
  readonly volumes: NodeVolumeManager;
  readonly #dependencies: KubeletDependencies;
  readonly #context: PodContext;
  readonly #pods = new KnownPods();
  readonly #workers: PodWorkers;
  readonly #tokens: TokenManager;
  readonly #nodeStatus: NodeStatusUpdater;
  readonly #housekeeping: Housekeeping;
  readonly #periodic: PeriodicSyncs;
  readonly #eviction: EvictionManager;
  readonly #admission: PodAdmission;
  readonly #shutdown: NodeShutdown;
  readonly #static: StaticPods;
  readonly #files: FileSource;
  readonly #pleg: TickLoop;
  readonly #changed = new Set<string>();
  readonly #deadlines = new Set<string>();
  #informers: { stop(): void }[] = [];

  constructor(dependencies: KubeletDependencies) {
    const { machine, simulation, store } = dependencies;
    this.#dependencies = dependencies;
    this.owner = simulation.owner(`kubelet ${machine.name}`);
    this.#tokens = new TokenManager(() => simulation.now, dependencies.tokens);
    this.#workers = new PodWorkers(() => this.#context, {
      onState: (worker) => this.#moved(worker),
      onSynced: (worker) => this.#synced(worker),
    });
    this.#context = this.#makeContext();
    this.volumes = this.#context.volumes;
    const { volumes } = this;
    this.#eviction = new EvictionManager({
      context: this.#context,
      machine,
      workers: this.#workers,
      terminate: (pod, termination) => this.#workers.terminate(pod, termination),
      changed: () => this.#nodeStatus.wake(),
      event: (reason, message) => this.#nodeEvent(reason, message),
    });
    this.#shutdown = new NodeShutdown({
      context: this.#context,
      workers: this.#workers,
      changed: () => this.#nodeStatus.wake(),
      event: (type, reason, message) => this.#nodeEvent(reason, message, type),
    });
    this.#admission = new PodAdmission({
      context: this.#context,
      workers: this.#workers,
      shuttingDown: () => this.#shutdown.refusal,
      underPressure: (pod) => this.#eviction.admit(pod),
      allocatable: () => reportedResources(this.#context, machine.resources).allocatable,
    });
    const pressures = (): ReadonlySet<string> => this.#eviction.pressures;
    this.#nodeStatus = new NodeStatusUpdater({
      context: this.#context,
      machine,
      store,
      volumes,
      pressures,
      shuttingDown: () => this.#shutdown.active,
      event: (type, reason, message) => this.#nodeEvent(reason, message, type),
    });
    this.#static = new StaticPods({
      workers: this.#workers,
      start: (pod) => {
        this.#context.statuses.forget(pod.metadata.uid);
        this.#added(pod);
      },
      end: (pod) => this.#removed(pod),
    });
    this.#files = new FileSource(this.#context, store, (found) => this.#static.update(found));
    this.#housekeeping = new Housekeeping(this.#context, this.#pods, this.#workers, (name) =>
      this.#static.knows(name),
    );
    this.#periodic = new PeriodicSyncs(this.#context, (uid) => this.#workers.wake(uid));
    this.#pleg = new TickLoop(simulation, this.owner, {
      name: `${machine.name}: PLEG`,
      period: PLEG_PERIOD,
      pass: () => this.#relist(),
    });
  }

  /** Reads the disk, then the API, and goes on from there. */
  start(): void {
    const { runtime } = this.#dependencies;
    const { layout } = this.#context;
    layout.setUp();
    const pods = this.#watchPods();
    this.#watchObjects('Secret');
    this.#watchObjects('ConfigMap');
    this.#watchNode();
    this.#watchVolumes();
    runtime.onChange = (uid) => this.#containersChanged(uid);
    this.#nodeStatus.wake();
    this.#eviction.start();
    this.volumes.run();
    const { mirrors } = this.#context;
    for (const pod of pods) if (isMirrorPod(pod)) mirrors.set(pod);
    this.#static.update(this.#files.start());
    for (const pod of pods.sort(byAge)) if (!isMirrorPod(pod)) this.#added(pod);
    this.#workers.markSynced();
    this.volumes.sourcesReady();
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
    simulation.spawn(`${machine.name}: node shutdown`, this.owner, this.#shutdown.run(), {
      onEnd: down,
    });
  }

  /** Everything stops where it is. */
  end(): void {
    for (const informer of this.#informers) informer.stop();
    this.#informers = [];
    this.#files.stop();
    this.#dependencies.runtime.onChange = undefined;
    this.#eviction.stop();
    this.owner.onCrash = undefined;
    this.owner.crash();
  }

  #makeContext(): PodContext {
    const { machine, rules, runtime, simulation, store, events } = this.#dependencies;
    const { name } = machine;
    const { owner } = this;
    const log: PodContext['log'] = (level, message) =>
      simulation.trace.add('log', { level, who: 'kubelet', message }, name);
    const configuration = configurationOf(machine.options.kubeletConfiguration, rules);
    const base = {
      system: machine,
      owner,
      layout: new Layout(machine.root),
      rules,
      configuration,
      seLinux: machine.options.seLinux,
      defaultMountPropagation: machine.options.defaultMountPropagation,
      recursiveReadOnlyMounts: machine.options.containerRuntime?.recursiveReadOnlyMounts,
      objects: this.#makeObjects(configuration),
      log,
      event: (pod, type, reason, message, options = {}) =>
        events.event('kubelet', pod, type, reason, message, { host: name, ...options }),
    } satisfies Omit<
      PodContext,
      'volumes' | 'runtime' | 'statuses' | 'reasons' | 'backOff' | 'metrics' | 'mirrors'
    >;
    const metrics = new KubeletMetrics(rules);
    const mirrors = new MirrorPods({ system: machine, log, store });
    const apiUid = (pod: DeepReadonly<Pod>): string | undefined => mirrors.apiUid(pod);
    return {
      ...base,
      runtime,
      metrics,
      volumes: createVolumeManager(base, {
        pods: this.#pods,
        workers: this.#workers,
        plugins: this.#dependencies.plugins,
        cleanSubPaths: (uid, specName) => cleanSubPaths(base, uid, specName),
        onVolumesInUseChanged: () => this.#nodeStatus.wake(),
        onUnmounted: (uid) => this.#unmounted(uid),
        claims: {
          patchStatus: (claim, status) =>
            store.update({ ...claim, status }, { subresource: 'status' }),
          event: (claim, type, reason, message) =>
            events.event('kubelet', claim, type, reason, message, { host: name }),
        },
        enableControllerAttachDetach: base.configuration.enableControllerAttachDetach,
        metrics,
      }),
      mirrors,
      statuses: new StatusManager({ simulation, owner, store, node: name, log, apiUid }),
      reasons: new ReasonCache(),
      backOff: new CrashLoopBackOff(),
    };
  }

  #makeObjects(configuration: KubeletConfiguration): ObjectManager {
    const { simulation, machine, store } = this.#dependencies;
    const strategy = configuration.configMapAndSecretChangeDetectionStrategy;
    const maxAge = (): number => objectMaxAge(store.get('Node', undefined, machine.name));
    const now = (): number => simulation.now;
    return new ObjectManager({
      source: this.#source(),
      tokens: this.#tokens,
      strategy,
      now,
      maxAge,
    });
  }

  /** Objects come from the kubelet's caches where it has one, else from the API server. */
  #source(): ObjectSource {
    const { store } = this.#dependencies;
    return {
      get: (kind, namespace, name) => {
        const cache = this.#caches.get(kind);
        return cache ? cache.get(namespace, name) : store.get(kind, namespace, name);
      },
      read: (kind, namespace, name) => store.get(kind, namespace, name),
    };
  }

  readonly #caches = new Map<
    string,
    { get(namespace: string | undefined, name: string): unknown }
  >();

  #watchPods(): DeepReadonly<Pod>[] {
    const { store, simulation, machine } = this.#dependencies;
    const informer = new Informer<'Pod'>({
      store,
      simulation,
      owner: this.owner,
      kind: 'Pod',
      filter: (pod) => pod.spec.nodeName === machine.name,
      onEvent: (event) => this.#podEvent(event),
    });
    this.#informers.push(informer);
    return informer.list();
  }

  #watchObjects(kind: ReferencedKind): void {
    const { store, simulation } = this.#dependencies;
    const { owner } = this;
    const informer = new Informer<ReferencedKind>({
      store,
      simulation,
      owner,
      kind,
      onEvent: ({ object: { metadata } }) => {
        const { namespace = 'default', name } = metadata;
        const uids = this.#context.objects.podsThatMount(kind, namespace, name);
        for (const uid of uids) this.#periodic.plan(uid);
      },
    });
    this.#informers.push(informer);
    this.#caches.set(kind, informer);
  }

  #watchNode(): void {
    const { store, simulation, machine } = this.#dependencies;
    const informer = new Informer<'Node'>({
      store,
      simulation,
      owner: this.owner,
      kind: 'Node',
      filter: ({ metadata }) => metadata.name === machine.name,
      onEvent: ({ type }) => {
        this.volumes.nodeChanged();
        // Now static pods can be shown.
        if (type === 'ADDED') for (const uid of this.#static.uids()) this.#syncNow(uid);
      },
    });
    this.#informers.push(informer);
  }

  /** Upstream looks at the volumes of each Pod at each of its syncs. */
  #watchVolumes(): void {
    const { store, simulation } = this.#dependencies;
    const informer = new Informer<'PersistentVolume'>({
      store,
      simulation,
      owner: this.owner,
      kind: 'PersistentVolume',
      onEvent: ({ object: { metadata, spec }, old }) => {
        if (!old || old.spec.capacity?.storage === spec.capacity?.storage) return;
        for (const uid of this.volumes.podsToGrow(metadata.name)) this.#periodic.plan(uid);
      },
    });
    this.#informers.push(informer);
  }

  #podEvent({ type, object, old }: InformerEvent<DeepReadonly<Pod>>): void {
    const { uid } = object.metadata;
    if (isMirrorPod(object)) return this.#mirrorEvent(type, object);
    if (type === 'DELETED') return this.#removed(object);
    if (type === 'ADDED') return this.#added(object);
    this.#pods.set(object);
    const worker = this.#workers.get(uid);
    if (worker && old && !needsSync(old, object)) worker.pod = object;
    else this.#update(object);
  }

  /** What shows a static Pod is put right by the next sync of that. */
  #mirrorEvent(type: string, mirror: DeepReadonly<Pod>): void {
    const { mirrors, statuses } = this.#context;
    if (type === 'DELETED') mirrors.delete(mirror);
    else mirrors.set(mirror);
    const uid = this.#static.uidOf(podKey(mirror));
    if (uid === undefined) return this.#housekeeping.wake();
    if (type === 'ADDED') statuses.resync(uid);
    else if (type === 'DELETED' || mirror.metadata.deletionTimestamp) this.#syncNow(uid);
  }

  #syncNow(uid: string): void {
    const worker = this.#workers.get(uid);
    if (worker?.state === 'sync') worker.wake();
  }

  #added(pod: DeepReadonly<Pod>): void {
    this.#pods.set(pod);
    this.#periodic.add(pod);
    const { phase } = pod.status ?? {};
    const ended = phase === 'Succeeded' || phase === 'Failed';
    if (ended) return void this.#workers.terminate(pod);
    if (this.#admission.admit(pod)) this.#update(pod);
    else this.#periodic.remove(pod.metadata.uid);
  }

  #update(pod: DeepReadonly<Pod>): void {
    this.#workers.update(pod);
    this.volumes.podChanged(pod.metadata.uid);
  }

  #removed(pod: DeepReadonly<Pod>): void {
    const { uid } = pod.metadata;
    this.#pods.delete(uid);
    this.#periodic.remove(uid);
    this.#deadlines.delete(uid);
    this.#eviction.podGone(uid);
    const worker = this.#workers.get(uid);
    if (worker) this.#workers.terminate(worker.pod);
    this.#admission.gone(uid);
    this.volumes.podChanged(uid);
    this.#housekeeping.wake();
  }

  #moved(worker: PodWorker): void {
    const { pod, state } = worker;
    this.volumes.podChanged(pod.metadata.uid);
    this.#shutdown.moved();
    this.#eviction.podMoved(worker);
    if (state === 'terminated') this.#admission.ended(pod.metadata.uid);
    if (state !== 'finished') return;
    this.#static.finished(pod);
    this.#housekeeping.wake();
  }

  /** A mount that took its time may have left a directory of a Pod that was swept before. */
  #unmounted(uid: string): void {
    if (!this.#pods.get(uid)) this.#housekeeping.wake();
  }

  #synced({ pod, state }: PodWorker): void {
    const { uid } = pod.metadata;
    if (state !== 'sync') return;
    this.#eviction.podChanged(uid);
    this.#planDeadline(pod);
    this.#planMirror(pod);
    if (!showsOwnToken(pod)) return;
    const from = this.#tokens.nextRefresh(uid);
    if (from !== undefined && from < Number.POSITIVE_INFINITY) {
      this.#periodic.plan(uid, { from, class: 'process' });
    }
  }

  /** A static Pod that could not be shown is shown by a later sync. Without a Node it waits for that. */
  #planMirror(pod: DeepReadonly<Pod>): void {
    const { store, machine } = this.#dependencies;
    if (!isStaticPod(pod) || this.#context.mirrors.apiUid(pod) !== undefined) return;
    if (store.get('Node', undefined, machine.name))
      this.#periodic.plan(pod.metadata.uid, { class: 'retry' });
  }

  /** About the Node. As upstream refers to it: by a uid that is its name. */
  #nodeEvent(reason: string, message: string, type: 'Normal' | 'Warning' = 'Warning'): void {
    const { events, machine } = this.#dependencies;
    const { name } = machine;
    const metadata = { name, uid: name, resourceVersion: '', creationTimestamp: '' };
    const node = { apiVersion: 'v1', kind: 'Node', metadata };
    events.event('kubelet', node, type, reason, message, { host: name });
  }

  /** At `activeDeadlineSeconds` a Pod is looked at once. */
  #planDeadline({ metadata, spec }: DeepReadonly<Pod>): void {
    const { uid } = metadata;
    const seconds = spec.activeDeadlineSeconds;
    const start = this.#context.statuses.get(uid)?.startTime;
    if (seconds === undefined || start === undefined || this.#deadlines.has(uid)) return;
    this.#deadlines.add(uid);
    const workers = this.#workers;
    const until = Date.parse(start) + seconds * 1000;
    const wait = function* (): Operation {
      yield* sleepUntil(until, { class: 'deadline', reason: 'activeDeadlineSeconds' });
      workers.wake(uid);
    };
    const { simulation, machine } = this.#dependencies;
    simulation.spawn(`${machine.name}: deadline of ${uid}`, this.owner, wait());
  }

  #containersChanged(uid: string): void {
    this.#changed.add(uid);
    this.#eviction.podChanged(uid);
    this.#pleg.wake();
  }

  /** What happened to containers is seen at the next second. Models pkg/kubelet/pleg/generic.go. */
  #relist(): undefined {
    const uids = [...this.#changed];
    this.#changed.clear();
    for (const uid of uids) {
      const worker = this.#workers.get(uid);
      if (worker && worker.state === 'sync') worker.wake();
      else if (!this.#pods.get(uid)) this.#housekeeping.wake();
    }
    return undefined;
  }
}

/** Models PodsByCreationTime. */
function byAge(a: DeepReadonly<Pod>, b: DeepReadonly<Pod>): number {
  return compare(a.metadata.creationTimestamp, b.metadata.creationTimestamp);
}

const SPANS = [
  'syncFrequency',
  'nodeStatusUpdateFrequency',
  'fileCheckFrequency',
  'shutdownGracePeriod',
  'shutdownGracePeriodCriticalPods',
] as const;

/** Options of the kubelet that are spans of time are read here, so that a bad one is said at once. */
export function checkConfiguration({ machine }: KubeletDependencies): void {
  const given = machine.options.kubeletConfiguration ?? {};
  for (const name of SPANS) {
    const span = given[name];
    if (span !== undefined) milliseconds(span, name);
  }
  checkStrategy(given.configMapAndSecretChangeDetectionStrategy);
}
