import { describe, expect, test } from 'vitest';
import type { Pod } from '../../../src/api/index.ts';
import { volumeGroups } from '../../../src/kubelet/pod/volume-groups.ts';
import type { VolumeSpec } from '../../../src/plugin/index.ts';
import { rowsOf } from './cases.ts';

describe('pv-gid-annotation', () => {
  test.each(rowsOf('pv-gid-annotation'))('%s', (_, { input, expect: expected }) => {
    const { annotation, podSupplementalGroups: supplementalGroups } = input;
    const pod = { spec: { securityContext: { supplementalGroups } } } as unknown as Pod;
    const annotations = { 'pv.beta.kubernetes.io/gid': annotation };
    const spec = { name: 'pv', persistentVolume: { metadata: { annotations } } };
    const volumes = [{ spec: spec as unknown as VolumeSpec }];
    expect(volumeGroups(pod, volumes)).toEqual(expected.extra);
  });
});
