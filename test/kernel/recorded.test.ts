import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { playFiles, playMounts, type Step } from './play.ts';
import { playCalls } from './play-calls.ts';

/*
 * Random sequences of operations and what a real Linux 6.18 answered, recorded by test/oracle/record.mjs as root in namespaces of their own
 * (tmpfs; fs.protected_hardlinks 1, the other fs.protected_* 0).
 */
function recorded(name: string): [number, Step[]][] {
  return (read(name) as Step[][]).map((steps, i) => [i, steps]);
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./recorded/${name}.json`, import.meta.url), 'utf8'));
}

describe('what Linux answered', () => {
  test.each(recorded('files'))('files, sequence %d', (_, steps) => {
    const difference = playFiles(steps);
    expect(difference?.found).toEqual(difference?.expected);
  });

  test.each(recorded('mounts'))('mounts, sequence %d', (_, steps) => {
    const difference = playMounts(steps);
    expect(difference?.found).toEqual(difference?.expected);
  });

  // A mount that is moved to where it receives from.
  test.each(recorded('moves'))('moves, sequence %d', (_, steps) => {
    const difference = playMounts(steps);
    expect(difference?.found).toEqual(difference?.expected);
  });

  // A root that is covered: `..` of a link leads onto what covers it.
  test.each(recorded('covered'))('covered, sequence %d', (_, steps) => {
    const difference = playFiles(steps);
    expect(difference?.found).toEqual(difference?.expected);
  });

  // pivot_root, and whole trees made read-only.
  test.each(recorded('roots'))('roots, sequence %d', (_, steps) => {
    const difference = playMounts(steps);
    expect(difference?.found).toEqual(difference?.expected);
  });

  // A root that is covered goes with nothing unmounted elsewhere.
  test.each(recorded('swaps'))('swaps, sequence %d', (_, steps) => {
    const difference = playMounts(steps);
    expect(difference?.found).toEqual(difference?.expected);
  });

  // Descriptors, attributes, times, remounts and limits, ext4, errors of a disk, huge pages, overlays: by turns.
  test.each(recorded('calls'))('calls, sequence %d', (_, steps) => {
    const difference = playCalls(steps);
    expect(difference?.found).toEqual(difference?.expected);
  });

  // One by one, what random sequences seldom come to.
  test.each(read('situations') as [string, Step[]][])('%s', (_, steps) => {
    const difference = playCalls(steps);
    expect(difference?.found).toEqual(difference?.expected);
  });

  test('a wrong answer is seen', () => {
    expect(playCalls([[{ do: 'times', path: '/' }, null, [1, 1, 1]]])).not.toBe(undefined);
    expect(playFiles([[{ do: 'mkdir', path: '/a' }, 'EEXIST', null]])).not.toBe(undefined);
    expect(playMounts([[{ do: 'umount', ns: 0, target: '/x' }, null, {}]])).not.toBe(undefined);
  });
});
