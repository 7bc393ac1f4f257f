import type { TypeExplanation } from './explanation.ts';

/** `secret`. Models pkg/volume/secret. */
export const secretExplanation: TypeExplanation = {
  type: 'secret',
  summary: 'the keys of a Secret as files, in memory',
  text:
    "Each key of a Secret of the Pod's namespace becomes a file with the decoded value, or only those keys that items names. The files " +
    'lie on a tmpfs, never on a disk, and are exchanged all at once: ..data links to a directory with a time in its name, and what a ' +
    'container sees are links through it.',
  fields: [
    { name: 'secretName', type: 'string', default: 'required', text: 'name of the Secret' },
    { name: 'items', type: 'list', default: 'every key', text: 'keys to have, and where' },
    { name: 'items[].key', type: 'string', default: 'required', text: 'a key of the Secret' },
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
      text: 'a Secret or key that is missing is left out',
    },
  ],
  onTheNode: [
    '/var/lib/kubelet/pods/<uid>/volumes/kubernetes.io~secret/<name>   (a tmpfs)',
    '/var/lib/kubelet/pods/<uid>/plugins/kubernetes.io~empty-dir/wrapped_<name>/ready',
  ],
  survives: {
    containerRestart: 'kept',
    podDeletion: 'removed; the Secret stays in the API',
    otherNode: 'written anew',
    nodeReboot: 'written anew',
    kubeletRestart: 'kept',
  },
  writers: 'nobody: every mount of it is read-only. With fsGroup the group may read.',
  refresh:
    'follows the Secret at the next sync of the Pod, every 60 to 90 seconds. Never in a mount with subPath. A change of modes alone is not ' +
    'seen until some content changes.',
  errors: [
    {
      message: 'MountVolume.SetUp failed for volume "credentials" : secret "mysecret" not found',
      cause: 'no such Secret in the namespace; the Pod waits until there is one',
    },
    {
      message:
        'MountVolume.SetUp failed for volume "credentials" : references non-existent secret key: password',
      cause: 'a key of items is not in the Secret',
    },
    {
      message: 'EROFS: read-only file system',
      cause: 'what a container gets that writes to it',
    },
  ],
  example: 'secret.yaml',
};
