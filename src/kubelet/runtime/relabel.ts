import { bytesOf } from '../../base/index.ts';
import { type Directory, isKernelError } from '../../kernel/index.ts';
import { setxattr } from '../../kernel/sys.ts';

const ATTRIBUTE = 'security.selinux';

/**
 * Gives a file, or a directory with all that is in it, a label. Where a filesystem keeps none, nothing happens. Models Relabel of
 * github.com/opencontainers/selinux/go-selinux/label.
 */
export function relabel(engine: Directory, path: string, label: string): void {
  const { mode } = engine.lstat(path);
  const type = mode & 0o170000;
  // Links are not followed, and have no label that anybody asks for.
  if (type === 0o120000) return;
  try {
    setxattr(engine.caller, path, ATTRIBUTE, bytesOf(`${label}\0`));
  } catch (error) {
    if (isKernelError(error, 'EOPNOTSUPP') || isKernelError(error, 'EROFS')) return;
    throw error;
  }
  if (type !== 0o040000) return;
  for (const { name } of engine.readdir(path)) relabel(engine, `${path}/${name}`, label);
}
