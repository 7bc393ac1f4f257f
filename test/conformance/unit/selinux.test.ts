import { describe, expect, test } from 'vitest';
import { createVersionRules, type Pod } from '../../../src/api/index.ts';
import type { KubeletContext } from '../../../src/kubelet/contracts.ts';
import { DesiredStateOfWorld } from '../../../src/kubelet/volume-manager/desired-state-of-world.ts';
import { seLinuxLabelsOf } from '../../../src/kubelet/volume-manager/selinux.ts';
import type { VolumeSpec } from '../../../src/plugin/index.ts';
import { device } from '../../kubelet/volume-manager/harness.ts';
import { rowsOf } from './cases.ts';

const LEVEL = 's0:c1,c2';

function podOf(name: string, level: string): Pod {
  return {
    metadata: { name, uid: name },
    spec: {
      securityContext: { seLinuxOptions: { level } },
      containers: [{ name: 'c', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    },
  } as unknown as Pod;
}

describe('selinux-mount-context', () => {
  test.each(rowsOf('selinux-mount-context'))('%s', (_, { input, expect: expected }) => {
    const { accessModes, pluginSupports = true, SELinuxMount = false, secondPodLevel } = input;
    const rules = createVersionRules('all', { SELinuxMount });
    const context = { rules, seLinux: true } as KubeletContext;
    const plugin = device({ supports: { seLinux: pluginSupports } });
    const spec = { name: 'pv', persistentVolume: { spec: { accessModes } } } as VolumeSpec;
    const desired = new DesiredStateOfWorld(() => {});
    const add = (pod: Pod): string => {
      const outerName = 'v';
      const seLinux = seLinuxLabelsOf(context, { pod, spec, outerName }, plugin);
      const wanted = { uid: pod.metadata.uid, pod, spec, outerName, seLinux };
      return desired.add(wanted as never, plugin, 0).seLinux.effective;
    };
    const first = add(podOf('one', LEVEL));
    if (expected.context !== undefined) expect(first).toBe(expected.context);
    if (secondPodLevel === undefined) return;
    expect(() => add(podOf('two', secondPodLevel))).toThrow(
      'conflicting SELinux labels of volume pv',
    );
    expect(add(podOf('three', LEVEL))).toBe(first);
  });
});
