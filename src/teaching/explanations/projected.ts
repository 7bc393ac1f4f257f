import type { TypeExplanation } from './explanation.ts';

/** `projected`. Models pkg/volume/projected. */
export const projectedExplanation: TypeExplanation = {
  type: 'projected',
  summary: 'several of secret, configMap, downwardAPI and tokens in one directory',
  text:
    'Sources are read in order and put together in one directory; a later one replaces a file of an earlier one at the same path. All that is ' +
    'wrong is said at once, and then nothing is written. Every Pod has one that it did not ask for, kube-api-access-…, with the token of ' +
    "its service account, the cluster's certificate and its namespace.",
  fields: [
    { name: 'sources', type: 'list', default: 'none', text: 'each holds one of the following' },
    {
      name: 'sources[].secret',
      type: 'object',
      default: '',
      text: 'name, items, optional: as the type secret',
    },
    {
      name: 'sources[].configMap',
      type: 'object',
      default: '',
      text: 'name, items, optional: as the type configMap',
    },
    {
      name: 'sources[].downwardAPI',
      type: 'object',
      default: '',
      text: 'items: as the type downwardAPI',
    },
    {
      name: 'sources[].serviceAccountToken.path',
      type: 'string',
      default: 'required',
      text: 'where the token is',
    },
    {
      name: 'sources[].serviceAccountToken.audience',
      type: 'string',
      default: "the API server's",
      text: 'whom the token is for',
    },
    {
      name: 'sources[].serviceAccountToken.expirationSeconds',
      type: 'integer',
      default: '3600',
      text: 'at least 600',
    },
    { name: 'defaultMode', type: 'mode', default: '0644', text: 'of files without one' },
  ],
  onTheNode: [
    '/var/lib/kubelet/pods/<uid>/volumes/kubernetes.io~projected/<name>   (a tmpfs)',
    '/var/lib/kubelet/pods/<uid>/plugins/kubernetes.io~empty-dir/wrapped_<name>/ready',
  ],
  survives: {
    containerRestart: 'kept',
    podDeletion: 'removed; its tokens end with the Pod',
    otherNode: 'written anew',
    nodeReboot: 'written anew',
    kubeletRestart: 'kept; tokens are asked for again',
  },
  writers:
    'nobody: every mount of it is read-only. A token has mode 0600 where the Pod has an fsGroup or all its containers run as one user, whose it then is.',
  refresh:
    'as its sources, at the next sync of the Pod. A token is renewed after 80 % of its life, or a day. Never in a mount with subPath.',
  errors: [
    {
      message: 'MountVolume.SetUp failed for volume "all-in-one" : secret "mysecret" not found',
      cause: 'one of the sources is missing; with several, [one, another]',
    },
    {
      message:
        'MountVolume.SetUp failed for volume "kube-api-access-x2k9p" : configmap "kube-root-ca.crt" not found',
      cause:
        'the Pod came before the controller that puts it into a new namespace; it is tried again',
    },
    {
      message: 'spec.volumes[0].projected: Invalid value: "mysecret": conflicting duplicate paths',
      cause: 'refused by the API server: the same path is named twice',
    },
  ],
  example: 'projected.yaml',
};
