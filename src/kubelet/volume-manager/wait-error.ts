import type { Pod, VersionRules } from '../../api/index.ts';
import { type DeepReadonly, goSlice, OperationError } from '../../base/index.ts';

/** What a Pod's volumes were like when the wait for them ended. Names are those in the Pod, sorted. */
export interface UnmountedVolumes {
  readonly unmounted: readonly string[];
  readonly unattached: readonly string[];
  readonly unprocessed: readonly string[];
  /** Every used volume: what old versions call unattached. */
  readonly all: readonly string[];
}

/**
 * The code of an error that says only that time was up: its cause is a deadline, and no event is made of it. Before 1.27 there
 * is one, and the code is `Timeout`.
 */
export const DEADLINE_EXCEEDED = 'DeadlineExceeded';

/** What is said when time is up. */
export function timeoutWords(rules: VersionRules): string {
  return rules.atLeast('1.27')
    ? 'context deadline exceeded'
    : 'timed out waiting for the condition';
}

/** The code of an error of time. */
export function timeoutCode(rules: VersionRules): string {
  return rules.atLeast('1.27') ? DEADLINE_EXCEEDED : 'Timeout';
}

/** `unmounted volumes=[a b], …`, in the words of the version. `cause` undefined: time was up. */
export function unmountedError(
  rules: VersionRules,
  pod: DeepReadonly<Pod>,
  volumes: UnmountedVolumes,
  cause: string | undefined,
): OperationError {
  const code = cause === undefined ? timeoutCode(rules) : undefined;
  return new OperationError(text(rules, pod, volumes, cause ?? timeoutWords(rules)), { code });
}

function text(
  rules: VersionRules,
  { metadata }: DeepReadonly<Pod>,
  { unmounted, unattached, unprocessed, all }: UnmountedVolumes,
  cause: string,
): string {
  if (rules.before('1.14')) {
    const who = `pod "${metadata.namespace ?? ''}"/"${metadata.name}"`;
    return rules.before('1.10')
      ? `timeout expired waiting for volumes to attach/mount for ${who}. list of unattached/unmounted volumes=${goSlice(unmounted)}`
      : `timeout expired waiting for volumes to attach or mount for ${who}. list of unmounted volumes=${goSlice(unmounted)}. list of unattached volumes=${goSlice(all)}`;
  }
  const lists = rules.before('1.25')
    ? `unmounted volumes=${goSlice(unmounted)}, unattached volumes=${goSlice(all)}`
    : `unmounted volumes=${goSlice(unmounted)}, unattached volumes=${goSlice(unattached)}, failed to process volumes=${goSlice(unprocessed)}`;
  return `${lists}: ${cause}`;
}
