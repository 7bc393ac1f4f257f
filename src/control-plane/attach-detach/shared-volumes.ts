import { OperationError } from '../../base/index.ts';
import type { ObjectReader, PluginRegistry, VolumePlugin, VolumeSpec } from '../../plugin/index.ts';
import { resolveAttachedSpec, sharedVolumeName } from '../../plugin/index.ts';
import { claimReference } from '../../plugin/references/index.ts';
import type { ControllerContext, Stored } from '../context.ts';

/** A volume of a Pod that has to be attached. */
export interface SharedVolume {
  readonly name: string;
  readonly plugin: VolumePlugin;
  readonly spec: VolumeSpec;
}

/** Finds the volumes of Pods that are attached by the controller. Models pkg/controller/volume/attachdetach/util. */
export class SharedVolumes {
  readonly #plugins: PluginRegistry;
  readonly #objects: ObjectReader;

  constructor(context: ControllerContext) {
    this.#plugins = context.dependencies.plugins;
    this.#objects = readerOf(context);
  }

  /** Those that can be named now; `complete`: nothing has to be looked at again. */
  of(pod: Stored<'Pod'>): { found: SharedVolume[]; complete: boolean } {
    const found: SharedVolume[] = [];
    let complete = true;
    for (const volume of pod.spec.volumes ?? []) {
      const one = this.#find(pod, volume);
      if (one === 'unknown') complete = false;
      else if (one) found.push(one);
    }
    return { found, complete };
  }

  #find(
    pod: Stored<'Pod'>,
    volume: NonNullable<Stored<'Pod'>['spec']['volumes']>[number],
  ): SharedVolume | 'unknown' | undefined {
    try {
      const spec = resolveAttachedSpec(pod, volume, this.#objects, this.#plugins);
      const plugin = this.#plugins.bySpec(spec);
      if (!plugin.attacher) return undefined;
      return { name: sharedVolumeName(plugin, spec), plugin, spec };
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      return claimReference(pod, volume) ? 'unknown' : undefined;
    }
  }

  /** Whether a Pod uses a claim. */
  usesClaim(pod: Stored<'Pod'>, claim: Stored<'PersistentVolumeClaim'>): boolean {
    if (pod.metadata.namespace !== claim.metadata.namespace) return false;
    return (pod.spec.volumes ?? []).some(
      (volume) => claimReference(pod, volume)?.claimName === claim.metadata.name,
    );
  }

  /** The plugin in a volume's name. */
  pluginOf(volume: string): VolumePlugin | undefined {
    const [vendor, name] = volume.split('/');
    return this.#plugins.find(`${vendor}/${name}`);
  }
}

/** The controller needs claims and volumes only. */
function readerOf({ dependencies }: ControllerContext): ObjectReader {
  const none = (): never => {
    throw new OperationError('attachdetach controller reads no secrets');
  };
  return {
    secret: none,
    configMap: none,
    serviceAccountToken: none,
    forgetTokens: () => undefined,
    get: (kind, namespace, name) => dependencies.store.get(kind, namespace, name),
  };
}
