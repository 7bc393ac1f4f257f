import type { Operation } from '../../sim/index.ts';
import type { PodStateProvider } from '../contracts.ts';
import type { PodContext } from '../pod/context.ts';

/**
 * Removes containers of pods that have ended for good, with their layers and logs: nobody needs them but to look at. Models
 * DeleteAllUnusedContainers of pkg/kubelet/kuberuntime/kuberuntime_gc.go.
 */
export function* deleteUnusedContainers(
  { runtime }: Pick<PodContext, 'runtime'>,
  workers: Pick<PodStateProvider, 'shouldPodRuntimeBeRemoved'>,
): Operation {
  for (const uid of [...runtime.podUids()]) {
    if (!workers.shouldPodRuntimeBeRemoved(uid)) continue;
    for (const { id, state } of runtime.containers(uid)) {
      if (state === 'exited') yield* runtime.removeContainer(id);
    }
  }
}
