/** Objects that many tests begin with. */

export interface NamedVolume {
  readonly name: string;
  readonly [source: string]: unknown;
}

/** What a Pod has besides its volumes. */
export interface PodParts {
  readonly name?: string;
  /** Of its container. */
  readonly container?: object;
  /** Of each of the container's volumeMounts. */
  readonly mount?: object;
  readonly spec?: object;
}

/** A Pod `p` without a token, whose one container `c` has each volume at `/<name of the volume>`. */
export function podWith(
  volumes: readonly NamedVolume[],
  { name = 'p', container = {}, mount = {}, spec = {} }: PodParts = {},
): object {
  const volumeMounts = volumes.map((volume) => ({
    name: volume.name,
    mountPath: `/${volume.name}`,
    ...mount,
  }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      automountServiceAccountToken: false,
      containers: [{ name: 'c', image: 'busybox', volumeMounts, ...container }],
      volumes,
      ...spec,
    },
  };
}

export interface ClaimParts {
  readonly volume?: string;
  readonly claim?: string;
  /** Of both. */
  readonly spec?: object;
}

/** A PersistentVolume `pv` of 1Gi with the source, and a claim `claim` for it, without a class. */
export function volumeAndClaim(
  source: object,
  { volume = 'pv', claim = 'claim', spec = {} }: ClaimParts = {},
): object[] {
  const storage = '1Gi';
  const both = { accessModes: ['ReadWriteOnce'], storageClassName: '', ...spec };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volume },
      spec: { ...both, capacity: { storage }, ...source },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claim },
      spec: { ...both, resources: { requests: { storage } } },
    },
  ];
}
