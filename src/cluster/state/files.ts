import type { NodeFs } from '../../face/index.ts';

/** Contents up to this size are shown as they are. */
const SHOWN = 256;

/**
 * Everything below a directory, by path: `0644 0:0 "text"`. What is mounted below is left out, and so is what the kernel makes
 * up.
 */
export function filesBelow(fs: NodeFs, directory: string): Record<string, string> {
  const files: Record<string, string> = {};
  const { dev } = fs.lstatSync(directory);
  const walk = (path: string): void => {
    for (const name of fs.readdirSync(path).map(String).sort()) {
      const full = path === '/' ? `/${name}` : `${path}/${name}`;
      const stat = fs.lstatSync(full);
      if (stat.dev !== dev) continue;
      files[full] = describe(fs, full);
      if (stat.isDirectory()) walk(full);
    }
  };
  walk(directory);
  return files;
}

function describe(fs: NodeFs, path: string): string {
  const stat = fs.lstatSync(path);
  const mode = (stat.mode & 0o7777).toString(8).padStart(4, '0');
  const start = `${mode} ${stat.uid}:${stat.gid}`;
  if (stat.isSymbolicLink()) return `${start} -> ${String(fs.readlinkSync(path))}`;
  if (stat.isDirectory()) return `${start} directory`;
  if (!stat.isFile()) return `${start} special`;
  return `${start} ${contentOf(fs, path, stat.size)}`;
}

function contentOf(fs: NodeFs, path: string, size: number): string {
  if (size > SHOWN && !path.endsWith('/token')) return `${size} bytes ${sumOf(fs, path)}`;
  return JSON.stringify(String(fs.readFileSync(path, 'utf8')));
}

/** FNV-1a. */
function sumOf(fs: NodeFs, path: string): string {
  let sum = 0x811c9dc5;
  for (const byte of fs.readFileSync(path) as Uint8Array) {
    sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  }
  return sum.toString(16).padStart(8, '0');
}
