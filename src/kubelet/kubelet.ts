import type { KubernetesObject, Store, VersionRules } from '../api/index.ts';
import type { DeepReadonly, MetricFamily } from '../base/index.ts';
import type { PluginRegistry } from '../plugin/index.ts';
import type { Simulation } from '../sim/index.ts';
import { checkConfiguration } from './configuration.ts';
import type { ContainerRuntime, VolumeManager } from './contracts.ts';
import { KubeletLife } from './life.ts';
import type { Machine } from './machine/index.ts';
import type { TokenIssuer } from './managers/tokens.ts';

/** Records core/v1 Events of the kubelet. */
export interface KubeletEvents {
  event(
    component: string,
    involved: DeepReadonly<KubernetesObject>,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    options?: { host?: string; annotations?: Readonly<Record<string, string>> | undefined },
  ): void;
  /** Of a kubelet that starts: what was told before is new again. */
  ofNewProcess(): KubeletEvents;
}

/** What a kubelet is put together from; all of it lives longer than one life of the kubelet. */
export interface KubeletDependencies {
  readonly machine: Machine;
  readonly runtime: ContainerRuntime;
  readonly store: Store;
  readonly simulation: Simulation;
  readonly rules: VersionRules;
  readonly events: KubeletEvents;
  readonly plugins: PluginRegistry;
  /** Gives tokens of service accounts. Default: they are empty. */
  readonly tokens?: TokenIssuer;
}

/**
 * The kubelet of a node. Each start is a new life that knows only what the disk, the runtime and the API tell it; containers
 * run on without it. Models cmd/kubelet and pkg/kubelet/kubelet.go.
 */
export class Kubelet {
  readonly #dependencies: KubeletDependencies;
  #whenChanged: (() => void) | undefined;
  #life: KubeletLife | undefined;
  /** What the last life knew of volumes: for looking at while there is none. */
  #last: KubeletLife;
  /** The first life waits from the start on, to be looked at. */
  #begun = false;
  /** The machine waits for this life before it goes down. */
  #goingDown: (() => void) | undefined;

  /** Throws a SimulationError BAD_OPTION for a bad option of the kubelet. It does not run before it is started. */
  constructor(dependencies: KubeletDependencies) {
    checkConfiguration(dependencies.machine.options.kubeletConfiguration, dependencies.rules);
    this.#dependencies = dependencies;
    this.#last = this.#nextLife();
  }

  get running(): boolean {
    return this.#life !== undefined;
  }

  /** Of this life, or else of the last. */
  get volumeManager(): VolumeManager {
    return this.#last.volumes;
  }

  /** Calls something when it begins or ceases to run. */
  whenChanged(told: () => void): void {
    this.#whenChanged = told;
  }

  /** What this life counts; nothing while there is none. */
  metrics(): MetricFamily[] {
    return this.#life?.metrics() ?? [];
  }

  /** Starts it; one that runs is left alone. */
  start(): void {
    if (this.#life) return;
    const life = this.#begun ? this.#nextLife() : this.#last;
    this.#begun = true;
    life.owner.whenCrashed(() => this.#crashed(life));
    this.#life = life;
    this.#last = life;
    this.#told('started');
    life.start();
  }

  #nextLife(): KubeletLife {
    const events = this.#dependencies.events.ofNewProcess();
    return new KubeletLife({ ...this.#dependencies, events });
  }

  /** Kills it: nothing that it was doing is finished. */
  stop(): void {
    if (!this.#life) return;
    this.#life.end();
    this.#life = undefined;
    this.#told('stopped');
    this.#letGo();
  }

  /** Stops and starts it. */
  restart(): void {
    this.stop();
    this.start();
  }

  /**
   * The machine is to go down: the kubelet ends its pods first, if it runs and has time for it. Then it stops. One that dies
   * meanwhile holds the machine up no longer, as systemd's inhibitor locks.
   */
  shutDown(down: () => void): void {
    if (!this.#life) return down();
    this.#goingDown = down;
    this.#life.shutDown(() => this.stop());
  }

  #letGo(): void {
    const down = this.#goingDown;
    this.#goingDown = undefined;
    down?.();
  }

  #crashed(life: KubeletLife): void {
    life.end();
    this.#life = undefined;
    this.#told('crashed');
    this.#letGo();
  }

  #told(what: 'started' | 'stopped' | 'crashed'): void {
    const { simulation, machine } = this.#dependencies;
    simulation.trace.add('lifecycle', { who: 'kubelet', what }, machine.name);
    this.#whenChanged?.();
  }
}
