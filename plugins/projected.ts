/*
 * Secrets, ConfigMaps, fields of the Pod and tokens of its service account, together in one directory in memory: brought up to date,
 * all at once, whenever the Pod is synced.
 */
import {
  aggregate,
  bytesOf,
  configMapPayload,
  type DeepReadonly,
  definePlugin,
  downwardPayload,
  type FileProjection,
  isNotFound,
  OperationError,
  type Payload,
  type ProjectedVolumeSource,
  requireMode,
  type ServiceAccountTokenProjection,
  secretPayload,
  setUpFiles,
  tearDownFiles,
  type VolumeContext,
  type VolumePlugin,
  type VolumeProjection,
} from '../src/plugin/index.ts';

type Volume = VolumeContext<ProjectedVolumeSource>;
type Source = DeepReadonly<VolumeProjection>;

/** Of a token that says nothing else. */
const DEFAULT_EXPIRATION_SECONDS = 3600;
/** Of a token that has an owner of its own. */
const PRIVATE_MODE = 0o600;

/**
 * `projected`: `sources` in their order, a later one over an earlier one of the same path. SetUp throws an OperationError with what is
 * wrong with every source, and then writes nothing. Models pkg/volume/projected/projected.go.
 */
export const projected: VolumePlugin<ProjectedVolumeSource> = definePlugin<ProjectedVolumeSource>({
  name: 'kubernetes.io/projected',
  source: 'projected',
  in: { from: '1.6' },
  supports: { windows: true },
  attributes: { readOnly: true, managed: true, seLinuxRelabel: true },
  refreshes: true,

  newMounter({ spec, source }) {
    for (const [i, one] of (source.sources ?? []).entries()) {
      for (const field of ['clusterTrustBundle', 'podCertificate'] as const) {
        if (!one[field]) continue;
        throw new OperationError(
          `volume ${spec.name}: projected.sources[${i}].${field} is not simulated yet: no such objects are issued`,
        );
      }
    }
  },

  *setUp(volume) {
    yield* setUpFiles(volume, collect(volume), 'Memory');
  },

  /** The Pod's tokens are forgotten with it. */
  *tearDown(volume) {
    yield* tearDownFiles(volume);
    volume.objects.forgetTokens(volume.pod.metadata.uid);
  },

  reconstruct: ({ name }) => ({
    name,
    source: {},
    volume: { name, projected: {} },
    readOnly: false,
    mountOptions: [],
  }),
});

/** The files of all sources. Models projected.go collectData. */
function collect(volume: Volume): Payload {
  requireMode(volume.source.defaultMode);
  const payload = new Map<string, FileProjection>();
  const errors: OperationError[] = [];
  for (const source of volume.source.sources ?? []) {
    try {
      for (const [path, file] of filesOf(volume, source)) payload.set(path, file);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw aggregate(errors);
  return payload;
}

function filesOf(volume: Volume, source: Source): Payload {
  const { pod, node, objects } = volume;
  const { defaultMode, defaultUser } = volume.source;
  const namespace = pod.metadata.namespace ?? '';
  const { secret, configMap, downwardAPI, serviceAccountToken } = source;
  if (secret) {
    const { name = '', optional } = secret;
    const found = find(optional, () => objects.secret(namespace, name));
    return secretPayload(found, { ...secret, defaultMode, defaultUser });
  }
  if (configMap) {
    const { name = '', optional } = configMap;
    const found = find(optional, () => objects.configMap(namespace, name));
    return configMapPayload(found, { ...configMap, defaultMode, defaultUser });
  }
  if (downwardAPI) {
    const { items = [] } = downwardAPI;
    return downwardPayload({ pod, node, items, defaultMode, defaultUser });
  }
  return serviceAccountToken ? token(volume, serviceAccountToken) : new Map();
}

/** An object; undefined: it is not there, and need not be. */
function find<Kind>(optional: boolean | undefined, get: () => Kind): Kind | undefined {
  try {
    return get();
  } catch (error) {
    if (optional && isNotFound(error)) return undefined;
    throw error;
  }
}

/** A token may be read by the Pod's user alone, where that is known and the volume does not say whose it is. */
function token(volume: Volume, source: DeepReadonly<ServiceAccountTokenProjection>): Payload {
  const { pod, objects, fsGroup } = volume;
  const { audience, expirationSeconds = DEFAULT_EXPIRATION_SECONDS, path } = source;
  const owner = source.user ?? volume.source.defaultUser;
  const fsUser = owner ?? volume.fsUser;
  const text = objects.serviceAccountToken(pod, { audience, expirationSeconds });
  const isPrivate = (owner === undefined && fsUser !== undefined) || fsGroup !== undefined;
  const mode = isPrivate ? PRIVATE_MODE : requireMode(volume.source.defaultMode);
  return new Map([[path, { data: bytesOf(text), mode, fsUser }]]);
}
