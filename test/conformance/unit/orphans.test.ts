import { describe, expect, test } from 'vitest';
import { makeRig, podObject } from '../../kubelet/harness.ts';
import { rowsOf } from './cases.ts';

const POD = '/var/lib/kubelet/pods/pod1uid';

/** A Pod that has ended: its directory stays while the API has it. */
const ended = {
  ...podObject('p'),
  metadata: { name: 'p', namespace: 'default', uid: 'pod1uid' },
  status: { phase: 'Succeeded' },
};

describe('orphaned-pod-dir-cleanup-table', () => {
  test.each(rowsOf('orphaned-pod-dir-cleanup-table'))('%s', (_, { input, expect: expected }) => {
    const rig = makeRig();
    const { fs } = rig.machine;
    for (const path of input.tree as string[]) {
      const directory = path.slice(0, path.lastIndexOf('/'));
      fs.mkdirSync(`${POD}/${directory}`, { recursive: true });
      if (!path.endsWith('/')) fs.writeFileSync(`${POD}/${path}`, 'test');
    }
    if (input.podKnown) rig.store.restore(ended as never);
    rig.kubelet.start();
    rig.settle();
    rig.advance(10);
    const exists = (path: string): boolean => fs.existsSync(`/var/lib/kubelet/${path}`);
    for (const path of expected.kept ?? []) expect([path, exists(path)]).toEqual([path, true]);
    for (const path of expected.gone ?? []) expect([path, exists(path)]).toEqual([path, false]);
    expect(rig.simulation.trace.records.filter(({ type }) => type === 'panic')).toEqual([]);
  });
});
