import { describe, expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';
import { MISHAPS, playFullStory } from '../testing/full-story.ts';

const { operations } = createCluster().faults;
const cases = operations.flatMap((operation) =>
  MISHAPS.map((mishap) => [operation, mishap] as const),
);

describe('a step that goes wrong breaks no invariant, and throws nothing at the user', () => {
  const taken = new Set<string>();

  test.each(cases)('%s: %s', (operation, mishap) => {
    const { happened, violations, panics } = playFullStory(operation, mishap);
    expect(violations).toEqual([]);
    expect(panics).toEqual([]);
    if (happened) taken.add(operation);
  });

  test('the story comes to most of them', () => {
    expect(taken.size).toBeGreaterThan(operations.length * 0.7);
  });
});
