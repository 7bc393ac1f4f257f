import type { MountInfo } from '../../kernel/index.ts';

/** /proc/self/mountinfo of these mounts. Models proc_pid_mountinfo(5). */
export function mountInfoText(mounts: readonly MountInfo[]): string {
  return mounts.map((mount) => `${mountInfoLine(mount, mounts)}\n`).join('');
}

/** /proc/self/mounts of these mounts. Models proc_pid_mounts(5). */
export function mountsText(mounts: readonly MountInfo[]): string {
  return mounts
    .map(({ source, mountPoint, type, readOnly, options }) => {
      const all = [readOnly ? 'ro' : 'rw', ...options].join(',');
      return `${escaped(source)} ${escaped(mountPoint)} ${type} ${all} 0 0\n`;
    })
    .join('');
}

function mountInfoLine(mount: MountInfo, all: readonly MountInfo[]): string {
  const { id, parent, device, root, mountPoint, type, source } = mount;
  const access = mount.readOnly ? 'ro' : 'rw';
  const above = parent === undefined ? id : (all[parent]?.id ?? id);
  const flags = mount.options.filter((option) => FLAGS.has(option));
  const own = mount.options.filter((option) => !FLAGS.has(option));
  const tags = [
    ...(mount.shared === undefined ? [] : [`shared:${mount.shared}`]),
    ...(mount.master === undefined ? [] : [`master:${mount.master}`]),
    ...(mount.unbindable ? ['unbindable'] : []),
  ];
  return [
    `${id} ${above} ${device} ${escaped(root)} ${escaped(mountPoint)}`,
    [access, ...flags].join(','),
    ...tags,
    `- ${type} ${escaped(source)} ${['rw', ...own].join(',')}`,
  ].join(' ');
}

const FLAGS: ReadonlySet<string> = new Set([
  'nosuid',
  'nodev',
  'noexec',
  'noatime',
  'nodiratime',
  'relatime',
  'nosymfollow',
]);

/** Space, tab, newline and backslash as octal. Models mangle of fs/proc_namespace.c. */
function escaped(text: string): string {
  return text.replace(
    /[ \t\n\\]/g,
    (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
}
