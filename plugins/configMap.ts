/*
 * The keys of a ConfigMap as files, on the node's disk: brought up to date, all at once, whenever the Pod is synced.
 */
import {
  type ConfigMap,
  type ConfigMapVolumeSource,
  configMapPayload,
  type DeepReadonly,
  definePlugin,
  isNotFound,
  setUpFiles,
  tearDownFiles,
  type VolumeContext,
  type VolumePlugin,
} from '../src/plugin/index.ts';

/**
 * `configMap`: every key, or `items`, with `defaultMode`; a ConfigMap that is missing and `optional` is an empty volume. SetUp
 * throws an OperationError `configmap "x" not found`, `configmap references non-existent config key: k`.
 * Models pkg/volume/configmap/configmap.go.
 */
export const configMap: VolumePlugin<ConfigMapVolumeSource> = definePlugin<ConfigMapVolumeSource>({
  name: 'kubernetes.io/configmap',
  source: 'configMap',
  in: { from: '1.2' },
  supports: { windows: true },
  attributes: { readOnly: true, managed: true, seLinuxRelabel: true },
  refreshes: true,
  localEphemeral: () => true,

  *setUp(volume) {
    const payload = configMapPayload(find(volume), volume.source);
    yield* setUpFiles(volume, payload, '');
  },

  tearDown: (volume) => tearDownFiles(volume),

  /** Its own name is not known any more; the volume's stands for it. */
  reconstruct: ({ name }) => ({
    name,
    source: { name },
    volume: { name, configMap: { name } },
    readOnly: false,
    mountOptions: [],
  }),
});

/** The object; undefined: it is not there, and need not be. */
function find(volume: VolumeContext<ConfigMapVolumeSource>): DeepReadonly<ConfigMap> | undefined {
  const { name = '', optional = false } = volume.source;
  try {
    return volume.objects.configMap(volume.pod.metadata.namespace ?? '', name);
  } catch (error) {
    if (optional && isNotFound(error)) return undefined;
    throw error;
  }
}
