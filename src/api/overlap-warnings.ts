import { quoted } from '../base/index.ts';
import type { Volume, VolumeProjection } from './types.ts';

/** A path in a volume, and in a projected one where it comes from. */
interface SourcedPath {
  readonly path: string;
  readonly source: string;
}

/** Files of a volume that hide each other. Models warningsForOverlappingVirtualPaths of pkg/api/pod/warnings.go. */
export function overlapWarnings(volumes: readonly Volume[]): string[] {
  return volumes.flatMap((volume) => {
    const { configMap, secret, downwardAPI, projected } = volume;
    const warnings: string[] = [];
    const warn = (paths: readonly SourcedPath[], what: string, name?: string): void => {
      const of = name === undefined ? what : `${what} ${quoted(name)}`;
      for (const text of paths.length > 1 ? overlaps(paths) : []) {
        warnings.push(`volume ${quoted(volume.name)} (${of}): overlapping paths: ${text}`);
      }
    };
    warn(pathsOf(configMap?.items), 'ConfigMap', configMap?.name ?? '');
    warn(pathsOf(secret?.items), 'Secret', secret?.secretName ?? '');
    warn(pathsOf(downwardAPI?.items), 'DownwardAPI');
    const sources = projected?.sources ?? [];
    for (const source of sources) {
      if (Object.keys(source).length > 0) continue;
      warnings.push(`volume ${quoted(volume.name)} (Projected) has no sources provided`);
    }
    warn(sources.flatMap(projectedPaths), 'Projected');
    return warnings;
  });
}

function pathsOf(items: readonly { path: string }[] = [], source = ''): SourcedPath[] {
  return items.map(({ path }) => ({ path, source }));
}

function projectedPaths(projection: VolumeProjection): SourcedPath[] {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle } = projection;
  if (configMap?.items)
    return pathsOf(configMap.items, `ConfigMap ${quoted(configMap.name ?? '')}`);
  if (secret?.items) return pathsOf(secret.items, `Secret ${quoted(secret.name ?? '')}`);
  if (downwardAPI?.items) return pathsOf(downwardAPI.items, 'DownwardAPI');
  if (serviceAccountToken) return pathsOf([serviceAccountToken], 'ServiceAccountToken');
  if (clusterTrustBundle) {
    const name = clusterTrustBundle.name ?? clusterTrustBundle.signerName ?? '';
    return pathsOf([clusterTrustBundle], `ClusterTrustBundle ${quoted(name)}`);
  }
  return certificatePaths(projection);
}

function certificatePaths({ podCertificate }: VolumeProjection): SourcedPath[] {
  const { certificateChainPath, keyPath, credentialBundlePath } = podCertificate ?? {};
  const paths: readonly [path: string | undefined, what: string][] = [
    [certificateChainPath, 'chain'],
    [keyPath, 'key'],
    [credentialBundlePath, 'credential bundle'],
  ];
  return paths.flatMap(([path, what]) =>
    path ? [{ path, source: `PodCertificate ${what}` }] : [],
  );
}

/** Each path with those before it that are the same, above it or below it. */
function overlaps(paths: readonly SourcedPath[]): string[] {
  const trimmed = paths.map(({ path, source }) => ({ path: path.replace(/\/+$/, ''), source }));
  return trimmed.flatMap((one, index) =>
    trimmed
      .slice(0, index)
      .filter((other) => overlap(one.path, other.path))
      .map((other) => `${shown(one)} with ${shown(other)}`),
  );
}

function overlap(a: string, b: string): boolean {
  if (a === '' || b === '') return false;
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);
}

function shown({ path, source }: SourcedPath): string {
  return source === '' ? quoted(path) : `${quoted(path)} (${source})`;
}
