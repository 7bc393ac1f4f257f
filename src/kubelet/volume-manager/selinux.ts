import type { Pod, SELinuxOptions } from '../../api/index.ts';
import { compare, type DeepReadonly, OperationError, quoted } from '../../base/index.ts';
import { containersOf, fileLabel, type VolumePlugin, type VolumeSpec } from '../../plugin/index.ts';
import type { KubeletContext } from '../contracts.ts';
import type { SELinuxMetrics } from '../metrics/selinux-metrics.ts';

/** How a volume of a Pod is labelled. */
export interface SELinuxLabels {
  /** It is mounted with this label. Empty: without one. */
  readonly effective: string;
  /** What it would be, were its access mode another one. */
  readonly original: string;
}

const NONE: SELinuxLabels = { effective: '', original: '' };

/**
 * The label with which a volume is mounted for a Pod: where its type can do that, one Pod has it alone, and the Pod does not ask
 * for its files to be labelled one by one. Throws an OperationError when its containers have different ones. Models getSELinuxLabel
 * of pkg/kubelet/volumemanager/cache/desired_state_of_world.go.
 */
export function seLinuxLabelsOf(
  context: KubeletContext,
  wanted: {
    readonly pod: DeepReadonly<Pod>;
    readonly spec: VolumeSpec;
    readonly outerName: string;
  },
  plugin: VolumePlugin,
  metrics?: SELinuxMetrics,
): SELinuxLabels {
  const { rules, seLinux } = context;
  if (!seLinux || !plugin.supports?.seLinux || !rules.gate('SELinuxMountReadWriteOncePod'))
    return NONE;
  const { pod, spec, outerName } = wanted;
  const supported = canBeMountedWithLabel(context, spec);
  const labels = [...new Set(optionsOf(pod, outerName).map(fileLabel))].sort(compare);
  const [original = '', other] = labels;
  if (other !== undefined) {
    metrics?.podMismatch(spec, supported);
    if (!supported) return NONE;
    throw new OperationError(
      `volume ${outerName} is used with two different SELinux contexts in the same pod: ${quoted(original)}, ${quoted(other)}`,
    );
  }
  const oneByOne =
    rules.gate('SELinuxChangePolicy') &&
    pod.spec.securityContext?.seLinuxChangePolicy === 'Recursive';
  return { effective: supported && !oneByOne ? original : '', original };
}

/** Models VolumeSupportsSELinuxMount of pkg/volume/util/selinux.go. */
export function canBeMountedWithLabel({ rules }: KubeletContext, spec: VolumeSpec): boolean {
  const modes = spec.persistentVolume?.spec.accessModes;
  if (!modes) return false;
  return rules.gate('SELinuxMount') || (modes.length === 1 && modes[0] === 'ReadWriteOncePod');
}

/** Of each container that uses a volume: its own, or the Pod's. */
function optionsOf(
  pod: DeepReadonly<Pod>,
  volume: string,
): (DeepReadonly<SELinuxOptions> | undefined)[] {
  const shared = pod.spec.securityContext?.seLinuxOptions;
  return [...containersOf(pod)]
    .filter(({ volumeMounts = [] }) => volumeMounts.some(({ name }) => name === volume))
    .map(({ securityContext }) => securityContext?.seLinuxOptions ?? shared);
}
