import type { ContainerRuntime, KubeletContext } from '../contracts.ts';
import type { ObjectManager } from '../managers/object-manager.ts';
import type { KubeletMetrics } from '../metrics/kubelet-metrics.ts';
import type { MirrorPods } from '../static-pods/index.ts';
import type { ReasonCache } from '../status/reasons.ts';
import type { StatusManager } from '../status/status-manager.ts';
import type { NodeVolumeManager } from '../volume-manager/index.ts';
import type { CrashLoopBackOff } from './back-off.ts';

/** What the syncs of pods work with, in one life of a kubelet. */
export interface PodContext extends KubeletContext {
  readonly runtime: ContainerRuntime;
  readonly volumes: NodeVolumeManager;
  readonly objects: ObjectManager;
  readonly statuses: StatusManager;
  readonly reasons: ReasonCache;
  readonly backOff: CrashLoopBackOff;
  readonly metrics: KubeletMetrics;
  /** What the API shows of static pods. */
  readonly mirrors: MirrorPods;
}
