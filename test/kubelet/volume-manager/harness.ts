import { createVersionRules, type Pod, type VersionRules } from '../../../src/api/index.ts';
import type { DeepReadonly } from '../../../src/base/index.ts';
import type { KubeletContext } from '../../../src/kubelet/contracts.ts';
import { Layout } from '../../../src/kubelet/layout.ts';
import { Machine } from '../../../src/kubelet/machine/index.ts';
import {
  createVolumeManager,
  type NodeVolumeManager,
  type VolumeManagerDependencies,
  volumeManagerSteps,
} from '../../../src/kubelet/volume-manager/index.ts';
import { definePlugin, PluginRegistry, type VolumePlugin } from '../../../src/plugin/index.ts';
import { Faults, type Operation, Simulation, type TraceType } from '../../../src/sim/index.ts';

const RULES = createVersionRules();

/** A simulation whose faults know every step of the volume manager. */
export function makeSimulation(order: 'fifo' | 'random' = 'fifo', seed = 0): Simulation {
  return new Simulation({
    seed,
    startTime: 0,
    order,
    trace: 'all',
    faults: new Faults(new Set(volumeManagerSteps)),
  });
}

/** A node with a volume manager, and pods that the test moves by hand. */
export class Scene {
  readonly simulation: Simulation;
  readonly machine: Machine;
  readonly pods: Map<string, DeepReadonly<Pod>> = new Map();
  readonly terminating: Set<string> = new Set();
  readonly stopped: Set<string> = new Set();
  readonly objects: Map<string, unknown> = new Map();
  readonly events: string[] = [];
  readonly subPathsCleaned: string[] = [];
  readonly #plugins: readonly VolumePlugin[];
  readonly #options: Partial<VolumeManagerDependencies>;
  readonly #rules: VersionRules;
  owner: KubeletContext['owner'];
  manager: NodeVolumeManager;

  constructor(
    plugins: readonly VolumePlugin[],
    options: Partial<VolumeManagerDependencies> = {},
    simulation: Simulation = makeSimulation(),
    rules: VersionRules = RULES,
  ) {
    this.#rules = rules;
    this.simulation = simulation;
    this.machine = new Machine({ name: 'node-1' }, { simulation });
    this.#plugins = plugins;
    this.#options = options;
    this.owner = simulation.owner('kubelet');
    this.manager = this.#make();
  }

  /** The kubelet dies, and another one begins. */
  restart(): void {
    this.owner.crash();
    this.owner = this.simulation.owner('kubelet');
    this.manager = this.#make();
  }

  /** Runs it, with all sources ready. */
  start(): this {
    this.manager.run();
    this.manager.sourcesReady();
    this.simulation.settle({ within: 10_000 });
    return this;
  }

  add(pod: DeepReadonly<Pod>): void {
    this.pods.set(pod.metadata.uid, pod);
    this.manager.podChanged(pod.metadata.uid);
  }

  /** Its containers are to stop, or have stopped; its object may be gone. */
  end(
    uid: string,
    how: { stopped?: boolean; gone?: boolean } = { stopped: true, gone: true },
  ): void {
    this.terminating.add(uid);
    if (how.stopped) this.stopped.add(uid);
    if (how.gone) this.pods.delete(uid);
    this.manager.podChanged(uid);
  }

  settle(): void {
    this.simulation.settle({ within: 60_000 });
  }

  /** Records of the trace, as short texts. */
  calls(): string[] {
    return this.records('volume').map(
      ({ operation, volume, error }) =>
        `${operation} ${volume}${error === undefined ? '' : ' failed'}`,
    );
  }

  records<Type extends TraceType>(type: Type) {
    return this.simulation.trace.records.filter((record) => record.type === type) as Extract<
      (typeof this.simulation.trace.records)[number],
      { type: Type }
    >[];
  }

  #make(): NodeVolumeManager {
    const { simulation, machine, events } = this;
    const context: KubeletContext = {
      system: machine,
      owner: this.owner,
      layout: new Layout(machine.root),
      rules: this.#rules,
      configuration: {} as KubeletContext['configuration'],
      objects: {
        secret: () => ({}) as never,
        configMap: () => ({}) as never,
        serviceAccountToken: () => '',
        forgetTokens: () => {},
        get: (kind, namespace, name) => this.objects.get(`${kind}/${namespace ?? ''}/${name}`),
      },
      event: (pod, type, reason, message) =>
        void events.push(`${pod.metadata.name} ${type} ${reason}: ${message}`),
      log: (level, message) =>
        simulation.trace.add('log', { level, who: 'kubelet', message }, machine.name),
    };
    return createVolumeManager(context, {
      pods: { pods: () => this.pods.values(), get: (uid) => this.pods.get(uid) },
      workers: {
        shouldPodContainersBeTerminating: (uid) => this.terminating.has(uid),
        shouldPodRuntimeBeRemoved: (uid) => this.stopped.has(uid),
      },
      plugins: new PluginRegistry(this.#plugins, this.#rules),
      cleanSubPaths: (uid, name) => this.#clean(uid, name),
      ...this.#options,
    });
  }

  *#clean(uid: string, name: string): Operation {
    this.subPathsCleaned.push(`${uid}/${name}`);
  }
}

/** A volume type that makes its directory, and fails when its source says so. */
export function plain(fields: Partial<VolumePlugin> = {}): VolumePlugin {
  return definePlugin<unknown>({
    name: 'test/plain',
    source: 'emptyDir',
    *setUp(volume) {
      yield* volume.dir.create(0o750);
    },
    *tearDown(volume) {
      yield* volume.dir.removeAll();
    },
    ...fields,
  });
}

/** A volume type of persistent volumes, whose device is mounted for the node. */
export function device(fields: Partial<VolumePlugin> = {}): VolumePlugin {
  return plain({
    name: 'test/device',
    source: 'local',
    deviceMounter: {
      *mountDevice(one) {
        yield* one.dir.create(0o750);
      },
      *unmountDevice(one) {
        yield* one.dir.removeAll();
      },
    },
    ...fields,
  });
}

/** The same, to be attached first. */
export function attachable(fields: Partial<VolumePlugin> = {}): VolumePlugin {
  return device({
    attacher: {
      *attach() {
        return '/dev/x';
      },
      *detach() {},
      *waitForAttach(_spec, path) {
        return path;
      },
      *verify(specs) {
        return specs.map(() => true);
      },
    },
    ...fields,
  });
}

/** A Pod whose one container mounts all its volumes. */
export function podWith(
  name: string,
  volumes: DeepReadonly<Pod>['spec']['volumes'],
): DeepReadonly<Pod> {
  const volumeMounts = (volumes ?? []).map((one) => ({
    name: one.name,
    mountPath: `/${one.name}`,
  }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      resourceVersion: '1',
      creationTimestamp: '',
    },
    spec: { containers: [{ name: 'c', image: 'i', volumeMounts }], volumes },
    status: { phase: 'Pending' },
  } as unknown as DeepReadonly<Pod>;
}

/** A bound claim and its volume, of the `device` type. Returns the volume's entry for a Pod. */
export function claim(
  scene: Scene,
  name: string,
  accessModes: readonly string[] = ['ReadWriteOnce'],
): { name: string; persistentVolumeClaim: { claimName: string } } {
  scene.objects.set(`PersistentVolume//pv-${name}`, {
    metadata: { name: `pv-${name}`, uid: `pv-${name}` },
    spec: { local: { path: '/x' }, accessModes, claimRef: { uid: `claim-${name}` } },
  });
  scene.objects.set(`PersistentVolumeClaim/default/${name}`, {
    metadata: { name, namespace: 'default', uid: `claim-${name}` },
    spec: { volumeName: `pv-${name}` },
    status: { phase: 'Bound' },
  });
  return { name: 'v', persistentVolumeClaim: { claimName: name } };
}
