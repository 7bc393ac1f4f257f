/** The parts of the scheduler that can refuse a Pod; what happens later concerns some of them. */
export type FilterName =
  | 'NodeUnschedulable'
  | 'NodeName'
  | 'TaintToleration'
  | 'NodeAffinity'
  | 'NodePorts'
  | 'NodeResourcesFit'
  | 'NodeCondition'
  | 'VolumeRestrictions'
  | 'NodeVolumeLimits'
  | 'VolumeBinding'
  | 'VolumeZone';

/** Why a node is no place for a Pod. */
export interface Rejection {
  readonly filter: FilterName;
  readonly reason: string;
  /** The predicate's name, which Kubernetes 1.8 and older say instead. */
  readonly predicate?: string;
  /** Taking other Pods away could help. */
  readonly preemptible?: boolean;
}

/** Why no node is a place for a Pod, before any was looked at. */
export interface PodRefusal {
  readonly filter: FilterName;
  readonly message: string;
  /** What Kubernetes 1.8 and older say instead. */
  readonly legacy?: string;
}
