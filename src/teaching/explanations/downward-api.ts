import type { TypeExplanation } from './explanation.ts';

/** `downwardAPI`. Models pkg/volume/downwardapi. */
export const downwardAPIExplanation: TypeExplanation = {
  type: 'downwardAPI',
  summary: 'fields of the Pod itself as files, in memory',
  text:
    'What a Pod is called, its labels and annotations, and what its containers request and may use, each as a file. It needs no object of the ' +
    'API and no permission, so a program can know about its Pod without asking the API server.',
  fields: [
    { name: 'items', type: 'list', default: 'none', text: 'the files' },
    {
      name: 'items[].path',
      type: 'string',
      default: 'required',
      text: 'relative path of the file',
    },
    {
      name: 'items[].fieldRef.fieldPath',
      type: 'string',
      default: '',
      text:
        "metadata.name, metadata.namespace, metadata.uid, metadata.labels, metadata.annotations, metadata.labels['k'], " +
        "metadata.annotations['k']",
    },
    {
      name: 'items[].resourceFieldRef.containerName',
      type: 'string',
      default: 'required',
      text: 'whose resource',
    },
    {
      name: 'items[].resourceFieldRef.resource',
      type: 'string',
      default: 'required',
      text: 'limits. or requests. with cpu, memory, ephemeral-storage or hugepages-<size>',
    },
    {
      name: 'items[].resourceFieldRef.divisor',
      type: 'quantity',
      default: '1',
      text: 'the unit: 1m or 1 of cpu; 1, 1k to 1E, 1Ki to 1Ei of the rest. The value is rounded up',
    },
    { name: 'items[].mode', type: 'mode', default: 'defaultMode', text: '0 to 0777' },
    { name: 'defaultMode', type: 'mode', default: '0644', text: 'of files without one' },
  ],
  onTheNode: [
    '/var/lib/kubelet/pods/<uid>/volumes/kubernetes.io~downward-api/<name>   (a tmpfs)',
    '/var/lib/kubelet/pods/<uid>/plugins/kubernetes.io~empty-dir/wrapped_<name>/ready',
  ],
  survives: {
    containerRestart: 'kept',
    podDeletion: 'removed',
    otherNode: 'written anew',
    nodeReboot: 'written anew',
    kubeletRestart: 'kept',
  },
  writers: 'nobody: every mount of it is read-only. With fsGroup the group may read.',
  refresh:
    'follows labels and annotations of the running Pod, at its next sync. A limit that a container has not is what the node can allocate; a ' +
    'request that it has not is 0.',
  errors: [
    {
      message: 'MountVolume.SetUp failed for volume "podinfo" : container main2 not found',
      cause: 'containerName names no container of the Pod',
    },
    {
      message:
        'spec.volumes[0].downwardAPI.fieldRef.fieldPath: Unsupported value: "status.podIP": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"',
      cause:
        'refused by the API server: addresses, node and service account can be had in environment variables alone',
    },
  ],
  example: 'downward-api.yaml',
};
