import { expect, test } from 'vitest';
import { SimulationError } from '../../src/base/index.ts';
import { operationOf } from '../../src/plugin/index.ts';
import { step } from '../../src/sim/index.ts';

test('a generator runs, a plain value is the result', () => {
  const running = operationOf(
    step('mkdir', {}, () => 5),
    'tape.setUp',
  );
  expect(running.next().value).toMatchObject({ kind: 'step', name: 'mkdir' });
  expect(running.next()).toEqual({ done: true, value: 5 });
  expect(operationOf('text', 'tape.setUp').next()).toEqual({ done: true, value: 'text' });
  expect(operationOf(undefined, 'tape.setUp').next()).toEqual({ done: true, value: undefined });
});

test('a Promise is an error that names the method', () => {
  const given = Promise.resolve();
  expect(() => operationOf(given, 'tape.setUp').next()).toThrow(SimulationError);
  expect(() => operationOf(given, 'tape.setUp').next()).toThrow('tape.setUp returned a Promise');
});
