import { type Directory, S_IFBLK, S_IFCHR, S_IFMT } from '../../kernel/index.ts';
import type { HostDevice } from './container-devices.ts';

/** Block and character devices just in a host's /dev. */
export function hostDevices(root: Directory): HostDevice[] {
  if (!root.exists('dev')) return [];
  const dev = root.open('dev');
  const found: HostDevice[] = [];
  for (const { name } of dev.readdir()) {
    const { mode, rdev } = dev.lstat(name);
    const type = mode & S_IFMT;
    if (type === S_IFBLK || type === S_IFCHR) found.push({ name, mode, rdev });
  }
  return found;
}
