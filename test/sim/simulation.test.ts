import { describe, expect, test } from 'vitest';
import {
  Cancellation,
  Cancelled,
  type Operation,
  Signal,
  sleepUntil,
  step,
  TickLoop,
  type TimerClass,
  turn,
  WorkQueue,
  waitFor,
} from '../../src/sim/index.ts';
import { HOUR, simulation, work } from './harness.ts';

describe('settle', () => {
  test('does nothing when there is nothing to do', () => {
    const sim = simulation();
    expect(sim.settle({ within: HOUR })).toEqual({
      now: new Date(0),
      steps: 0,
      idle: true,
      waiting: [],
    });
  });

  test.each(['retry', 'deadline', 'process'] satisfies TimerClass[])(
    'leaves a %s timer, and says when it is due',
    (kind) => {
      const sim = simulation();
      sim.spawn('t', sim.owner('o'), sleepUntil(5000, { class: kind, reason: 'why' }));
      const { idle, waiting, now } = sim.settle({ within: HOUR });
      expect({ idle, now: now.getTime() }).toEqual({ idle: true, now: 0 });
      expect(waiting).toEqual([
        { who: 't', for: 'why', since: new Date(0), nextTry: new Date(5000) },
      ]);
    },
  );

  test('runs other timers that fall due on the way to work', () => {
    const sim = simulation();
    const seen: string[] = [];
    const owner = sim.owner('o');
    const note = function* (kind: TimerClass, at: number): Operation {
      yield* sleepUntil(at, { class: kind, reason: kind });
      seen.push(`${kind} ${sim.now}`);
    };
    sim.spawn('w', owner, note('work', 100));
    sim.spawn('r', owner, note('retry', 50));
    sim.spawn('later', owner, note('retry', 101));
    sim.settle({ within: HOUR });
    expect(seen).toEqual(['retry 50', 'work 100']);
  });

  test('is not idle when the time or the steps run out', () => {
    const sim = simulation();
    const owner = sim.owner('o');
    sim.spawn('t', owner, work(sim, 2000));
    expect(sim.settle({ within: 1000 }).idle).toBe(false);
    expect(sim.settle({ within: 2000 }).idle).toBe(true);
    sim.spawn(
      'endless',
      owner,
      (function* (): Operation {
        for (;;) yield* step('a', {});
      })(),
    );
    const report = sim.settle({ within: HOUR, steps: 100 });
    expect(report).toMatchObject({ idle: false, steps: 100 });
  });
});

describe('time', () => {
  test('advance runs all that is due, in order of time, then of age', () => {
    const sim = simulation();
    const seen: string[] = [];
    for (const [name, at] of [
      ['late', 30],
      ['first', 10],
      ['second', 10],
    ] as const) {
      sim.spawn(
        name,
        sim.owner(name),
        (function* (): Operation {
          yield* sleepUntil(at, { class: 'process', reason: name });
          seen.push(`${name} ${sim.now}`);
        })(),
      );
    }
    sim.advance(20);
    expect(seen).toEqual(['first 10', 'second 10']);
    expect(sim.now).toBe(20);
  });

  test('runUntil stops at the step that makes it true', () => {
    const sim = simulation();
    let n = 0;
    sim.spawn(
      't',
      sim.owner('o'),
      (function* (): Operation {
        for (;;) {
          n++;
          yield* sleepUntil(sim.now + 10, { class: 'retry', reason: 'again' });
        }
      })(),
    );
    expect(sim.runUntil(() => n === 4, HOUR)).toBe(true);
    expect(sim.now).toBe(30);
    expect(sim.runUntil(() => n === 1000, 100)).toBe(false);
    expect(sim.now).toBe(130);
  });

  test('step takes one, and names it', () => {
    const sim = simulation();
    sim.spawn('t', sim.owner('o'), step('a', {}));
    expect([sim.step(), sim.step(), sim.step()]).toEqual([
      { task: 't', step: 'start' },
      { task: 't', step: 'a' },
      undefined,
    ]);
  });

  test('cannot be moved from inside', () => {
    const sim = simulation();
    sim.spawn(
      't',
      sim.owner('o'),
      step('a', {}, () => sim.advance(1)),
    );
    expect(() => sim.settle({ within: HOUR })).toThrow(
      /^advance: time cannot be moved from inside settle$/,
    );
  });
});

describe('waits', () => {
  test('a signal wakes who waits now; a deadline says false', () => {
    const sim = simulation();
    const signal = new Signal();
    const outcomes: unknown[] = [];
    sim.spawn(
      't',
      sim.owner('o'),
      (function* (): Operation {
        outcomes.push(yield* waitFor(signal, { deadline: 1000, reason: 'x' }), sim.now);
        outcomes.push(yield* waitFor(signal, { deadline: 1000, reason: 'x' }), sim.now);
      })(),
    );
    sim.settle({ within: HOUR });
    sim.outside(() => signal.wake());
    sim.advance(5000);
    expect(outcomes).toEqual([true, 0, false, 1000]);
    expect(signal.waiting).toBe(0);
  });

  test('a cancelled wait throws, and tidies up', () => {
    const sim = simulation();
    const cancel = new Cancellation();
    const seen: unknown[] = [];
    sim.spawn(
      't',
      sim.owner('o'),
      (function* (): Operation {
        try {
          yield* sleepUntil(HOUR, { class: 'work', reason: 'x', cancel });
        } catch (error) {
          seen.push(error instanceof Cancelled, (error as Error).message);
        } finally {
          seen.push('tidy');
        }
      })(),
    );
    sim.spawn(
      'c',
      sim.owner('o'),
      step('a', {}, () => cancel.cancel()),
    );
    sim.settle({ within: HOUR * 2 });
    expect(seen).toEqual([true, 'context canceled', 'tidy']);
    expect(sim.now).toBe(0);
  });

  test('a turn lets the others go first', () => {
    const sim = simulation();
    const seen: string[] = [];
    const owner = sim.owner('o');
    sim.spawn(
      'a',
      owner,
      (function* (): Operation {
        yield* turn();
        seen.push('a');
      })(),
    );
    sim.spawn(
      'b',
      owner,
      (function* (): Operation {
        seen.push('b');
      })(),
    );
    sim.settle({ within: 1 });
    expect(seen).toEqual(['b', 'a']);
  });
});

describe('owners', () => {
  test('a crash drops tasks where they are: no finally runs', () => {
    const sim = simulation();
    const owner = sim.owner('kubelet');
    const seen: string[] = [];
    sim.spawn(
      't',
      owner,
      (function* (): Operation {
        try {
          seen.push('before');
          yield* step('a', {}, () => seen.push('action'));
        } finally {
          seen.push('finally');
        }
      })(),
    );
    sim.step();
    owner.crash();
    expect(sim.settle({ within: HOUR }).steps).toBe(0);
    expect(seen).toEqual(['before']);
    expect(sim.spawn('later', owner, step('a', {})).state).toBe('dropped');
  });
});

describe('loops and queues', () => {
  test('a woken loop runs at the tick where the real one would have noticed', () => {
    const sim = simulation();
    const owner = sim.owner('o');
    const passes: number[] = [];
    const loop = new TickLoop(sim, owner, {
      name: 'loop',
      period: 100,
      pass: () => {
        passes.push(sim.now);
        return undefined;
      },
    });
    loop.wake();
    loop.wake();
    sim.settle({ within: HOUR });
    sim.advance(150);
    loop.wake();
    sim.settle({ within: HOUR });
    loop.wake();
    sim.settle({ within: HOUR });
    expect(passes).toEqual([0, 200, 300]);
    expect(sim.settle({ within: HOUR }).steps).toBe(0);
    loop.wake();
    loop.rest();
    expect(sim.settle({ within: HOUR }).now.getTime()).toBe(300);
    loop.wake();
    loop.rest();
    loop.wake();
    expect(sim.settle({ within: HOUR }).now.getTime()).toBe(400);
    expect(passes).toEqual([0, 200, 300, 400]);
  });

  test('a queue syncs a key once however often it is added, and again if it comes back meanwhile', () => {
    const sim = simulation();
    const synced: string[] = [];
    const queue: WorkQueue = new WorkQueue(sim, sim.owner('o'), {
      name: 'queue',
      sync: (key) => {
        synced.push(key);
        if (synced.length === 1) queue.add(key);
        return undefined;
      },
    });
    for (const key of ['x', 'y', 'x']) queue.add(key);
    sim.settle({ within: 1 });
    expect(synced).toEqual(['x', 'y', 'x']);
  });

  test('what a sync throws goes to onError and does not stop the queue', () => {
    const sim = simulation();
    const errors: string[] = [];
    const queue = new WorkQueue(sim, sim.owner('o'), {
      name: 'queue',
      sync: (key) => {
        throw new Error(key);
      },
      onError: (key, error) => errors.push(`${key}: ${String(error)}`),
    });
    queue.add('x');
    queue.add('y');
    sim.settle({ within: 1 });
    expect(errors).toEqual(['x: Error: x', 'y: Error: y']);
  });
});

describe('order', () => {
  function run(order: 'fifo' | 'random', seed: number): string {
    const sim = simulation({ order, seed });
    const seen: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      sim.spawn(
        name,
        sim.owner(name),
        (function* (): Operation {
          for (let i = 0; i < 5; i++) yield* step('a', {}, () => seen.push(name));
        })(),
      );
    }
    sim.settle({ within: 1 });
    return seen.join('');
  }

  test('fifo takes turns', () => expect(run('fifo', 0)).toBe('abcde'.repeat(5)));
  test('random is the same with the same seed, and another with another', () => {
    expect(run('random', 1)).toBe(run('random', 1));
    expect(run('random', 1)).not.toBe(run('random', 2));
    expect([...run('random', 1)].sort().join('')).toBe('aaaaabbbbbcccccdddddeeeee');
  });
  test('a chooser decides', () => {
    const sim = simulation({ order: { choose: (candidates) => candidates.length - 1 } });
    const seen: string[] = [];
    for (const name of ['a', 'b', 'c'])
      sim.spawn(
        name,
        sim.owner(name),
        step('a', {}, () => seen.push(name)),
      );
    sim.settle({ within: 1 });
    expect(seen).toEqual(['c', 'b', 'a']);
  });
});
