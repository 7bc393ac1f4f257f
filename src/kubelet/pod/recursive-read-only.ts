import type { VolumeMount, VolumeMountStatus } from '../../api/index.ts';
import { type DeepReadonly, OperationError, quoted } from '../../base/index.ts';
import type { KubeletContext } from '../contracts.ts';

type Context = Pick<KubeletContext, 'rules' | 'recursiveReadOnlyMounts'>;

/**
 * Whether what is mounted below a volume is read-only too. Throws an OperationError where that is asked for and cannot be.
 * Models resolveRecursiveReadOnly of pkg/kubelet/kubelet_pods.go.
 */
export function isRecursivelyReadOnly(context: Context, mount: DeepReadonly<VolumeMount>): boolean {
  const { name, readOnly, mountPropagation, recursiveReadOnly = 'Disabled' } = mount;
  if (recursiveReadOnly === 'Disabled') return false;
  const refuse = (why: string): never => {
    throw new OperationError(
      `failed to resolve recursive read-only mode: volume ${quoted(name)} requested recursive read-only mode, but it is not ${why}`,
    );
  };
  if (readOnly !== true) refuse('read-only');
  if (mountPropagation !== undefined && mountPropagation !== 'None')
    refuse(`compatible with propagation ${quoted(mountPropagation)}`);
  const supported = context.recursiveReadOnlyMounts ?? true;
  if (!supported && recursiveReadOnly === 'Enabled') refuse('supported by the runtime');
  return supported;
}

/** How the volumes of a container are mounted, in its status; undefined before that is told. */
export function volumeMountStatuses(
  context: Context,
  mounts: readonly DeepReadonly<VolumeMount>[],
): VolumeMountStatus[] | undefined {
  if (mounts.length === 0 || !context.rules.gate('RecursiveReadOnlyMounts')) return undefined;
  return mounts.map((mount) => {
    const { name, mountPath, readOnly } = mount;
    if (readOnly !== true) return { name, mountPath };
    const recursiveReadOnly = modeOf(context, mount);
    return { name, mountPath, readOnly, recursiveReadOnly };
  });
}

function modeOf(context: Context, mount: DeepReadonly<VolumeMount>): string {
  try {
    return isRecursivelyReadOnly(context, mount) ? 'Enabled' : 'Disabled';
  } catch (error) {
    if (error instanceof OperationError) return 'Disabled';
    throw error;
  }
}
