import type { VersionRules } from '../../api/index.ts';
import { absoluteOnWindows, isAbsoluteOnWindows, isShare } from '../../base/index.ts';
import type { NodeSystem } from '../../outside/index.ts';
import { WINDOWS_HOSTS } from '../machine/windows-tree.ts';

type Os = NodeSystem['os'];

/** Whether a path of a Pod stands for itself on a node. Models IsAbs of pkg/util/filesystem. */
export function isAbsolute(os: Os, path: string): boolean {
  return os === 'windows' ? isAbsoluteOnWindows(path) : path.startsWith('/');
}

/** Where something goes in a container, from wherever a Pod says it. */
export function containerPath(os: Os, path: string): string {
  if (isAbsolute(os, path)) return path;
  return os === 'windows' ? absoluteOnWindows(path) : `/${path}`;
}

/** A path of the node that the container runtime gets: on Windows with its drive. */
export function pathForRuntime(os: Os, path: string): string {
  const local = os === 'windows' && !isShare(path);
  return local ? absoluteOnWindows(path) : path;
}

/** Where a container has the names of hosts. Models getContainerEtcHostsPath of pkg/kubelet. */
export function hostsPath(os: Os): string {
  return os === 'windows' ? WINDOWS_HOSTS : '/etc/hosts';
}

/**
 * Whether containers get single files of the kubelet's own. Windows once took directories only; containerd there takes files.
 * Models SupportsSingleFileMapping of pkg/kubelet/container, and what was before it.
 */
export function getsFile(os: Os, rules: VersionRules, file: 'hosts' | 'termination log'): boolean {
  return os === 'linux' || rules.atLeast(file === 'hosts' ? '1.21' : '1.17');
}
