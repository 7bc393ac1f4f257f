import type { ContainerConfig, ContainerMount } from '../../../src/kubelet/contracts.ts';
import type { Machine, NodeOptions } from '../../../src/kubelet/machine/index.ts';
import {
  type Container,
  Images,
  Runtime,
  runtimeSteps,
} from '../../../src/kubelet/runtime/index.ts';
import type { Operation, Owner } from '../../../src/sim/index.ts';
import { makeMachine, makeSimulation } from '../machine/harness.ts';

/** A node with a runtime, whose calls are made as a kubelet makes them. */
export class Node {
  readonly images: Images = new Images();
  readonly machine: Machine;
  readonly runtime: Runtime;
  readonly owner: Owner;
  #sandbox = '';

  constructor(options: Partial<NodeOptions> = {}) {
    const simulation = makeSimulation(runtimeSteps);
    this.machine = makeMachine(options, undefined, simulation);
    this.runtime = new Runtime(this.machine, this.images);
    this.owner = simulation.owner('kubelet');
  }

  /** Starts an operation, and lets the work be done that there is. Throws what it throws. */
  run<Result>(operation: Operation<Result>): Result {
    const { simulation } = this.machine;
    let outcome: { value: Result } | { error: unknown } | undefined;
    const task = (function* (): Operation {
      outcome = { value: yield* operation };
    })();
    simulation.spawn('kubelet', this.owner, task, {
      onEnd: (error, failed) => {
        if (failed) outcome = { error };
      },
    });
    simulation.settle({ within: 600_000 });
    if (outcome === undefined) throw new Error('the operation did not end');
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  create(config: Partial<ContainerConfig> = {}, attempt = 0): Container {
    const pod = { uid: 'uid-1', name: 'web', namespace: 'default' };
    if (this.#sandbox === '' || this.runtime.sandbox('uid-1') === undefined) {
      this.#sandbox = this.run(this.runtime.runPodSandbox({ ...pod, attempt: 0 }));
    }
    const id = this.run(
      this.runtime.createContainer(this.#sandbox, { ...CONFIG, attempt, ...config }),
    );
    const container = this.runtime.containersOf('uid-1').find((one) => one.id === id);
    if (container === undefined) throw new Error('not found');
    return container;
  }

  start(config: Partial<ContainerConfig> = {}, attempt = 0): Container {
    const container = this.create(config, attempt);
    this.run(this.runtime.startContainer(container.id));
    return container;
  }

  get sandboxId(): string {
    return this.#sandbox;
  }
}

export const ROOT: ContainerConfig['user'] = { uid: 0, gid: 0, groups: [] };

const CONFIG: ContainerConfig = {
  name: 'app',
  attempt: 0,
  image: 'busybox',
  command: [],
  args: [],
  env: [],
  user: ROOT,
  privileged: false,
  readOnlyRootFilesystem: false,
  mounts: [],
  devices: [],
};

export function mount(
  hostPath: string,
  containerPath: string,
  more: Partial<ContainerMount> = {},
): ContainerMount {
  return { hostPath, containerPath, readOnly: false, propagation: 'None', ...more };
}
