import type { TypeExplanation } from './explanation.ts';

/** `gitRepo`. Models pkg/volume/git_repo. */
export const gitRepoExplanation: TypeExplanation = {
  type: 'gitRepo',
  summary: 'a working copy of a git repository, cloned once',
  text:
    'The kubelet clones a repository into an emptyDir on disk, with the git of the node and no credentials of the Pod. Deprecated in 1.11, off by ' +
    'default since 1.33 (feature gate GitRepoVolumeDriver): hooks of a repository could run code on the node. Clone in an init ' +
    'container into an emptyDir instead.',
  fields: [
    { name: 'repository', type: 'string', default: 'required', text: 'URL, as git clone takes it' },
    {
      name: 'revision',
      type: 'string',
      default: 'what was cloned',
      text: 'branch, tag or commit to check out',
    },
    {
      name: 'directory',
      type: 'string',
      default: "the repository's name",
      text: 'relative path in the volume; "." is the volume itself',
    },
  ],
  onTheNode: [
    '/var/lib/kubelet/pods/<uid>/volumes/kubernetes.io~git-repo/<name>',
    '/var/lib/kubelet/pods/<uid>/plugins/kubernetes.io~git-repo/<name>/ready',
    '/var/lib/kubelet/pods/<uid>/plugins/kubernetes.io~empty-dir/wrapped_<name>/ready',
  ],
  survives: {
    containerRestart: 'kept, with what was changed',
    podDeletion: 'removed',
    otherNode: 'cloned again',
    nodeReboot: 'kept',
    kubeletRestart: 'kept',
  },
  writers:
    "containers, as the files' permissions let; fsGroup is applied only when there is a revision.",
  refresh: 'none: it is cloned once, and does not follow the branch.',
  errors: [
    {
      message:
        'MountVolume.SetUp failed for volume "code" : git-repo volume plugin has been disabled; if necessary, it may be re-enabled by enabling the feature-gate `GitRepoVolumeDriver`',
      cause: '1.33 or later, and the gate is off',
    },
    {
      message:
        'MountVolume.NewMounter initialization failed for volume "code" : "--upload-pack=x" is an invalid value for repository',
      cause: 'what begins with - would be an option of git',
    },
    {
      message:
        'MountVolume.SetUp failed for volume "code" : failed to exec \'git clone -- https://example.com/repo.git\': <what git printed>: exit status 128',
      cause:
        'the clone failed. One that left something behind fails for ever: git refuses to clone into it. Delete the Pod',
    },
  ],
  example: 'git-repo.yaml',
};
