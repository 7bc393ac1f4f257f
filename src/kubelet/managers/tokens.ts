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

/** What a token manager works with. */
export interface TokenManagerParts {
  /** Virtual time, ms. */
  readonly now: () => number;
  readonly issuer: TokenIssuer | undefined;
  /** A number in [0, 1) that belongs to a text. */
  readonly chance: (key: string) => number;
  /** Tokens are replaced somewhat early, each by another span: since 1.20. */
  readonly jitters: boolean;
  readonly log: (level: 'error', message: string) => void;
}

interface CachedToken {
  readonly token: string;
  readonly expiresAt: number;
  /** After that it is replaced, ms. */
  readonly dueAt: number;
}

const MAX_AGE = 24 * 3_600_000;

/** Seconds by which a token is replaced early at most; always whole ones. */
const MAX_JITTER = 10;

/** Milliseconds between two looks for tokens that have expired. Models gcPeriod. */
const CLEANUP_PERIOD = 60_000;

/** After when a token is replaced: 80 % of its life in whole seconds, or 24 hours (ms of virtual time). */
export function refreshTime(issuedAt: number, expiresAt: number): number {
  const fifth = Math.trunc((expiresAt - issuedAt) / 5000) * 1000;
  return Math.min(expiresAt - fifth, issuedAt + MAX_AGE);
}

/**
 * The tokens of a kubelet's pods. They are looked at when a volume is set up again, never by a clock of their own.
 * Models pkg/kubelet/token/token_manager.go.
 */
export class TokenManager {
  readonly #parts: TokenManagerParts;
  readonly #startedAt: number;
  readonly #pods = new Map<string, Map<string, CachedToken>>();

  constructor(parts: TokenManagerParts) {
    this.#parts = parts;
    this.#startedAt = parts.now();
  }

  /** A token that is not due to be replaced. Throws an OperationError when the API server refuses, unless an older one is still good. */
  token(
    pod: DeepReadonly<Pod>,
    request: { audience?: string | undefined; expirationSeconds: number },
  ): string {
    const uid = pod.metadata.uid ?? '';
    const tokens = this.#pods.get(uid) ?? new Map<string, CachedToken>();
    const key = `${request.audience ?? ''} ${request.expirationSeconds}`;
    const cached = tokens.get(key);
    if (cached && this.#parts.now() <= cached.dueAt) return cached.token;
    const wanted = requestOf(pod, request);
    try {
      const issued = this.#issue(wanted);
      this.#pods.set(uid, tokens.set(key, issued));
      return issued.token;
    } catch (error) {
      return this.#stillGood(cached, wanted, error);
    }
  }

  /** When the first of a Pod's tokens is due, or undefined when it has none. */
  nextRefresh(podUid: string): number | undefined {
    let next: number | undefined;
    for (const { dueAt } of this.#pods.get(podUid)?.values() ?? []) {
      next = Math.min(next ?? Number.POSITIVE_INFINITY, dueAt);
    }
    return next;
  }

  /** Drops the tokens of a Pod. */
  forget(podUid: string): void {
    this.#pods.delete(podUid);
  }

  #issue(wanted: TokenRequest): CachedToken {
    const { issuer, now } = this.#parts;
    if (!issuer) {
      return { token: '', expiresAt: Number.POSITIVE_INFINITY, dueAt: Number.POSITIVE_INFINITY };
    }
    const { token, expiresAt } = issuer.issue(wanted);
    const issuedAt = now();
    const dueAt = refreshTime(issuedAt, expiresAt) - this.#jitter(`${keyOf(wanted)} ${issuedAt}`);
    return { token, expiresAt, dueAt };
  }

  /** Upstream draws it at each look; one that is the token's own tells beforehand which look it will be. ms */
  #jitter(key: string): number {
    const { jitters, chance } = this.#parts;
    return jitters ? Math.floor(chance(key) * MAX_JITTER) * 1000 : 0;
  }

  /** What could not be replaced, as long as it has not expired. Throws what the API server said otherwise. */
  #stillGood(cached: CachedToken | undefined, wanted: TokenRequest, error: unknown): string {
    const key = keyOf(wanted);
    const expired = cached && this.#isKept(cached);
    const failure = refused(error, expired ? `token ${key} expired and refresh failed` : MISSING);
    if (!cached || this.#parts.now() > cached.expiresAt || failure === error) throw failure;
    this.#parts.log('error', `Couldn't update token ${key}: ${messageOf(error)}`);
    return cached.token;
  }

  /** One that has expired is forgotten at the next minute of the kubelet's life. Models cleanup. */
  #isKept({ expiresAt }: CachedToken): boolean {
    const age = this.#parts.now() - this.#startedAt;
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
