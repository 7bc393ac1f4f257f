import { describe, expect, test } from 'vitest';
import { ApiError, type Pod } from '../../src/api/index.ts';
import type { DeepReadonly } from '../../src/base/index.ts';
import { ObjectManager } from '../../src/kubelet/managers/object-manager.ts';
import { refreshTime, TokenManager } from '../../src/kubelet/managers/tokens.ts';
import { podWith } from './volume-manager/harness.ts';

const SECOND = 1000;
const HOUR = 3_600_000;

describe('2.9 a token', () => {
  const pod = podWith('p', []);

  /** A token manager that was made at 0, whose API server may refuse, and what it gives at a time (ms). */
  function manager(expirationSeconds = 600) {
    let now = 0;
    let refuses = false;
    let issued = 0;
    const tokens = new TokenManager(() => now, {
      issue: () => {
        if (refuses) throw ApiError.notFound('pods', 'p');
        return { token: `token-${++issued}`, expiresAt: now + expirationSeconds * SECOND };
      },
    });
    const at = (time: number, more: { refuse?: boolean; audience?: string } = {}): string => {
      now = time;
      refuses = more.refuse ?? false;
      return tokens.token(pod, { audience: more.audience, expirationSeconds });
    };
    return at;
  }

  test.each([
    [600, 480],
    [3607, 2886],
    [30 * 3600, 24 * 3600],
    [48 * 3600, 24 * 3600],
  ])('of %i s is replaced after %i s', (seconds, expected) => {
    expect(refreshTime(HOUR, HOUR + seconds * SECOND)).toBe(HOUR + expected * SECOND);
  });

  test('that cannot be replaced is good until it has expired', () => {
    const at = manager();
    expect(at(30 * SECOND)).toBe('token-1');
    expect(at(629 * SECOND, { refuse: true })).toBe('token-1');
    expect(at(630 * SECOND, { refuse: true })).toBe('token-1');
    expect(at(640 * SECOND)).toBe('token-2');
  });

  test.each([
    [undefined, '[]string(nil)'],
    ['vault', '[]string{"vault"}'],
  ])('that has expired is known until the next minute, audience %s', (audience, list) => {
    const at = manager();
    const more = audience === undefined ? {} : { audience };
    at(30 * SECOND, more);
    const refuse = (time: number) => () => at(time, { ...more, refuse: true });
    expect(refuse(631 * SECOND)).toThrow(
      `token "default"/"default"/${list}/600/v1.BoundObjectReference{Kind:"Pod", APIVersion:"v1", Name:"p", UID:"uid-p"} expired and refresh failed: pods "p" not found`,
    );
    expect(refuse(660 * SECOND)).toThrow(/^failed to fetch token: pods "p" not found$/);
  });
});

test('2.9 a watch stops after five periods of the syncs that the kubelet is set to', () => {
  let now = 0;
  let lists = 0;
  const pod = podWith('p', [{ name: 'v', secret: { secretName: 's' } }]) as DeepReadonly<Pod>;
  const manager = new ObjectManager({
    source: {
      get: () => ({}),
      synced: () => {
        lists++;
        return true;
      },
    },
    tokens: new TokenManager(() => now, undefined),
    strategy: 'Watch',
    now: () => now,
    syncPeriod: 10 * SECOND,
    maxAge: () => 0,
  });
  manager.register(pod);
  manager.secret('default', 's');
  const first = lists;
  now = 50 * SECOND;
  manager.secret('default', 's');
  expect(lists).toBe(first);
  now = 101 * SECOND;
  manager.secret('default', 's');
  expect(lists).toBe(first + 1);
});
