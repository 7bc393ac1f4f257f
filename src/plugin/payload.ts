import type { ConfigMap, KeyToPath, Secret } from '../api/index.ts';
import { bytesOf, type DeepReadonly, OperationError } from '../base/index.ts';

/** One file that is to be in a volume. Models pkg/volume/util FileProjection. */
export interface FileProjection {
  readonly data: Uint8Array;
  /** Permission bits, exact. */
  readonly mode: number;
  /** Owner, where it is not root. */
  readonly fsUser?: number | undefined;
}

/** Files by their paths in the volume. */
export type Payload = ReadonlyMap<string, FileProjection>;

/** How keys of an object become files. */
export interface PayloadOptions {
  readonly items?: DeepReadonly<KeyToPath[]> | undefined;
  readonly defaultMode?: number | undefined;
  /** Owner of files whose item does not say it. */
  readonly defaultUser?: number | undefined;
  readonly optional?: boolean | undefined;
}

/**
 * The files of a Secret; undefined is one that does not exist and is optional. Throws an OperationError for a key that it
 * lacks. Models pkg/volume/secret/secret.go MakePayload.
 */
export function secretPayload(
  secret: DeepReadonly<Secret> | undefined,
  options: PayloadOptions,
): Payload {
  const data = secret?.data ?? {};
  return makePayload(Object.keys(data), (key) => base64(data[key]), {
    ...options,
    missing: 'references non-existent secret key: ',
  });
}

/** The same of a ConfigMap. Models pkg/volume/configmap/configmap.go MakePayload. */
export function configMapPayload(
  configMap: DeepReadonly<ConfigMap> | undefined,
  options: PayloadOptions,
): Payload {
  const { data = {}, binaryData = {} } = configMap ?? {};
  const text = (key: string): Uint8Array | undefined =>
    Object.hasOwn(data, key) ? bytesOf(data[key] ?? '') : base64(binaryData[key]);
  return makePayload([...Object.keys(data), ...Object.keys(binaryData)], text, {
    ...options,
    missing: 'configmap references non-existent config key: ',
  });
}

function makePayload(
  keys: readonly string[],
  contentOf: (key: string) => Uint8Array | undefined,
  { items = [], defaultMode, defaultUser, optional, missing }: PayloadOptions & { missing: string },
): Payload {
  const mode = requireMode(defaultMode);
  const payload = new Map<string, FileProjection>();
  if (items.length === 0) {
    for (const key of keys) {
      const data = contentOf(key);
      if (data) payload.set(key, { data, mode, fsUser: defaultUser });
    }
    return payload;
  }
  const known = new Set(keys);
  for (const { key, path, mode: own, user = defaultUser } of items) {
    const data = known.has(key) ? contentOf(key) : undefined;
    if (data) payload.set(path, { data, mode: own ?? mode, fsUser: user });
    else if (!optional) throw new OperationError(`${missing}${key}`);
  }
  return payload;
}

/** The volume's `defaultMode`, which the API server sets. Throws an OperationError when it did not. */
export function requireMode(mode: number | undefined): number {
  if (mode !== undefined) return mode;
  throw new OperationError('no defaultMode used, not even the default value for it');
}

function base64(text: string | undefined): Uint8Array | undefined {
  if (text === undefined) return undefined;
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
