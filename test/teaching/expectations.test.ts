import { describe, expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';
import { checked } from '../../src/teaching/simulation/checked.ts';
import { EXPECT_FIELDS, expectation } from '../../src/teaching/simulation/expectations.ts';

const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', labels: { app: 'web', tier: 'db' } },
  spec: {
    storageClassName: '',
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
  },
};

/** What an expectation says of a cluster with that claim; undefined when it holds. */
function said(args: object): string | undefined {
  const cluster = createCluster();
  cluster.apply(claim);
  cluster.settle();
  try {
    expectation(cluster, checked('expect', args, EXPECT_FIELDS), 'expect');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const object = { kind: 'PersistentVolumeClaim', name: 'data' };

describe('expect of an object', () => {
  test.each([
    { object },
    { object, phase: 'Pending' },
    {
      object,
      match: { metadata: { labels: { app: 'web' } }, spec: { accessModes: ['ReadWriteOnce'] } },
    },
    { object: { kind: 'Secret', name: 'data' }, gone: true },
    { object: { kind: 'Namespace', name: 'default' }, phase: 'Active' },
  ])('holds: %j', (args) => {
    expect(said(args)).toBeUndefined();
  });

  test.each([
    [{ object, gone: true }, 'PersistentVolumeClaim data: expected "gone", found "there"'],
    [
      { object, phase: 'Bound' },
      'phase of PersistentVolumeClaim data: expected "Bound", found "Pending"',
    ],
    [
      { object, match: { metadata: { labels: { app: 'x', more: 'y' } } } },
      'PersistentVolumeClaim data: expected {"metadata":{"labels":{"app":"x","more":"y"}}}, found {"metadata":{"labels":{"app":"web"}}}',
    ],
    [{ object: { kind: 'Secret', name: 's' } }, 'Secret s: expected "there", found "gone"'],
  ])('fails: %j', (args, message) => {
    expect(said(args)).toBe(`expect: ${message}`);
  });

  test.each([
    [{ object: { kind: 'Secret' } }, 'expect.object.name: Required value'],
    [
      { object: { ...object, uid: 'x' } },
      'expect.object.uid: unknown field; known: kind, name, namespace',
    ],
    [{ event: { involved: 1 } }, 'expect.event.involved: must be a string, not 1'],
    [
      { event: { involed: 'Pod/x' } },
      'expect.event.involed: unknown field; known: involved, reason, type, contains',
    ],
    [{}, 'expect: expects nothing: give a path, a pod, an object or an event'],
  ])('is refused: %j', (args, message) => {
    expect(said(args)).toBe(`Simulation: ${message}`);
  });
});
