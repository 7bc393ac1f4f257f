import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { lifeStory } from './scenario.ts';

describe('the same seed gives the same bytes', () => {
  test.each(['fifo', 'random'] as const)('in %s order', (order) => {
    expect(lifeStory({ seed: 7, order })).toBe(lifeStory({ seed: 7, order }));
  });

  test('another seed gives other names', () => {
    expect(lifeStory({ seed: 7 })).not.toBe(lifeStory({ seed: 8 }));
  });

  test('whatever the order, it comes to the same end', () => {
    const end = (seed: number): string | undefined =>
      lifeStory({ seed, order: 'random' }).split('\n')[0];
    expect(new Set([1, 2, 3, 4, 5].map(end))).toEqual(new Set(['3']));
  });
});

const printer = fileURLToPath(new URL('./print-story.mjs', import.meta.url));

/** The story as a process of its own prints it. */
function printed(
  order: string,
  env: Record<string, string>,
  options: { cwd?: string; uid?: number } = {},
): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [printer, order], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    ...options,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

describe('whoever runs it, wherever and whenever', () => {
  test.each(['fifo', 'random'])('in %s order', (order) => {
    const here = printed(order, { TZ: 'UTC', LANG: 'C' });
    expect(here.length).toBeGreaterThan(10_000);
    const places: [Record<string, string>, { cwd?: string; uid?: number }][] = [
      [{ TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }, { cwd: tmpdir() }],
      [{ TZ: 'America/St_Johns', LANG: 'de_DE.UTF-8', WALL: '2031-02-03T04:05:06Z' }, {}],
    ];
    if (process.getuid?.() === 0) places.push([{ TZ: 'UTC', HOME: '/' }, { uid: 65534 }]);
    for (const [env, options] of places) expect(printed(order, env, options)).toBe(here);
  });
});
