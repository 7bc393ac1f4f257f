import type { VersionRules } from '../../api/index.ts';
import type { Counter, MetricLabels, MetricRegistry } from '../../base/index.ts';
import { qualifiedPluginName, type VolumePlugin, type VolumeSpec } from '../../plugin/index.ts';

/** Something that does not fit: an error where volumes are mounted with their label, else a warning of what would be one. */
interface Mismatches {
  readonly errors: Counter;
  readonly warnings: Counter;
}

/** What of labels fits and does not fit. Models pkg/kubelet/volumemanager/metrics/selinux_metrics.go; all are gauges there. */
export class SELinuxMetrics {
  readonly #rules: VersionRules;
  readonly #registry: MetricRegistry | undefined;
  readonly #pods: Mismatches | undefined;
  readonly #volumes: Mismatches | undefined;
  readonly #admitted: Counter | undefined;

  constructor(registry: MetricRegistry, rules: VersionRules) {
    this.#rules = rules;
    if (!rules.gate('SELinuxMountReadWriteOncePod')) return;
    this.#registry = registry;
    const alone = rules.before('1.30');
    this.#mismatches('container', 'Containers whose label could not be made out', alone);
    const pods = 'Pods of which containers use one volume with different labels';
    this.#pods = this.#mismatches('pod_context_mismatch', pods, alone);
    const volumes = 'Pods that use a volume which others use with another label';
    const unlabelled = rules.before('1.29');
    this.#volumes = this.#mismatches('volume_context_mismatch', volumes, unlabelled);
    const admitted = 'Volumes to be mounted with a label';
    this.#admitted = this.#gauge('volumes_admitted_total', admitted, unlabelled);
  }

  /** Containers of a Pod use a volume with different labels. */
  podMismatch(spec: VolumeSpec, isError: boolean): void {
    const labels = this.#rules.before('1.30') ? {} : { access_mode: accessMode(spec) };
    count(this.#pods, isError, labels);
  }

  /** Pods use a volume with different labels. */
  volumeMismatch(plugin: VolumePlugin, spec: VolumeSpec, isError: boolean): void {
    count(this.#volumes, isError, this.#labels(plugin, spec));
  }

  /** A volume is there that has a label. */
  admitted(plugin: VolumePlugin, spec: VolumeSpec): void {
    this.#admitted?.add(this.#labels(plugin, spec));
  }

  #labels(plugin: VolumePlugin, spec: VolumeSpec): MetricLabels {
    if (this.#rules.before('1.29')) return {};
    const volume_plugin = qualifiedPluginName(plugin, spec);
    return this.#rules.before('1.30')
      ? { volume_plugin }
      : { volume_plugin, access_mode: accessMode(spec) };
  }

  #mismatches(name: string, help: string, zero: boolean): Mismatches | undefined {
    const errors = this.#gauge(`${name}_errors_total`, help, zero);
    const would = `${help}: harmless as long as volumes are not mounted with a label`;
    const warnings = this.#gauge(`${name}_warnings_total`, would, zero);
    return errors && warnings && { errors, warnings };
  }

  #gauge(name: string, help: string, zero: boolean): Counter | undefined {
    return this.#registry?.counter(`volume_manager_selinux_${name}`, help, { zero, type: 'gauge' });
  }
}

function count(mismatches: Mismatches | undefined, isError: boolean, labels: MetricLabels): void {
  const counter = isError ? mismatches?.errors : mismatches?.warnings;
  counter?.add(labels);
}

/** The widest. Models getVolumeAccessMode. */
function accessMode({ persistentVolume }: VolumeSpec): string {
  if (!persistentVolume) return 'inline';
  const modes = persistentVolume.spec.accessModes ?? [];
  const widest = WIDEST_FIRST.find(([mode]) => modes.some((one) => one === mode));
  return widest?.[1] ?? '';
}

const WIDEST_FIRST = [
  ['ReadWriteMany', 'RWX'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteOnce', 'RWO'],
  ['ReadWriteOncePod', 'RWOP'],
] as const;
