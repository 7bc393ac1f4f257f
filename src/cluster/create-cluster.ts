import { allPlugins } from '../../plugins/index.ts';
import {
  ApiServer,
  createVersionRules,
  EventRecorder,
  Store,
  type VersionRules,
} from '../api/index.ts';
import { ControllerMetrics, controlPlaneSteps, createControllers } from '../control-plane/index.ts';
import {
  Images,
  Kubelet,
  kubeletSteps,
  Machine,
  Runtime,
  runtimeSteps,
  volumeManagerSteps,
} from '../kubelet/index.ts';
import { Outside } from '../outside/index.ts';
import { fileSteps, PluginRegistry, type VolumePlugin } from '../plugin/index.ts';
import { Faults, Simulation } from '../sim/index.ts';
import { Cluster } from './cluster.ts';
import type { ClusterNode } from './cluster-node.ts';
import { RecordEmitter } from './emitter.ts';
import { KubeletHeartbeats } from './kubelet-heartbeats.ts';
import { logLines } from './logging.ts';
import { type ClusterOptions, type ReadOptions, readOptions } from './options.ts';
import { recordObjects } from './record-objects.ts';
import { tokenIssuer } from './token-issuer.ts';

/** Steps of the simulation itself: a key taken from a queue, an event delivered to a cache. */
const SIMULATION_STEPS: readonly string[] = ['sync', 'watch'];

/**
 * A Kubernetes cluster in this process. Nothing runs before the first `settle`, `advance`, `runUntil` or `step`.
 * Throws a SimulationError that names a bad option.
 * @example const cluster = createCluster({ kubernetesVersion: '1.9' })
 */
export function createCluster(options: ClusterOptions = {}): Cluster {
  const read = readOptions(options);
  const rules = createVersionRules(read.kubernetesVersion, read.featureGates);
  const plugins = read.plugins ?? allPlugins;
  const simulation = makeSimulation(read, plugins);
  const api = makeApi(read, simulation, rules);
  const outside = new Outside();
  const images = new Images();
  const shared: Shared = { ...api, simulation, rules, outside, images, plugins };
  const nodes = makeNodes(read, shared);
  const controllerMetrics = new ControllerMetrics(rules);
  makeControllers(read, shared, nodes, controllerMetrics);
  for (const { kubelet } of nodes.values()) kubelet.start();
  const always = read.logger && logLines(read.logger, () => simulation.now);
  const emitter = new RecordEmitter(simulation, always);
  const { store, server } = api;
  return new Cluster({
    simulation,
    store,
    server,
    outside,
    images,
    emitter,
    nodes,
    controllerMetrics,
  });
}

/** The API server with what it stores, and who records events there. */
function makeApi(
  { fieldValidation }: ReadOptions,
  simulation: Simulation,
  rules: VersionRules,
): Pick<Shared, 'store' | 'events' | 'server'> {
  const { random, trace } = simulation;
  const store = new Store({ clock: simulation, random, rules });
  const events = new EventRecorder({ store, clock: simulation, random });
  const server = new ApiServer({
    store,
    rules,
    clock: simulation,
    random,
    fieldValidation,
    onWarning: (message) => trace.add('log', { level: 'warning', who: 'kube-apiserver', message }),
  });
  recordObjects(store, simulation);
  return { store, events, server };
}

function makeControllers(
  read: ReadOptions,
  { simulation, store, rules, events, plugins }: Shared,
  nodes: ReadonlyMap<string, ClusterNode>,
  metrics: ControllerMetrics,
): void {
  createControllers({
    metrics,
    simulation,
    store,
    rules,
    events,
    random: simulation.random,
    plugins: new PluginRegistry(plugins, rules),
    host: () => nodes.values().next().value?.machine,
    enableHostPathProvisioner: read.enableHostPathProvisioner,
    disableForceDetachOnTimeout: read.disableForceDetachOnTimeout,
    nodes: (name) => nodes.get(name)?.machine,
    heartbeats: new KubeletHeartbeats(simulation, nodes, rules),
    names: read.controllers,
  });
}

function makeSimulation(read: ReadOptions, plugins: readonly VolumePlugin[]): Simulation {
  const own = plugins.flatMap(({ steps = [] }) => steps);
  const names = new Set([
    ...SIMULATION_STEPS,
    ...fileSteps,
    ...kubeletSteps,
    ...runtimeSteps,
    ...volumeManagerSteps,
    ...controlPlaneSteps,
    ...own,
  ]);
  const { seed, startTime, order, trace } = read;
  return new Simulation({ seed, startTime, order, trace, faults: new Faults(names) });
}

interface Shared {
  readonly simulation: Simulation;
  readonly store: Store;
  readonly rules: VersionRules;
  readonly events: EventRecorder;
  readonly server: ApiServer;
  readonly outside: Outside;
  readonly images: Images;
  readonly plugins: readonly VolumePlugin[];
}

function makeNodes(read: ReadOptions, shared: Shared): Map<string, ClusterNode> {
  const { simulation, store, rules, events, outside, images } = shared;
  const nodes = new Map<string, ClusterNode>();
  const tokens = tokenIssuer(store, simulation);
  for (const options of read.nodes) {
    const machine = new Machine(options, {
      simulation,
      programs: outside.programs,
      gate: (name) => rules.gate(name),
    });
    const runtime = new Runtime(machine, images);
    const plugins = new PluginRegistry(shared.plugins, rules);
    const kubelet = new Kubelet({
      machine,
      runtime,
      store,
      simulation,
      rules,
      events,
      plugins,
      tokens,
    });
    nodes.set(options.name, { machine, runtime, kubelet, plugins });
  }
  return nodes;
}
