import { bytesOf, type DeepReadonly, textOf } from '../base/index.ts';
import { copyOf, deepFreeze } from './freeze.ts';
import type { StoredObject } from './objects.ts';
import type { NewObject, Store } from './store.ts';
import type { Pod, TokenReviewStatus } from './types.ts';

/** The server's own name, which tokens without an audience are for. */
export const API_AUDIENCE = 'https://kubernetes.default.svc.cluster.local';

/** What a token of a service account is asked for with. Models the subresource `token` of ServiceAccounts. */
export interface TokenRequestOptions {
  /** ms of virtual time. */
  readonly now: number;
  readonly expirationSeconds: number;
  /** Default: the API server's own. */
  readonly audience?: string | undefined;
}

interface Claims {
  aud: string[];
  exp: number;
  iat: number;
  iss: string;
  jti: string;
  nbf: number;
  sub: string;
  'kubernetes.io': {
    namespace: string;
    pod: { name: string; uid: string };
    serviceaccount: { name: string; uid: string };
    node?: { name: string };
  };
}

/**
 * A token of a Pod's service account: shaped like a JSON Web Token, and signed so that `create` of a TokenReview knows it
 * again; it is no secret. Models pkg/serviceaccount/claims.go.
 */
export function issueToken(
  pod: DeepReadonly<Pod>,
  store: Store,
  { now, expirationSeconds, audience }: TokenRequestOptions,
): string {
  const { namespace, name, uid } = pod.metadata;
  const account = pod.spec.serviceAccountName || 'default';
  const found = store.get('ServiceAccount', namespace, account);
  const seconds = Math.floor(now / 1000);
  const claims: Claims = {
    aud: [audience || API_AUDIENCE],
    exp: seconds + expirationSeconds,
    iat: seconds,
    iss: API_AUDIENCE,
    jti: `${uid.slice(0, 24)}${seconds.toString(16).padStart(12, '0')}`,
    'kubernetes.io': {
      namespace,
      ...(pod.spec.nodeName && { node: { name: pod.spec.nodeName } }),
      pod: { name, uid },
      serviceaccount: { name: account, uid: found?.metadata.uid ?? '' },
    },
    nbf: seconds,
    sub: `system:serviceaccount:${namespace}:${account}`,
  };
  const head = base64url(JSON.stringify({ alg: 'RS256', kid: 'simulated', typ: 'JWT' }));
  const body = `${head}.${base64url(JSON.stringify(claims))}`;
  return `${body}.${signature(body)}`;
}

/** Answers a TokenReview. Models pkg/serviceaccount/jwt.go and the review's registry. */
export function reviewToken(object: NewObject, store: Store, now: number): StoredObject {
  const { token = '', audiences = [] } = (object['spec'] ?? {}) as {
    token?: string;
    audiences?: string[];
  };
  const status = statusOf(token, audiences, store, now);
  return deepFreeze({ ...copyOf(object), status }) as unknown as StoredObject;
}

function statusOf(
  token: string,
  audiences: readonly string[],
  store: Store,
  now: number,
): TokenReviewStatus {
  const claims = claimsOf(token);
  if (!claims) return refused('invalid bearer token');
  if (claims.exp * 1000 <= now) {
    return refused('[invalid bearer token, service account token has expired]');
  }
  const wanted = audiences.length > 0 ? audiences : [API_AUDIENCE];
  const common = claims.aud.filter((audience) => wanted.includes(audience));
  if (common.length === 0) {
    const text = `token audiences ${JSON.stringify(claims.aud)} is invalid for the target audiences ${JSON.stringify(wanted)}`;
    return refused(`[invalid bearer token, ${text}]`);
  }
  const { namespace, pod, serviceaccount } = claims['kubernetes.io'];
  const live = store.get('Pod', namespace, pod.name);
  if (live?.metadata.uid !== pod.uid)
    return refused('[invalid bearer token, service account token has been invalidated]');
  const { name, uid } = serviceaccount;
  const extra = {
    'authentication.kubernetes.io/pod-name': [pod.name],
    'authentication.kubernetes.io/pod-uid': [pod.uid],
  };
  const groups = [
    'system:serviceaccounts',
    `system:serviceaccounts:${namespace}`,
    'system:authenticated',
  ];
  const user = { username: `system:serviceaccount:${namespace}:${name}`, uid, groups, extra };
  return { authenticated: true, user, audiences: common };
}

function refused(error: string): TokenReviewStatus {
  return { authenticated: false, user: {}, error };
}

function claimsOf(token: string): Claims | undefined {
  const [head, body, sign] = token.split('.');
  if (!head || !body || sign !== signature(`${head}.${body}`)) return undefined;
  return JSON.parse(textOf(fromBase64url(body))) as Claims;
}

function base64url(text: string): string {
  let binary = '';
  for (const byte of bytesOf(text)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64url(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

/** Four rounds of FNV-1a: enough to tell a token of ours from any other text. */
function signature(text: string): string {
  let out = '';
  for (let round = 0; round < 4; round++) {
    let hash = 0x811c9dc5 ^ round;
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    }
    out += (hash >>> 0).toString(16).padStart(8, '0');
  }
  return out;
}
