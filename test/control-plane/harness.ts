import { allPlugins } from '../../plugins/index.ts';
import { createVersionRules, type KubernetesObject, Store } from '../../src/api/index.ts';
import {
  type ControllerEvents,
  type ControllerName,
  controlPlaneSteps,
  createControllers,
} from '../../src/control-plane/index.ts';
import { PluginRegistry } from '../../src/plugin/index.ts';
import { Faults, Simulation, type SimulationOptions } from '../../src/sim/index.ts';

/** One recorded event, with how often. */
export interface Recorded {
  on: string;
  type: string;
  reason: string;
  message: string;
  count: number;
}

/** A store with controllers and no kubelet. */
export class Plane {
  readonly simulation: Simulation;
  readonly store: Store;
  readonly events: Recorded[] = [];
  readonly controllers: ReturnType<typeof createControllers>;

  constructor(
    names: readonly ControllerName[],
    options: Partial<SimulationOptions> & { version?: string; before?: readonly object[] } = {},
  ) {
    const faults = new Faults(new Set([...controlPlaneSteps, 'sync', 'watch']));
    const { version, before = [], ...others } = options;
    this.simulation = new Simulation({
      seed: 0,
      startTime: 0,
      order: 'fifo',
      trace: 'all',
      faults,
      ...others,
    });
    const { simulation } = this;
    this.store = new Store({ clock: simulation, random: simulation.random });
    for (const object of before) this.create(object);
    const rules = createVersionRules(version);
    const events: ControllerEvents = {
      event: (_, involved, type, reason, message) =>
        this.#record({ on: `${involved.kind}/${involved.metadata.name}`, type, reason, message }),
      ofNewProcess: () => events,
    };
    this.controllers = createControllers({
      simulation,
      store: this.store,
      rules,
      plugins: new PluginRegistry(allPlugins, rules),
      nodes: () => undefined,
      random: simulation.random,
      events,
      names,
    });
  }

  #record(event: Omit<Recorded, 'count'>): void {
    const same = this.events.find(
      ({ on, reason, message }) =>
        on === event.on && reason === event.reason && message === event.message,
    );
    if (same) same.count++;
    else this.events.push({ ...event, count: 1 });
  }

  /** `reason: message` of each event of an object, with how often. */
  eventsOf(on: string): string[] {
    return this.events
      .filter((event) => event.on === on)
      .map(({ reason, message, count }) => `${count} ${reason}: ${message}`);
  }

  /** Stores it with its uid and status. */
  create(object: object): void {
    this.store.restore(object as KubernetesObject);
  }

  /** What is stored, to be looked at. */
  get(kind: string, name: string, namespace?: string): Seen {
    const scoped = ['PersistentVolume', 'Node', 'CSINode'].includes(kind)
      ? undefined
      : (namespace ?? 'default');
    return this.store.get(kind, scoped, name) as unknown as Seen;
  }

  /** Stores a changed copy. */
  edit(kind: string, name: string, change: (draft: Seen) => void): void {
    const draft = structuredClone(this.get(kind, name));
    change(draft);
    this.store.update(draft as unknown as KubernetesObject);
  }

  settle(): number {
    return this.simulation.settle({ within: 600_000 }).steps;
  }
}

/** What tests look at. */
export interface Seen {
  metadata: {
    name: string;
    uid: string;
    resourceVersion: string;
    annotations?: Record<string, string>;
    finalizers?: string[];
    deletionTimestamp?: string;
  };
  spec: {
    nodeName?: string;
    volumeName?: string;
    storageClassName?: string;
    claimRef?: { name?: string; uid?: string } | undefined;
  };
  status: {
    phase: string;
    capacity?: Record<string, string>;
    accessModes?: string[];
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
  data?: Record<string, string>;
}

export function volume(
  name: string,
  spec: object = {},
  status: object = { phase: 'Pending' },
): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: `/mnt/${name}` },
      ...spec,
    },
    status,
  };
}

export function claim(
  name: string,
  spec: object = {},
  status: object = { phase: 'Pending' },
): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default', uid: `uid-of-${name}` },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      storageClassName: '',
      ...spec,
    },
    status,
  };
}

export function pod(name: string, spec: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'busybox' }], ...spec },
    status: { phase: 'Pending' },
  };
}

/** A Pod that uses a claim. */
export function podWith(claimName: string, name: string, spec: object = {}): object {
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName } }];
  return pod(name, { volumes, ...spec });
}

export function node(
  name: string,
  fields: { labels?: object; spec?: object; allocatable?: object } = {},
): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...fields.labels } },
    spec: fields.spec ?? {},
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110', ...fields.allocatable } },
  };
}
