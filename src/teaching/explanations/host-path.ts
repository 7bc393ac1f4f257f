import type { TypeExplanation } from './explanation.ts';

/** `hostPath`. Models pkg/volume/hostpath. */
export const hostPathExplanation: TypeExplanation = {
  type: 'hostPath',
  summary: 'a file, directory, socket or device of the node',
  text:
    'A path of the node, as it is. The kubelet checks it and mounts nothing; the container engine binds it into the container. What is ' +
    'there belongs to the node: other Pods see it too, and the same Pod on another node sees that one. It may also stand in a ' +
    'PersistentVolume, for clusters of one node.',
  fields: [
    { name: 'path', type: 'string', default: 'required', text: 'path on the node, without ".."' },
    {
      name: 'type',
      type: 'string',
      default: '""',
      text:
        'what must be there: "" anything (a missing directory is made by the engine), Directory, DirectoryOrCreate (0755), File, FileOrCreate (0644, ' +
        'its directory must be there), Socket, CharDevice, BlockDevice',
    },
  ],
  onTheNode: ["the path itself; nothing below the Pod's directory"],
  survives: {
    containerRestart: 'kept',
    podDeletion: 'kept, on that node',
    otherNode: "that node's own path",
    nodeReboot: 'kept, unless the path lies on a tmpfs',
    kubeletRestart: 'kept',
  },
  writers:
    'whom the permissions of the node let: often root alone. fsGroup does not apply. What FileOrCreate and DirectoryOrCreate make is ' +
    "root's.",
  refresh: "it is the node's own file: every change is seen at once.",
  errors: [
    {
      message:
        'MountVolume.SetUp failed for volume "data" : hostPath type check failed: /data is not a directory',
      cause: 'type Directory, and /data is missing or something else; links are followed',
    },
    {
      message:
        'MountVolume.SetUp failed for volume "log" : hostPath type check failed: /var/log/app is not a file',
      cause: 'type File or FileOrCreate, and it is something else',
    },
    {
      message: 'spec.volumes[0].hostPath.path: Invalid value: "/a/../b": must not contain \'..\'',
      cause: 'refused by the API server',
    },
  ],
  example: 'host-path.yaml',
};
