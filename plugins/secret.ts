/*
 * The keys of a Secret as files, in memory and never on a disk: brought up to date, all at once, whenever the Pod is synced.
 */
import {
  type DeepReadonly,
  definePlugin,
  isNotFound,
  type Secret,
  type SecretVolumeSource,
  secretPayload,
  setUpFiles,
  tearDownFiles,
  type VolumeContext,
  type VolumePlugin,
} from '../src/plugin/index.ts';

/**
 * `secret`: every key, or `items`, with `defaultMode`; a Secret that is missing and `optional` is an empty volume. SetUp throws an
 * OperationError `secret "x" not found`, `references non-existent secret key: k`. Models pkg/volume/secret/secret.go.
 */
export const secret: VolumePlugin<SecretVolumeSource> = definePlugin<SecretVolumeSource>({
  name: 'kubernetes.io/secret',
  source: 'secret',
  supports: { windows: true },
  attributes: { readOnly: true, managed: true, seLinuxRelabel: true },
  refreshes: true,

  *setUp(volume) {
    const payload = secretPayload(find(volume), volume.source);
    yield* setUpFiles(volume, payload, 'Memory');
  },

  tearDown: (volume) => tearDownFiles(volume),

  /** Its own name is not known any more; the volume's stands for it. */
  reconstruct: ({ name }) => ({
    name,
    source: { secretName: name },
    volume: { name, secret: { secretName: name } },
    readOnly: false,
    mountOptions: [],
  }),
});

/** The object; undefined: it is not there, and need not be. */
function find(volume: VolumeContext<SecretVolumeSource>): DeepReadonly<Secret> | undefined {
  const { secretName = '', optional = false } = volume.source;
  try {
    return volume.objects.secret(volume.pod.metadata.namespace ?? '', secretName);
  } catch (error) {
    if (optional && isNotFound(error)) return undefined;
    throw error;
  }
}
