import { describe, expect, test } from 'vitest';
import { hostPath } from '../../../plugins/hostPath.ts';
import { Bench } from '../../plugin/harness.ts';
import { rowsOf } from './cases.ts';

describe('hostpath-backstep-rejected-by-kubelet', () => {
  test.each(rowsOf('hostpath-backstep-rejected-by-kubelet'))(
    '%s',
    (_, { input, expect: expected }) => {
      const bench = new Bench();
      expect(bench.failure(hostPath, bench.volume(hostPath, input))).toBe(expected.error);
    },
  );
});

describe('hostpath-plugin-access-modes', () => {
  test.each(rowsOf('hostpath-plugin-access-modes'))('%s', (_, { expect: expected }) => {
    expect({
      accessModes: hostPath.accessModes,
      recyclable: hostPath.recycler !== undefined,
      deletable: hostPath.deleter !== undefined,
    }).toEqual(expected);
  });
});
