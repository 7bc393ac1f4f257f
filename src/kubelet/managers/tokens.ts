import type { Pod } from '../../api/index.ts';
import { type DeepReadonly, messageOf, OperationError, quoted } from '../../base/index.ts';

/** What is asked of the API server's TokenRequest. */
export interface TokenRequest {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Empty: the API server's own. */
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  /** The token dies with this Pod. */
  readonly pod: { readonly name: string; readonly uid: string };
}

/** Gives tokens of service accounts, as the API server does. Throws what it refuses with. */
export interface TokenIssuer {
  issue(request: TokenRequest): {
    readonly token: string;
    /** ms of virtual time. */
    readonly expiresAt: number;
  };
}

interface CachedToken {
  readonly token: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

const MAX_AGE = 24 * 3_600_000;

/** Milliseconds between two looks for tokens that have expired. Models gcPeriod. */
const CLEANUP_PERIOD = 60_000;

/** When a token is replaced: at 80 % of its life in whole seconds, or after 24 hours (ms of virtual time). */
export function refreshTime(issuedAt: number, expiresAt: number): number {
  const fifth = Math.trunc((expiresAt - issuedAt) / 5000) * 1000;
  return Math.min(expiresAt - fifth, issuedAt + MAX_AGE);
}

/**
 * The tokens of a kubelet's pods. They are looked at when a volume is set up again, never by a clock of their own.
 * Models pkg/kubelet/token/token_manager.go.
 */
export class TokenManager {
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #issuer: TokenIssuer | undefined;
  readonly #pods = new Map<string, Map<string, CachedToken>>();

  constructor(now: () => number, issuer: TokenIssuer | undefined) {
    this.#now = now;
    this.#startedAt = now();
    this.#issuer = issuer;
  }

  /** A token that is not due to be replaced. Throws an OperationError when the API server refuses, unless an older one is still good. */
  token(
    pod: DeepReadonly<Pod>,
    request: { audience?: string | undefined; expirationSeconds: number },
  ): string {
    const uid = pod.metadata.uid ?? '';
    const tokens = this.#pods.get(uid) ?? new Map<string, CachedToken>();
    const key = `${request.audience ?? ''} ${request.expirationSeconds}`;
    const now = this.#now();
    const cached = tokens.get(key);
    if (cached && now < refreshTime(cached.issuedAt, cached.expiresAt)) return cached.token;
    const wanted = requestOf(pod, request);
    try {
      const issued = { ...this.#issue(wanted), issuedAt: now };
      this.#pods.set(uid, tokens.set(key, issued));
      return issued.token;
    } catch (error) {
      if (cached && now <= cached.expiresAt) return cached.token;
      const expired = cached && this.#isKept(cached);
      throw refused(error, expired ? `token ${keyOf(wanted)} expired and refresh failed` : MISSING);
    }
  }

  /** When the first of a Pod's tokens is due, or undefined when it has none. */
  nextRefresh(podUid: string): number | undefined {
    let next: number | undefined;
    for (const { issuedAt, expiresAt } of this.#pods.get(podUid)?.values() ?? []) {
      next = Math.min(next ?? Number.POSITIVE_INFINITY, refreshTime(issuedAt, expiresAt));
    }
    return next;
  }

  /** Drops the tokens of a Pod. */
  forget(podUid: string): void {
    this.#pods.delete(podUid);
  }

  #issue(wanted: TokenRequest): { token: string; expiresAt: number } {
    return this.#issuer?.issue(wanted) ?? { token: '', expiresAt: Number.POSITIVE_INFINITY };
  }

  /** One that has expired is forgotten at the next minute of the kubelet's life. Models cleanup. */
  #isKept({ expiresAt }: CachedToken): boolean {
    const age = this.#now() - this.#startedAt;
    return this.#startedAt + age - (age % CLEANUP_PERIOD) <= expiresAt;
  }
}

function requestOf(
  { metadata, spec }: DeepReadonly<Pod>,
  { audience, expirationSeconds }: { audience?: string | undefined; expirationSeconds: number },
): TokenRequest {
  return {
    namespace: metadata.namespace ?? 'default',
    serviceAccount: spec.serviceAccountName ?? 'default',
    audiences: audience ? [audience] : [],
    expirationSeconds,
    pod: { name: metadata.name, uid: metadata.uid ?? '' },
  };
}

const MISSING = 'failed to fetch token';

/** As Go prints the parts. Models keyFunc. */
function keyOf({ serviceAccount, namespace, audiences, expirationSeconds, pod }: TokenRequest) {
  const list = audiences.length === 0 ? '(nil)' : `{${audiences.map(quoted).join(', ')}}`;
  const bound = `Kind:"Pod", APIVersion:"v1", Name:${quoted(pod.name)}, UID:${quoted(pod.uid)}`;
  return `${quoted(serviceAccount)}/${quoted(namespace)}/[]string${list}/${expirationSeconds}/v1.BoundObjectReference{${bound}}`;
}

/** What the API server says is an error of the volume, in the words of GetServiceAccountToken; anything else is a bug. */
function refused(error: unknown, what: string): unknown {
  if (!(error instanceof Error) || error.name !== 'ApiError') return error;
  return new OperationError(`${what}: ${messageOf(error)}`, { cause: error });
}
