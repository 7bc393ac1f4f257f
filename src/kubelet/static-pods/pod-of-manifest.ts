import { ApiError, type Pod, readPodManifest, type Store } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { KubeletContext } from '../contracts.ts';
import { objectReferences } from '../managers/references.ts';

/** The hash of a static Pod's manifest, which is its uid. */
export const CONFIG_HASH = 'kubernetes.io/config.hash';
const CONFIG_SOURCE = 'kubernetes.io/config.source';
const CONFIG_SEEN = 'kubernetes.io/config.seen';

/** What a manifest is read with. */
export interface ManifestParts {
  readonly context: Pick<KubeletContext, 'system' | 'rules'>;
  readonly store: Store;
}

/**
 * The Pod of a manifest file: its name ends with the node's, and its uid follows from the node, the file and what it says.
 * Throws ApiError. Models applyDefaults and extractFromFile of pkg/kubelet/config.
 */
export function podOfManifest(
  { context, store }: ManifestParts,
  text: string,
  path: string,
): DeepReadonly<Pod> {
  const { system, rules } = context;
  const pod = readPodManifest(text, { rules, store }, (one) => complete(one, context, path));
  const reference = rules.gate('PreventStaticPodAPIReferences') ? apiReference(pod) : undefined;
  if (reference !== undefined) {
    throw ApiError.badRequest(`static pods may not reference ${reference}`);
  }
  const seen = new Date(system.simulation.now).toISOString().replace('Z', '000000Z');
  const annotations = { ...pod.metadata.annotations, [CONFIG_SEEN]: seen };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}

function complete(pod: Pod, { system }: ManifestParts['context'], path: string): void {
  const { metadata, spec } = pod;
  const what = `${system.name} ${path} ${canonical(pod)}`;
  metadata.uid ||= system.simulation.random.fresh('static-pod', what).hex(32);
  metadata.name = `${metadata.name}-${system.name}`;
  metadata.namespace ||= 'default';
  spec.nodeName = system.name;
  metadata.annotations = {
    ...metadata.annotations,
    [CONFIG_HASH]: metadata.uid,
    [CONFIG_SOURCE]: 'file',
  };
  spec.tolerations = [...(spec.tolerations ?? []), { operator: 'Exists', effect: 'NoExecute' }];
  pod.status = { phase: 'Pending' };
}

/** Whatever the order of its fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

/** What kind of API objects a Pod needs; undefined: none. Models HasAPIObjectReference of pkg/api/v1/pod. */
function apiReference(pod: DeepReadonly<Pod>): string | undefined {
  if (pod.spec.serviceAccountName) return 'serviceaccounts';
  const [object] = objectReferences(pod);
  if (object) return object.kind === 'Secret' ? 'secrets' : 'configmaps';
  const claims = pod.spec.volumes?.some(
    ({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim ?? ephemeral,
  );
  return claims ? 'persistentvolumeclaims' : undefined;
}
