import { describe, expect, test } from 'vitest';
import { emptyDir } from '../../../plugins/emptyDir.ts';
import { amountOf } from '../../../src/plugin/index.ts';
import { memoryVolumeSize } from '../../../src/plugin/pod-memory.ts';
import { Bench, makePod } from '../../plugin/harness.ts';
import { rowsOf } from './cases.ts';

describe('emptydir-memory-size-derivation', () => {
  test.each(rowsOf('emptydir-memory-size-derivation'))('%s', (_, { input, expect: expected }) => {
    const { gate, nodeAllocatableMemory, sizeLimit, resources } = input;
    const node = { gate: () => gate, allocatableMemory: amountOf(nodeAllocatableMemory) };
    const pod = makePod({ containers: [{ name: 'c', image: 'i', resources }] });
    expect(memoryVolumeSize(node, pod, sizeLimit)).toBe(amountOf(expected.size));
  });
});

describe('emptydir-tmpfs-mount-options', () => {
  test.each(rowsOf('emptydir-tmpfs-mount-options'))('%s', (_, { input, expect: expected }) => {
    const bench = new Bench();
    bench.gates.clear();
    if (input.noswapSupported) bench.gates.add('NodeSwap');
    const sized = input.size !== '0';
    if (sized) bench.gates.add('SizeMemoryBackedVolumes');
    const source = { medium: 'Memory', ...(sized && { sizeLimit: input.size }) };
    bench.setUp(emptyDir, bench.volume(emptyDir, source));
    const [mount] = bench.simulation.trace.records.filter((record) => record.type === 'mount');
    const options = mount?.type === 'mount' ? (mount.options ?? []).join(',') : '';
    for (const text of expected.contains ?? []) expect(options).toContain(text);
    for (const text of expected.notContains ?? []) expect(options).not.toContain(text);
    expect(mount).toBeDefined();
  });
});
