import type { SELinuxOptions } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';

/**
 * The label of files that containers with these options may use: `system_u:object_r:container_file_t:s0:c1,c2`. Empty without a
 * level: the runtime makes one up then. Models SELinuxOptionsToFileLabel of pkg/volume/util/selinux.go.
 */
export function fileLabel(options: DeepReadonly<SELinuxOptions> | undefined): string {
  if (!options?.level) return '';
  return `${options.user || 'system_u'}:object_r:container_file_t:${options.level}`;
}
