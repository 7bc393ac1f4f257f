import { ApiError, issueToken, type Pod, type Store } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import type { TokenIssuer } from '../kubelet/index.ts';

/** The API server's TokenRequest for a Pod's service account: NotFound when that or the Pod is gone. */
export function tokenIssuer(store: Store, clock: { readonly now: number }): TokenIssuer {
  return {
    issue: ({ namespace, serviceAccount, audiences, expirationSeconds, pod: { name, uid } }) => {
      if (!store.get('ServiceAccount', namespace, serviceAccount))
        throw ApiError.notFound('serviceaccounts', serviceAccount);
      const pod = store.get('Pod', namespace, name) as DeepReadonly<Pod> | undefined;
      if (pod?.metadata.uid !== uid) throw ApiError.notFound('pods', name);
      const { now } = clock;
      const [audience] = audiences;
      const token = issueToken(pod, store, { now, expirationSeconds, audience });
      return { token, expiresAt: now + expirationSeconds * 1000 };
    },
  };
}
