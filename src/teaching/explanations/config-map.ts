import type { TypeExplanation } from './explanation.ts';

/** `configMap`. Models pkg/volume/configmap. */
export const configMapExplanation: TypeExplanation = {
  type: 'configMap',
  summary: "the keys of a ConfigMap as files, on the node's disk",
  text:
    "Each key of data and binaryData of a ConfigMap of the Pod's namespace becomes a file, or only those keys that items names. Written as " +
    "a secret is, all files at once through ..data, but on the node's disk.",
  fields: [
    { name: 'name', type: 'string', default: 'required', text: 'name of the ConfigMap' },
    { name: 'items', type: 'list', default: 'every key', text: 'keys to have, and where' },
    { name: 'items[].key', type: 'string', default: 'required', text: 'a key of the ConfigMap' },
    {
      name: 'items[].path',
      type: 'string',
      default: 'required',
      text: 'relative path of the file; no element may be ".."',
    },
    { name: 'items[].mode', type: 'mode', default: 'defaultMode', text: '0 to 0777' },
    { name: 'defaultMode', type: 'mode', default: '0644', text: 'of files without one' },
    {
      name: 'optional',
      type: 'boolean',
      default: 'false',
      text: 'a ConfigMap or key that is missing is left out',
    },
  ],
  onTheNode: [
    '/var/lib/kubelet/pods/<uid>/volumes/kubernetes.io~configmap/<name>',
    '/var/lib/kubelet/pods/<uid>/plugins/kubernetes.io~empty-dir/wrapped_<name>/ready',
  ],
  survives: {
    containerRestart: 'kept',
    podDeletion: 'removed; the ConfigMap stays in the API',
    otherNode: 'written anew',
    nodeReboot: 'kept on disk',
    kubeletRestart: 'kept',
  },
  writers: 'nobody: every mount of it is read-only. With fsGroup the group may read.',
  refresh:
    'follows the ConfigMap at the next sync of the Pod, every 60 to 90 seconds. Never in a mount with subPath. A change of modes alone is ' +
    'not seen until some content changes.',
  errors: [
    {
      message: 'MountVolume.SetUp failed for volume "config" : configmap "game" not found',
      cause: 'no such ConfigMap in the namespace; the Pod waits until there is one',
    },
    {
      message:
        'MountVolume.SetUp failed for volume "config" : configmap references non-existent config key: level',
      cause: 'a key of items is not in the ConfigMap',
    },
  ],
  example: 'config-map.yaml',
};
