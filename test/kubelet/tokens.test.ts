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
  function manager({ expirationSeconds = 600, chance = 0, jitters = true } = {}) {
    let now = 0;
    let refuses = false;
    let issued = 0;
    const log: string[] = [];
    const tokens = new TokenManager({
      now: () => now,
      issuer: {
        issue: () => {
          if (refuses) throw ApiError.notFound('pods', 'p');
          return { token: `token-${++issued}`, expiresAt: now + expirationSeconds * SECOND };
        },
      },
      chance: () => chance,
      jitters,
      log: (level, message) => void log.push(`${level} ${message}`),
    });
    const at = (time: number, more: { refuse?: boolean; audience?: string } = {}): string => {
      now = time;
      refuses = more.refuse ?? false;
      return tokens.token(pod, { audience: more.audience, expirationSeconds });
    };
    return { at, log, next: () => tokens.nextRefresh(pod.metadata.uid) };
  }

  test.each([
    [600, 480],
    [3607, 2886],
    [30 * 3600, 24 * 3600],
    [48 * 3600, 24 * 3600],
  ])('of %i s is replaced after %i s', (seconds, expected) => {
    expect(refreshTime(HOUR, HOUR + seconds * SECOND)).toBe(HOUR + expected * SECOND);
  });

  test.each([
    ['no second', 600, 0, true, 480],
    ['less than ten', 600, 0.999, true, 471],
    ['whole ones only', 600, 0.55, true, 475],
    ['off the day, too', 48 * 3600, 0.999, true, 24 * 3600 - 9],
    ['none until 1.19', 600, 0.999, false, 480],
  ])('is replaced some seconds early: %s', (_, expirationSeconds, chance, jitters, after) => {
    const { at, next } = manager({ expirationSeconds, chance, jitters });
    expect(at(HOUR)).toBe('token-1');
    expect(next()).toBe(HOUR + after * SECOND);
    expect(at(HOUR + after * SECOND)).toBe('token-1');
    expect(at(HOUR + after * SECOND + 1)).toBe('token-2');
  });

  test('that cannot be replaced is good until it has expired', () => {
    const { at, log } = manager();
    expect(at(30 * SECOND)).toBe('token-1');
    expect(at(510 * SECOND, { refuse: true })).toBe('token-1');
    expect(log).toEqual([]);
    expect(at(629 * SECOND, { refuse: true })).toBe('token-1');
    expect(at(630 * SECOND, { refuse: true })).toBe('token-1');
    const key =
      '"default"/"default"/[]string(nil)/600/v1.BoundObjectReference{Kind:"Pod", APIVersion:"v1", Name:"p", UID:"uid-p"}';
    const line = `error Couldn't update token ${key}: pods "p" not found`;
    expect(log).toEqual([line, line]);
    expect(at(640 * SECOND)).toBe('token-2');
    expect(log).toHaveLength(2);
  });

  test.each([
    [undefined, '[]string(nil)'],
    ['vault', '[]string{"vault"}'],
  ])('that has expired is known until the next minute, audience %s', (audience, list) => {
    const { at } = manager();
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
    tokens: new TokenManager({
      now: () => now,
      issuer: undefined,
      chance: () => 0,
      jitters: true,
      log: () => {},
    }),
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
