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
  const lines: [number, string][] = [];
  for (const mount of mountTree(namespace.root)) {
    const path = pathFrom(from, mount);
    if (path !== undefined) lines.push([mount.id, lineOf(mount, path)]);
  }
  lines.sort(([a], [b]) => a - b);
  return lines.map(([, line]) => `${line}\n`).join('');
}

function lineOf(mount: Mount, path: string): string {
  const { fileSystem, group, master, parent } = mount;
  const tags = [
    ...(group === undefined ? [] : [`shared:${group.id}`]),
    ...(master === undefined ? [] : [`master:${master.id}`]),
    ...(mount.unbindable ? ['unbindable'] : []),
  ];
  return [
    mount.id,
    (parent ?? mount).id,
    `0:${fileSystem.dev}`,
    escaped(rootOf(mount)),
    escaped(path),
    [mount.readOnly ? 'ro' : 'rw', ...flagNames(mount.flags)].join(','),
    ...tags,
    '-',
    escaped(fileSystem.type, true),
    escaped(fileSystem.source, true),
    [fileSystem.readOnly ? 'ro' : 'rw', ...fileSystem.options].join(','),
  ].join(' ');
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

/** Spaces and their like as three octal digits, so that a line can be split; `#` too in names of devices. */
function escaped(text: string, device = false): string {
  return text.replace(device ? /[ \t\n\\#]/g : /[ \t\n\\]/g, (char) => {
    return `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
}
