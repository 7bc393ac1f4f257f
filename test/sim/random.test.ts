import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { Heap, Random } from '../../src/sim/index.ts';

test('streams do not disturb each other', () => {
  const alone = new Random(7).stream('uid', 'a');
  const random = new Random(7);
  const beside = random.stream('uid', 'a');
  const numbers = Array.from({ length: 5 }, () => {
    random.stream('uid', 'b').next();
    return beside.next();
  });
  expect(numbers).toEqual(Array.from({ length: 5 }, () => alone.next()));
});

test('the numbers of seed 0 stay what they are', () => {
  const random = new Random(0);
  expect(random.stream('uid', 'Pod/default/a').uuid()).toMatchInlineSnapshot(
    `"17f58ffe-60c7-4a15-9bec-5f2cb9ad6ce8"`,
  );
  expect(random.stream('suffix', 'a').suffix()).toMatchInlineSnapshot(`"6k7tb"`);
});

test.prop([fc.integer(), fc.string(), fc.integer({ min: 1, max: 1000 })])(
  'integers are in range',
  (seed, key, below) => {
    const stream = new Random(seed).stream('x', key);
    for (let i = 0; i < 20; i++) {
      const value = stream.integer(below);
      expect(Number.isInteger(value) && value >= 0 && value < below).toBe(true);
    }
  },
);

test('numbers are spread evenly', () => {
  const stream = new Random(3).stream('x', 'y');
  const counts = new Array(10).fill(0);
  for (let i = 0; i < 20000; i++) counts[stream.integer(10)]++;
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(250);
});

test('a uuid has version 4 and the right variant', () => {
  const stream = new Random(1).stream('uid', 'z');
  for (let i = 0; i < 50; i++) {
    expect(stream.uuid()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  }
});

test.prop([fc.array(fc.integer())])('a heap gives back in order', (items) => {
  const heap = new Heap<number>((a, b) => a < b);
  for (const item of items) heap.push(item);
  const out = Array.from({ length: items.length }, () => heap.pop());
  expect(out).toEqual([...items].sort((a, b) => a - b));
  expect(heap.pop()).toBeUndefined();
});
