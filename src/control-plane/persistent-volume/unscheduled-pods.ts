import type { Informer } from '../../api/informer.ts';
import { compare } from '../../base/index.ts';
import { claimReference } from '../../plugin/references/index.ts';
import type { ControllerContext, Stored } from '../context.ts';

/** Pods without a node. Models findNonScheduledPodsByPVC of pkg/controller/volume/persistentvolume. */
export class UnscheduledPods {
  readonly #pods: Informer<'Pod'>;

  constructor(context: ControllerContext) {
    this.#pods = context.informer('Pod', () => undefined, isUnscheduled);
  }

  /** Names of those that use the claim, in order. */
  using({ metadata }: Stored<'PersistentVolumeClaim'>): string[] {
    const { namespace, name } = metadata;
    return this.#pods
      .list()
      .filter((pod) => isUnscheduled(pod) && pod.metadata.namespace === namespace)
      .filter((pod) =>
        pod.spec.volumes?.some((volume) => claimReference(pod, volume)?.claimName === name),
      )
      .map((pod) => pod.metadata.name)
      .sort(compare);
  }
}

function isUnscheduled({ spec, status }: Stored<'Pod'>): boolean {
  return !spec.nodeName && status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}
