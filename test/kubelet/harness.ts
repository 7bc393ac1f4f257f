import { allPlugins } from '../../plugins/index.ts';
import {
  createVersionRules,
  EventRecorder,
  type NewObject,
  type Pod,
  type PodSpec,
  Store,
} from '../../src/api/index.ts';
import type { DeepReadonly } from '../../src/base/index.ts';
import {
  Images,
  Kubelet,
  kubeletSteps,
  Machine,
  type NodeOptions,
  Runtime,
  runtimeSteps,
  volumeManagerSteps,
} from '../../src/kubelet/index.ts';
import { fileSteps, PluginRegistry } from '../../src/plugin/index.ts';
import { Faults, Simulation } from '../../src/sim/index.ts';

/** One node with its kubelet and a bare store: no admission, no scheduler. */
export interface Rig {
  readonly simulation: Simulation;
  readonly store: Store;
  readonly machine: Machine;
  readonly runtime: Runtime;
  readonly kubelet: Kubelet;
  pod(name: string): DeepReadonly<Pod>;
  /** `reason: message` of the Events about a Pod, oldest first. */
  events(name: string): string[];
  create(object: object): DeepReadonly<Pod>;
  settle(): void;
  advance(seconds: number): void;
}

export function makeRig(options: { version?: string; node?: Partial<NodeOptions> } = {}): Rig {
  const names = new Set([
    ...kubeletSteps,
    ...runtimeSteps,
    ...volumeManagerSteps,
    ...fileSteps,
    'sync',
    'watch',
  ]);
  const simulation = new Simulation({
    seed: 1,
    startTime: Date.UTC(2024, 0, 1),
    order: 'fifo',
    trace: 'all',
    faults: new Faults(names),
  });
  const rules = createVersionRules(options.version);
  const { random } = simulation;
  const store = new Store({ clock: simulation, random });
  const events = new EventRecorder({ store, clock: simulation, random });
  const machine = new Machine(
    { name: 'n1', ...options.node },
    { simulation, gate: (name) => rules.gate(name) },
  );
  const runtime = new Runtime(machine, new Images());
  const plugins = new PluginRegistry(allPlugins, rules);
  const kubelet = new Kubelet({ machine, runtime, store, simulation, rules, events, plugins });
  const pod = (name: string): DeepReadonly<Pod> => {
    const found = store.get('Pod', 'default', name);
    if (!found) throw new Error(`no pod ${name}`);
    return found;
  };
  return {
    simulation,
    store,
    machine,
    runtime,
    kubelet,
    pod,
    events: (name) =>
      store
        .list('Event')
        .filter(({ involvedObject }) => involvedObject.name === name)
        .map(({ reason, message }) => `${reason}: ${message}`),
    create: (object) => store.create(object as NewObject & { kind: 'Pod' }),
    settle: () => void simulation.settle({ within: 600_000 }),
    advance: (seconds) => simulation.advance(seconds * 1000),
  };
}

/** A Pod that is scheduled to the node, with container `c`. */
export function podObject(name: string, spec: Partial<PodSpec> = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: {
      nodeName: 'n1',
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      containers: [{ name: 'c', image: 'busybox', command: ['sleep', 'infinity'] }],
      ...spec,
    },
    status: { phase: 'Pending' },
  };
}

/** One container `c` with volume `v` at /v, with more fields for its volumeMount or itself. */
export function withVolume(
  source: object,
  mount: object = {},
  container: object = {},
): Partial<PodSpec> {
  return {
    volumes: [{ name: 'v', ...source }],
    containers: [
      {
        name: 'c',
        image: 'busybox',
        command: ['sleep', 'infinity'],
        volumeMounts: [{ name: 'v', mountPath: '/v', ...mount }],
        ...container,
      },
    ],
  };
}
