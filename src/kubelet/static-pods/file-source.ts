import type { Pod } from '../../api/index.ts';
import {
  compare,
  type DeepReadonly,
  messageOf,
  milliseconds,
  OperationError,
  textOf,
} from '../../base/index.ts';
import { fileType, isKernelError, watch } from '../../kernel/index.ts';
import { type Operation, step, TickLoop } from '../../sim/index.ts';
import type { KubeletContext } from '../contracts.ts';
import { type ManifestParts, podOfManifest } from './pod-of-manifest.ts';

/** By path of their manifests. */
type Manifests = ReadonlyMap<string, DeepReadonly<Pod>>;

/** What a file says, and the Pod that it means. */
interface Read {
  readonly text: string;
  readonly pod: DeepReadonly<Pod> | undefined;
}

/**
 * Pods from files: each change below the directory is seen at once, and the directory itself within `fileCheckFrequency`. A file
 * that cannot be read as a Pod is logged and passed over. Models pkg/kubelet/config/file.go.
 */
export class FileSource {
  readonly #context: KubeletContext;
  readonly #parts: ManifestParts;
  readonly #told: (pods: readonly DeepReadonly<Pod>[]) => void;
  readonly #loop: TickLoop;
  /** With the text that it was read from. */
  #read = new Map<string, Read>();
  #stop: (() => void) | undefined;
  #reading = false;

  /** @param told of all pods that there are, whenever that may have changed */
  constructor(
    context: KubeletContext,
    store: ManifestParts['store'],
    told: (pods: readonly DeepReadonly<Pod>[]) => void,
  ) {
    this.#context = context;
    this.#parts = { context, store };
    this.#told = told;
    const { system, owner, configuration } = context;
    this.#loop = new TickLoop(system.simulation, owner, {
      name: `${system.name}: manifests`,
      period: milliseconds(configuration.fileCheckFrequency, 'fileCheckFrequency'),
      pass: () => this.#look(),
    });
  }

  /** Reads what is there, and watches from then on. */
  start(): DeepReadonly<Pod>[] {
    this.#watch();
    return [...this.#list().values()];
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  get #path(): string {
    return this.#context.configuration.staticPodPath.replace(/\/+$/, '');
  }

  /** The directory, or the one in which it, or what leads to it, is to appear. */
  #watch(): void {
    this.stop();
    const { root } = this.#context.system;
    if (this.#path === '') return;
    let path = this.#path.slice(1);
    while (path !== '' && !root.exists(path))
      path = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    const found = path === this.#path.slice(1);
    this.#stop = watch(root.walk(path === '' ? '.' : path), ({ type, name }) => {
      if (type === 'ignored' || type === 'delete_self' || !found) this.#loop.wake();
      else if (name !== undefined && !name.startsWith('.')) this.#changed();
    });
  }

  /** What is being written in one call is read once, and whole. */
  #changed(): void {
    const { system, owner } = this.#context;
    if (this.#reading || !owner.alive) return;
    this.#reading = true;
    system.simulation.spawn(`${system.name}: manifests`, owner, this.#again());
  }

  *#again(): Operation {
    const subject = { node: this.#context.system.name, path: this.#path };
    try {
      yield* step('ReadManifests', subject, () => this.#tell());
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      this.#context.log('error', `Unable to process watch event: ${error.message}`);
      this.#loop.wake();
    } finally {
      this.#reading = false;
    }
  }

  #look(): undefined {
    this.#watch();
    this.#tell();
  }

  #tell(): void {
    this.#told([...this.#list().values()]);
  }

  #list(): Manifests {
    const pods = new Map<string, DeepReadonly<Pod>>();
    const read = new Map<string, Read>();
    for (const path of this.#files()) {
      const one = this.#one(path);
      if (!one) continue;
      read.set(path, one);
      if (one.pod) pods.set(path, one.pod);
    }
    this.#read = read;
    return pods;
  }

  /** By name; hidden ones are left out. */
  #files(): string[] {
    const { root } = this.#context.system;
    const path = this.#path.slice(1);
    if (path === '' || !root.exists(path)) return [];
    if (fileType(root.stat(path).mode) === 'file') return [path];
    return root
      .readdir(path)
      .filter(({ name, type }) => type === 'file' && !name.startsWith('.'))
      .map(({ name }) => `${path}/${name}`)
      .sort(compare);
  }

  #one(path: string): Read | undefined {
    try {
      const text = textOf(this.#context.system.root.readFile(path));
      const known = this.#read.get(path);
      return known?.text === text ? known : { text, pod: this.#pod(text, `/${path}`) };
    } catch (error) {
      if (isKernelError(error)) return undefined;
      throw error;
    }
  }

  #pod(text: string, path: string): DeepReadonly<Pod> | undefined {
    try {
      return podOfManifest(this.#parts, text, path);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ApiError') throw error;
      const why = `${path}: couldn't parse as pod(${messageOf(error)}), please check config file`;
      this.#context.log('error', why);
      return undefined;
    }
  }
}
