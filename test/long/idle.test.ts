import { expect, test } from 'vitest';
import { stepsOfADay } from '../cluster/idle-day.ts';

test('an idle day takes as many steps with 1,000 Pods as with 10', () => {
  expect(stepsOfADay(1000)).toBe(stepsOfADay(10));
});
