import type { Pod } from '../../api/index.ts';
import { type DeepReadonly, messageOf, OperationError } from '../../base/index.ts';

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

/** When a token is replaced: at 80 % of its life, or after 24 hours (ms of virtual time). */
export function refreshTime(issuedAt: number, expiresAt: number): number {
  return Math.min(issuedAt + 0.8 * (expiresAt - issuedAt), issuedAt + MAX_AGE);
}

/**
 * The tokens of a kubelet's pods. They are looked at when a volume is set up again, never by a clock of their own.
 * Models pkg/kubelet/token/token_manager.go.
 */
export class TokenManager {
  readonly #now: () => number;
  readonly #issuer: TokenIssuer | undefined;
  readonly #pods = new Map<string, Map<string, CachedToken>>();

  constructor(now: () => number, issuer: TokenIssuer | undefined) {
    this.#now = now;
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
    try {
      const issued = { ...this.#issue(pod, request), issuedAt: now };
      this.#pods.set(uid, tokens.set(key, issued));
      return issued.token;
    } catch (error) {
      if (cached && now < cached.expiresAt) return cached.token;
      throw refused(pod, error, cached !== undefined);
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

  #issue(
    pod: DeepReadonly<Pod>,
    request: { audience?: string | undefined; expirationSeconds: number },
  ): { token: string; expiresAt: number } {
    const { metadata, spec } = pod;
    const { audience, expirationSeconds } = request;
    const wanted: TokenRequest = {
      namespace: metadata.namespace ?? 'default',
      serviceAccount: spec.serviceAccountName ?? 'default',
      audiences: audience ? [audience] : [],
      expirationSeconds,
      pod: { name: metadata.name, uid: metadata.uid ?? '' },
    };
    return this.#issuer?.issue(wanted) ?? { token: '', expiresAt: Number.POSITIVE_INFINITY };
  }
}

/** What the API server says is an error of the volume, in the words of GetServiceAccountToken; anything else is a bug. */
function refused({ metadata, spec }: DeepReadonly<Pod>, error: unknown, expired: boolean): unknown {
  if (!(error instanceof Error) || error.name !== 'ApiError') return error;
  const account = `"${spec.serviceAccountName ?? 'default'}"/"${metadata.namespace ?? 'default'}"`;
  const what = expired ? `token ${account} expired and refresh failed` : 'failed to fetch token';
  return new OperationError(`${what}: ${messageOf(error)}`, { cause: error });
}
