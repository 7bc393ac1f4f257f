import type { Place } from './caller.ts';
import { isUnder, pathInside } from './memfs.ts';
import { type Mount, mountTree } from './mount.ts';
import { flagNames, rootOf } from './mount-info.ts';
import type { MountNamespace } from './namespace.ts';

/**
 * The mounts as /proc/self/mountinfo prints them: one line each, oldest first. With `root`, as a task sees them whose root
 * directory that is: only what it can reach, and by its own paths. Models show_mountinfo of fs/proc_namespace.c.
 */
export function mountInfoText(namespace: MountNamespace, root?: Place): string {
  const from = root ?? { mount: namespace.root, entry: namespace.root.root };
  const mounts = [...mountTree(namespace.root)].sort((a, b) => a.id - b.id);
  let text = '';
  for (const mount of mounts) {
    const path = pathFrom(from, mount);
    if (path !== undefined) text += `${lineOf(mount, path)}\n`;
  }
  return text;
}

function lineOf(mount: Mount, path: string): string {
  const { id, fileSystem, parent } = mount;
  const own = [mount.readOnly ? 'ro' : 'rw', ...flagNames(mount.flags)].join(',');
  const shown = `${id} ${(parent ?? mount).id} 0:${fileSystem.dev} ${escaped(rootOf(mount))} ${escaped(path)}`;
  const { readOnly, shownOptions: options } = fileSystem;
  const all = options.length === 0 ? '' : `,${options.join(',')}`;
  const type = `${escapedDevice(fileSystem.type)} ${escapedDevice(fileSystem.source)}`;
  return `${shown} ${own}${tagsOf(mount)} - ${type} ${readOnly ? 'ro' : 'rw'}${all}`;
}

function tagsOf({ group, master, unbindable }: Mount): string {
  const shared = group === undefined ? '' : ` shared:${group.id}`;
  const slave = master === undefined ? '' : ` master:${master.id}`;
  return `${shared}${slave}${unbindable ? ' unbindable' : ''}`;
}

/** Where a mount is, seen from a root directory; undefined when that is not above it. Models seq_path_root. */
function pathFrom(root: Place, mount: Mount): string | undefined {
  let path = '';
  let top = mount.root;
  for (let at = mount; at !== root.mount; ) {
    const { parent, mountPoint } = at;
    if (parent === undefined || mountPoint === undefined) return undefined;
    top = parent === root.mount ? root.entry : parent.root;
    if (!isUnder(mountPoint, top)) return undefined;
    if (mountPoint !== top) path = pathInside(mountPoint, top) + path;
    at = parent;
  }
  return top === root.entry || mount !== root.mount ? path || '/' : undefined;
}

/** Spaces and their like as three octal digits, so that a line can be split. */
function escaped(text: string): string {
  return /[ \t\n\\]/.test(text) ? text.replace(/[ \t\n\\]/g, octal) : text;
}

/** The same for names of devices and types, with `#`. */
function escapedDevice(text: string): string {
  return /[ \t\n\\#]/.test(text) ? text.replace(/[ \t\n\\#]/g, octal) : text;
}

function octal(char: string): string {
  return `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;
}
