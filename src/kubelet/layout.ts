import type { Directory } from '../kernel/index.ts';
import { escapePluginName } from '../plugin/index.ts';

/** Where the kubelet keeps its things. */
export const KUBELET_ROOT = '/var/lib/kubelet';

/** What is there from its first start on. */
const FIRST: readonly string[] = ['pods', 'plugins', 'plugins_registry', 'pod-resources'];

/** The only place that knows a path under `/var/lib/kubelet`. A Pod's directories are made when it first needs them. */
export class Layout {
  readonly host: Directory;
  readonly #pods = new Map<string, Directory>();

  /** @param host `/` of the node, as root */
  constructor(host: Directory) {
    this.host = host;
  }

  /** `/var/lib/kubelet`, made when missing (0750, as kubelet does). */
  get root(): Directory {
    return this.host.mkdirAll(KUBELET_ROOT.slice(1), 0o750);
  }

  /** Makes what a kubelet makes when it starts. Models setupDataDirs of pkg/kubelet/kubelet.go. */
  setUp(): void {
    const { root } = this;
    for (const name of FIRST) root.mkdirAll(name, 0o750);
  }

  /** `pods`: one directory per Pod. */
  get pods(): Directory {
    return this.root.mkdirAll('pods', 0o750);
  }

  /** A Pod's directory, made when missing. */
  pod(uid: string): Directory {
    const known = this.#pods.get(uid);
    if (known) return known;
    const made = this.pods.mkdirAll(uid, 0o750);
    this.#pods.set(uid, made);
    return made;
  }

  /** Forgets the handle of a Pod's directory that was removed. */
  forget(uid: string): void {
    this.#pods.delete(uid);
  }

  podPath(uid: string): string {
    return `${KUBELET_ROOT}/pods/${uid}`;
  }

  /** Below a Pod's directory. */
  volume(pluginName: string, specName: string): string {
    return `volumes/${escapePluginName(pluginName)}/${specName}`;
  }

  subPath(volumeName: string, container: string, index: number): string {
    return `volume-subpaths/${volumeName}/${container}/${index}`;
  }

  /** A plugin's own directory for the whole node; the slash of its name is kept. */
  pluginPath(pluginName: string): string {
    return `${KUBELET_ROOT}/plugins/${pluginName}`;
  }
}
