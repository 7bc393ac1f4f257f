import type { VersionRules } from '../api/index.ts';
import { compare, OperationError } from '../base/index.ts';
import type { NodeSystem } from '../outside/index.ts';
import { checkPlugin } from './define-plugin.ts';
import type { VersionRange, VolumePlugin, VolumeSpec } from './types.ts';

/**
 * The volume plugins of one kubelet or controller. A type that its Kubernetes version does not have is not in it, so that
 * nothing matches. Models pkg/volume/plugins.go VolumePluginMgr.
 */
export class PluginRegistry {
  readonly #byName = new Map<string, VolumePlugin>();
  readonly #bySource = new Map<string, VolumePlugin[]>();

  /**
   * Throws a SimulationError (`BAD_OPTION`) for a plugin that lacks something.
   *
   * @param node where to look for drivers; without it, plugins that are found by probing stay out
   */
  constructor(plugins: readonly VolumePlugin[], rules: VersionRules, node?: NodeSystem) {
    for (const plugin of plugins) {
      if (!inVersion(plugin.in, rules)) continue;
      this.#add(plugin);
      if (node) for (const found of plugin.probe?.(node) ?? []) this.#add(found);
    }
  }

  /** All of them, by name. */
  get all(): VolumePlugin[] {
    return [...this.#byName.values()].sort((a, b) => compare(a.name, b.name));
  }

  /** By upstream's name. Throws an OperationError: `no volume plugin matched name: X`. */
  byName(name: string): VolumePlugin {
    const plugin = this.#byName.get(name);
    if (!plugin) throw new OperationError(`no volume plugin matched name: ${name}`);
    return plugin;
  }

  /** By upstream's name, or undefined. */
  find(name: string): VolumePlugin | undefined {
    return this.#byName.get(name);
  }

  /** Those that serve a field of `spec.volumes[]`, or of a PersistentVolume's spec. */
  forSource(field: string): readonly VolumePlugin[] {
    return this.#bySource.get(field) ?? [];
  }

  /** The field of a volume, or of a PersistentVolume's spec, that some plugin serves. */
  sourceField(fields: object): string | undefined {
    return Object.keys(fields).find((field) => this.#bySource.has(field));
  }

  /**
   * The plugin of a volume. Throws an OperationError: `no volume plugin matched`, or `multiple volume plugins matched: a,b`.
   */
  bySpec(spec: VolumeSpec): VolumePlugin {
    const fields = spec.persistentVolume?.spec ?? spec.volume;
    const field = fields && this.sourceField(fields);
    const matched = this.forSource(field ?? '').filter((p) => p.canSupport?.(spec) ?? true);
    const [plugin] = matched;
    if (!plugin) throw new OperationError('no volume plugin matched');
    if (matched.length === 1) return plugin;
    const names = matched.map(({ name }) => name).join(',');
    throw new OperationError(`multiple volume plugins matched: ${names}`);
  }

  /** Adds one plugin more, found later. One of the same name is replaced. */
  #add(plugin: VolumePlugin): void {
    checkPlugin(plugin);
    const known = this.#byName.get(plugin.name);
    const others = this.forSource(plugin.source).filter((other) => other !== known);
    this.#byName.set(plugin.name, plugin);
    this.#bySource.set(plugin.source, [...others, plugin]);
  }
}

/** Whether a range of versions holds the one of the rules. `all`: every type there ever was. */
export function inVersion(range: VersionRange | undefined, rules: VersionRules): boolean {
  if (!range || rules.version === 'all') return true;
  if (range.from !== undefined && !rules.atLeast(range.from)) return false;
  return range.until === undefined || rules.before(nextMinor(range.until));
}

function nextMinor(version: string): string {
  const [major = '1', minor = '0'] = version.split('.');
  return `${major}.${Number(minor) + 1}`;
}
