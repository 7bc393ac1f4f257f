import { describe, expect, test } from 'vitest';
import type { ObjectSource } from '../../../src/kubelet/managers/object-store.ts';
import { WatchStore } from '../../../src/kubelet/managers/watch-store.ts';
import { type Row, rowsOf } from './cases.ts';

const MINUTE = 60_000;
const SECRET = { kind: 'Secret', namespace: 'ns', name: 'name' } as const;
const OTHERS: Readonly<Record<string, { namespace: string; name: string }>> = {
  'other secret for': { namespace: 'ns', name: 'other' },
  'same name in other namespace for': { namespace: 'elsewhere', name: 'name' },
};

function errorOf(action: () => unknown): string {
  try {
    action();
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('secret-reference-count', () => {
  test.each(rowsOf('secret-reference-count'))('%s', (_, { input, expect: expected }) => {
    const store = new WatchStore({ get: () => undefined }, () => 0);
    const counts = input.steps.map((step: string) => {
      const [, action = '', other = '', pod = ''] = /^(\w+) (?:(.+) )?(pod\d)$/.exec(step) ?? [];
      const key = { ...SECRET, ...OTHERS[other] };
      if (action === 'add') store.add(key, pod);
      else store.delete(key, pod);
      return store.references(SECRET, 'pod1');
    });
    expect(counts).toEqual(expected.countsForPod1);
  });
});

test('secret-watch-cache-lifecycle: row by row, one after the other', () => {
  let object: object | undefined;
  const store = new WatchStore({ get: () => object }, () => 0);
  const actions: Record<string, () => void> = {
    'registered-missing': () => store.add(SECRET, 'pod'),
    'created-later': () => {
      object = { metadata: { namespace: 'ns', name: 'name' } };
    },
    deleted: () => {
      object = undefined;
    },
    deregistered: () => store.delete(SECRET, 'pod'),
    'twenty-more-registrations': () => {
      store.add(SECRET, 'first');
      const before = store.watches;
      for (let i = 0; i < 20; i++) {
        store.add(SECRET, `pod-${i}`);
        store.delete(SECRET, `pod-${i}`);
      }
      expect(store.watches).toBe(before);
    },
  };
  const rows = rowsOf('secret-watch-cache-lifecycle');
  for (const [name, { expect: expected }] of rows) {
    actions[name]?.();
    if (expected.object) expect(store.get(SECRET)).toBe(object);
    if (expected.error === 'NotFound') {
      expect(errorOf(() => store.get(SECRET))).toBe('secret "name" not found');
    } else if (expected.error) {
      expect(errorOf(() => store.get(SECRET))).toContain(expected.error);
    }
  }
  expect(rows.map(([name]) => name)).toEqual(Object.keys(actions));
});

describe('secret-watch-idle', () => {
  let now = 0;
  let synced = true;
  const object = {};
  const source: ObjectSource = { get: () => object, synced: () => synced };
  let store = new WatchStore(source, () => now, MINUTE);
  store.add(SECRET, 'pod');

  function pass({ input }: Row): void {
    if (input.initialListSeconds) {
      synced = false;
      store = new WatchStore(source, () => now, MINUTE);
      store.add(SECRET, 'pod');
    }
    const end = now + (input.advanceSeconds ?? 0) * 1000;
    while (input.readEverySeconds && now + input.readEverySeconds * 1000 <= end) {
      now += input.readEverySeconds * 1000;
      store.get(SECRET);
    }
    now = end;
  }

  test.each(rowsOf('secret-watch-idle'))('%s', (_, row) => {
    pass(row);
    const { read } = row.input;
    if (read) expect(store.get(SECRET)).toBe(object);
    expect(store.isWatched(SECRET)).toBe(row.expect.watchRunning);
    if (row.expect.read) {
      expect(errorOf(() => store.get(SECRET))).toContain(row.expect.read.error);
    }
  });
});
