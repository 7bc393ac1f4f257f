import type { Stored } from '../context.ts';

const MANAGED = 'volumes.kubernetes.io/controller-managed-attach-detach';
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

/** What this controller wants to know of a Node. */
export interface NodeView {
  readonly name: string;
  /** Its kubelet leaves attaching to the controller. */
  readonly managed: boolean;
  readonly ready: boolean;
  /** Somebody says that it is gone for good. */
  readonly outOfService: boolean;
  readonly inUse: readonly string[];
  readonly attached: readonly { readonly name: string; readonly devicePath: string }[];
}

/** Reads a Node. */
export function nodeOfAttachments({ metadata, spec, status }: Stored<'Node'>): NodeView {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return {
    name: metadata.name,
    managed: metadata.annotations?.[MANAGED] !== undefined,
    ready: ready?.status === 'True',
    outOfService: spec?.taints?.some(({ key }) => key === OUT_OF_SERVICE) ?? false,
    inUse: status?.volumesInUse ?? [],
    attached: status?.volumesAttached ?? [],
  };
}
