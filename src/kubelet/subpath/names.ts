/** One `subPath` of one volumeMount: where it is, and for whom. */
export interface SubPath {
  /** `pods/<uid>` of the Pod. */
  readonly podUid: string;
  /** Absolute, on the node. */
  readonly volumePath: string;
  /** Relative to the volume: no `..`, not absolute. */
  readonly subPath: string;
  /** The volume's directory name below `volumes/<plugin>/`. */
  readonly innerName: string;
  readonly container: string;
  /** Of the volumeMount in the container. */
  readonly index: number;
}

/** Whether a path is the base or lies below it. Models pkg/volume/util/subpath PathWithinBase. */
export function isWithin(path: string, base: string): boolean {
  return path === base || base === '/' || path.startsWith(`${base}/`);
}
