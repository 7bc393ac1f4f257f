import type { ConfigMap, Pod, Secret } from '../../src/api/index.ts';
import { OperationError, textOf } from '../../src/base/index.ts';
import { Directory, Kernel } from '../../src/kernel/index.ts';
import { type NodeSystem, Outside } from '../../src/outside/index.ts';
import {
  createVolumeContext,
  fileSteps,
  type ObjectReader,
  type VolumeContext,
  type VolumeContextOptions,
  type VolumePlugin,
} from '../../src/plugin/index.ts';
import { Faults, type Operation, Simulation } from '../../src/sim/index.ts';

const KUBELET = '/var/lib/kubelet/pods';
const START = Date.UTC(2026, 0, 31, 10, 20, 30);

/** A node without a kubelet: a kernel, a clock, git, and objects that a test puts there. */
export class Bench {
  readonly simulation: Simulation = new Simulation({
    seed: 0,
    startTime: START,
    order: 'fifo',
    trace: 'all',
    faults: new Faults(new Set(fileSteps)),
  });
  readonly kernel: Kernel = new Kernel({ now: () => this.simulation.now });
  readonly root: Directory = Directory.at(this.kernel.rootNamespace.caller(), '/');
  readonly outside: Outside = new Outside();
  readonly gates: Set<string> = new Set([
    'SizeMemoryBackedVolumes',
    'NodeSwap',
    'GitRepoVolumeDriver',
  ]);
  readonly secrets: Map<string, Secret> = new Map();
  readonly configMaps: Map<string, ConfigMap> = new Map();
  readonly forgotten: string[] = [];
  readonly events: string[] = [];
  readonly logs: string[] = [];
  readonly commands: string[] = [];
  readonly node: NodeSystem;
  readonly objects: ObjectReader;
  os: 'linux' | 'windows' = 'linux';
  git = true;

  constructor() {
    this.node = this.#makeNode();
    this.objects = this.#makeObjects();
    this.root.mkdirAll(KUBELET.slice(1), 0o750);
    this.root.mkdirAll('tmp', 0o1777);
  }

  /** The context of a volume `v` of a Pod. */
  volume<Source>(
    plugin: VolumePlugin<Source>,
    source: Source,
    options: Partial<VolumeContextOptions<Source>> = {},
  ): VolumeContext<Source> {
    const pod = options.pod ?? makePod();
    return createVolumeContext<Source>({
      pluginName: plugin.name,
      spec: { name: 'v', source: source as never, readOnly: false, mountOptions: [] },
      podDirectory: this.root.mkdirAll(`${KUBELET.slice(1)}/${pod.metadata.uid}`, 0o750),
      node: this.node,
      objects: this.objects,
      event: (type, reason, message) => this.events.push(`${type} ${reason} ${message}`),
      log: (level, message) => this.logs.push(`${level} ${message}`),
      ...options,
      pod,
    });
  }

  /** Runs to the end. What it throws comes out; undefined: a fault crashed it. */
  run<Result>(operation: Operation<Result>): Result | undefined {
    let result: Result | undefined;
    let failure: unknown;
    const task = function* (): Operation {
      try {
        result = yield* operation;
      } catch (error) {
        failure = error;
      }
    };
    this.simulation.spawn('test', this.simulation.owner('kubelet'), task());
    this.simulation.settle({ within: 60_000 });
    if (failure !== undefined) throw failure;
    return result;
  }

  setUp<Source>(plugin: VolumePlugin<Source>, volume: VolumeContext<Source>): void {
    plugin.newMounter?.(volume);
    this.run(plugin.setUp(volume));
  }

  /** The message of what set-up throws. */
  failure<Source>(plugin: VolumePlugin<Source>, volume: VolumeContext<Source>): string {
    try {
      this.setUp(plugin, volume);
    } catch (error) {
      if (error instanceof OperationError) return error.message;
      throw error;
    }
    return 'no error';
  }

  text(path: string): string {
    return textOf(this.root.readFile(path));
  }

  /** Permission bits in octal, with owner and group: `755 0:0`. */
  mode(path: string): string {
    const { mode, uid, gid } = this.root.stat(path);
    return `${(mode & 0o7777).toString(8)} ${uid}:${gid}`;
  }

  names(path: string): string[] {
    return this.root
      .readdir(path)
      .map(({ name }) => name)
      .sort();
  }

  secret(name: string, data: Record<string, string>): void {
    const encoded = Object.entries(data).map(([key, value]) => [key, btoa(value)]);
    this.secrets.set(name, { data: Object.fromEntries(encoded) } as unknown as Secret);
  }

  configMap(name: string, data: Record<string, string>): void {
    this.configMaps.set(name, { data } as unknown as ConfigMap);
  }

  #makeNode(): NodeSystem {
    const bench = this;
    const { simulation, root } = this;
    return {
      name: 'node-1',
      get os() {
        return bench.os;
      },
      simulation,
      namespace: this.kernel.rootNamespace,
      root,
      random: (purpose, key = '') => simulation.random.stream(purpose, key),
      hasBinary: () => bench.git,
      *exec(program, args, cwd) {
        const run = bench.git ? bench.outside.programs.get(program) : undefined;
        if (!run)
          throw new OperationError(`exec: "${program}": executable file not found in $PATH`);
        bench.commands.push([program, ...args].join(' '));
        return yield* run({ args, cwd, node: bench.node });
      },
      gate: (name) => bench.gates.has(name),
      allocatableMemory: 2 ** 30,
      allocatable: (resource) => ({ cpu: 4000, memory: 2 ** 30 })[resource],
    };
  }

  #makeObjects(): ObjectReader {
    const find = <Kind>(objects: Map<string, Kind>, kind: string, name: string): Kind => {
      const found = objects.get(name);
      if (found) return found;
      throw new OperationError(`${kind} "${name}" not found`, { code: 'NotFound' });
    };
    return {
      secret: (_, name) => find(this.secrets, 'secret', name),
      configMap: (_, name) => find(this.configMaps, 'configmap', name),
      serviceAccountToken: (_, { audience = 'api', expirationSeconds }) =>
        `token for ${audience}, ${expirationSeconds} s`,
      forgetTokens: (uid) => void this.forgotten.push(uid),
      get: () => undefined,
    };
  }
}

/** A Pod `p` of namespace default with one container. */
export function makePod(
  spec: Partial<Pod['spec']> = {},
  metadata: Partial<Pod['metadata']> = {},
): Pod {
  return {
    metadata: { name: 'p', namespace: 'default', uid: 'uid-1', ...metadata },
    spec: { containers: [{ name: 'c', image: 'busybox' }], ...spec },
  } as unknown as Pod;
}

/** The absolute path of volume `v` of the Pod `uid-1`. */
export function volumePath(directory: string, name = 'v', uid = 'uid-1'): string {
  return `${KUBELET}/${uid}/volumes/${directory}/${name}`;
}
