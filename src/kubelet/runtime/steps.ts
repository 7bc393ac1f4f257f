/** The names of the runtime's steps: the calls of CRI. */
export const runtimeSteps: readonly string[] = [
  'PullImage', // an image that takes room comes to the node
  'RemoveImage', // and goes
  'RunPodSandbox', // the Pod's network and log directory
  'StopPodSandbox', // ends its containers
  'RemovePodSandbox',
  'CreateContainer', // looks for the sources of its mounts
  'StartContainer', // makes its mounts, and starts its main process
  'StopContainer', // SIGTERM; SIGKILL comes after the grace period
  'ExecSync', // a command in it, for a hook
  'ReopenContainerLog', // what it prints goes to a new file, after the old one was put aside
  'RemoveContainer', // its mounts and its writable layer go
];
