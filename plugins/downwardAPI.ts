/*
 * Fields of the Pod itself as files, in memory: brought up to date, all at once, whenever the Pod is synced.
 */
import {
  type DownwardAPIVolumeSource,
  definePlugin,
  downwardPayload,
  setUpFiles,
  tearDownFiles,
  type VolumePlugin,
} from '../src/plugin/index.ts';

/**
 * `downwardAPI`: one file per item, from a `fieldRef` (name, namespace, uid, labels, annotations) or a `resourceFieldRef` (limits and
 * requests of a container). SetUp throws an OperationError `unsupported fieldPath: x`, `container x not found`.
 * Models pkg/volume/downwardapi/downwardapi.go.
 */
export const downwardAPI: VolumePlugin<DownwardAPIVolumeSource> =
  definePlugin<DownwardAPIVolumeSource>({
    name: 'kubernetes.io/downward-api',
    source: 'downwardAPI',
    supports: { windows: true },
    attributes: { readOnly: true, managed: true, seLinuxRelabel: true },
    refreshes: true,

    *setUp(volume) {
      const { pod, node, source } = volume;
      const { items = [], defaultMode, defaultUser } = source;
      const payload = downwardPayload({ pod, node, items, defaultMode, defaultUser });
      yield* setUpFiles(volume, payload, 'Memory');
    },

    tearDown: (volume) => tearDownFiles(volume),

    reconstruct: ({ name }) => ({
      name,
      source: {},
      volume: { name, downwardAPI: {} },
      readOnly: false,
      mountOptions: [],
    }),
  });
