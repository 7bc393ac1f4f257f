import { describe, expect, test } from 'vitest';
import { type Event, EventRecorder, Store } from '../../src/api/index.ts';
import { Random } from '../../src/sim/index.ts';

const MINUTE = 60_000;

function scene() {
  const clock = { now: 0 };
  const store = new Store({ clock, random: new Random(0) });
  const recorder = new EventRecorder({ store, clock });
  const object = (name: string) =>
    store.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } });
  const a = object('a');
  const tell = (message: string, options: object = {}, involved = a, source = 'kubelet'): void =>
    recorder.event(source, involved, 'Warning', 'Failed', message, { host: 'n', ...options });
  const events = (): readonly Partial<Event>[] => store.list('Event') as Partial<Event>[];
  return { clock, store, recorder, a, tell, events, object };
}

describe('events', () => {
  test('the same again is counted; another part of the object, message, source or object is another event', () => {
    const { clock, tell, events, object } = scene();
    tell('no');
    clock.now = MINUTE;
    tell('no');
    expect(events()).toMatchObject([
      {
        count: 2,
        message: 'no',
        type: 'Warning',
        reason: 'Failed',
        firstTimestamp: '1970-01-01T00:00:00Z',
        lastTimestamp: '1970-01-01T00:01:00Z',
        source: { component: 'kubelet', host: 'n' },
        involvedObject: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'a' },
      },
    ]);
    tell('no', { fieldPath: 'spec.containers{c}' });
    tell('nay');
    tell('no', {}, object('b'));
    tell('no', { host: 'm' });
    tell('no', {}, undefined, 'scheduler');
    expect(events()).toHaveLength(6);
  });

  test('the tenth similar one within ten minutes is shown for all that follow', () => {
    const { tell, events } = scene();
    for (let i = 1; i <= 12; i++) tell(`no ${i}`);
    expect(events()).toHaveLength(10);
    const combined = events().filter(({ message }) => message?.startsWith('(combined'));
    expect(combined).toMatchObject([
      { message: '(combined from similar events): no 12', count: 3 },
    ]);
    // One that was seen before is not new.
    tell('no 11');
    expect(events().filter(({ message }) => message === 'no 11')).toMatchObject([{ count: 1 }]);
  });

  test('ten that come slowly are not combined', () => {
    const { clock, store, tell } = scene();
    const messages: unknown[] = [];
    store.watch('Event', ({ type, object }) => {
      if (type !== 'DELETED') messages.push(object['message']);
    });
    for (let i = 1; i <= 12; i++) {
      tell(`no ${i}`);
      clock.now += 11 * MINUTE;
    }
    expect(messages).toEqual(Array.from({ length: 12 }, (_, i) => `no ${i + 1}`));
  });

  test('beyond 25 about an object they are counted but not sent, until five minutes have passed', () => {
    const { clock, tell, events, object } = scene();
    for (let i = 0; i < 40; i++) tell('no');
    expect(events()).toMatchObject([{ count: 25 }]);
    tell('no', {}, object('b'));
    expect(events()).toHaveLength(2);
    clock.now = 5 * MINUTE - 1;
    tell('no');
    expect(events()).toContainEqual(expect.objectContaining({ count: 25 }));
    clock.now = 5 * MINUTE;
    tell('no');
    expect(events()).toContainEqual(expect.objectContaining({ count: 42 }));
  });

  test('one goes an hour after it was last written', () => {
    const { clock, store, tell, events } = scene();
    const gone: unknown[] = [];
    store.watch('Event', ({ type, object }) => {
      if (type === 'DELETED') gone.push(object['message']);
    });
    tell('once');
    tell('again');
    clock.now = 20 * MINUTE;
    tell('again');
    clock.now = 60 * MINUTE - 1;
    expect(events()).toHaveLength(2);
    clock.now = 60 * MINUTE;
    expect(events()).toMatchObject([{ message: 'again', count: 2 }]);
    expect(gone).toEqual(['once']);
    clock.now = 80 * MINUTE;
    tell('again');
    expect(events()).toMatchObject([{ count: 3, firstTimestamp: '1970-01-01T00:00:00Z' }]);
    expect(gone).toEqual(['once', 'again']);
  });

  test('a transaction that fails keeps those whose time is over until it is over', () => {
    const { clock, store, tell, events } = scene();
    tell('once');
    clock.now = 60 * MINUTE;
    expect(() =>
      store.transaction(() => {
        store.list('Event');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(events()).toHaveLength(0);
  });

  test('one that somebody deleted is made again, with its count', () => {
    const { store, tell, events } = scene();
    tell('no');
    const [first] = store.list('Event');
    store.delete('Event', 'default', first?.metadata.name ?? '');
    tell('no');
    expect(events()).toMatchObject([{ count: 2 }]);
    expect(store.list('Event')[0]?.metadata.name).not.toBe(first?.metadata.name);
  });

  test('a new process remembers none: the same again is another event, and floods begin anew', () => {
    const { tell, events, recorder, a } = scene();
    tell('no');
    for (let i = 0; i < 30; i++) tell('no');
    const next = recorder.ofNewProcess();
    next.event('kubelet', a, 'Warning', 'Failed', 'no', { host: 'n' });
    tell('no');
    expect(events().map(({ count }) => count)).toEqual([25, 1]);
    expect(new Set(events().map(({ metadata }) => metadata?.name)).size).toBe(2);
  });
});
