import { describe, expect, test } from 'vitest';
import { type Said, say, UID, VOLUME, violationsOf } from './stage.ts';

const START = [say.kubelet('started'), say.ready()];
const PODS = '/var/lib/kubelet/pods';

/** By invariant: a trace that breaks it, and the one that differs as little as possible and does not. */
const traces: Record<string, { wrong: Said[]; right: Said[] }> = {
  K1: {
    wrong: [...START, say.container('started'), say.operation('volume_unmount', 'started')],
    right: [
      ...START,
      say.container('started'),
      say.container('exited'),
      say.operation('volume_unmount', 'started'),
    ],
  },
  K2: {
    wrong: [...START, say.desired('wanted'), say.actual('uncertain'), say.container('created')],
    right: [...START, say.desired('wanted'), say.actual('mounted'), say.container('created')],
  },
  K4: {
    wrong: [
      ...START,
      say.device('DeviceGloballyMounted'),
      say.device('DeviceNotMounted'),
      say.actual('mounted'),
    ],
    right: [...START, say.device('DeviceGloballyMounted'), say.actual('mounted')],
  },
  K5: {
    wrong: [
      ...START,
      say.actual('uncertain'),
      say.operation('unmount_device', 'started', { uid: '' }),
    ],
    right: [
      ...START,
      say.actual('uncertain'),
      say.actual('unmounted'),
      say.operation('unmount_device', 'started', { uid: '' }),
    ],
  },
  K6: {
    wrong: [...START, say.actual('mounted'), say.device('gone')],
    right: [...START, say.actual('mounted'), say.actual('unmounted'), say.device('gone')],
  },
  K7: {
    wrong: [
      ...START,
      say.operation('volume_mount', 'started'),
      say.operation('volume_unmount', 'started'),
    ],
    right: [
      ...START,
      say.operation('volume_mount', 'started'),
      say.operation('volume_mount', 'done'),
      say.operation('volume_unmount', 'started'),
    ],
  },
  K8: {
    wrong: [
      ...START,
      say.operation('volume_mount', 'started'),
      say.operation('volume_mount', 'started', { uid: 'uid-2' }),
    ],
    right: [
      ...START,
      say.operation('volume_unmount', 'started'),
      say.operation('volume_unmount', 'started', { uid: 'uid-2' }),
    ],
  },
  K9: {
    wrong: [
      ...START,
      say.operation('volume_mount', 'started', { volume: 'kubernetes.io/empty-dir/v' }),
    ],
    right: [...START, say.operation('volume_mount', 'started')],
  },
  K11: {
    wrong: [
      { type: 'mount', target: `${PODS}/a/volume-subpaths/v/c/0`, source: `${PODS}/b/volumes/x/v` },
    ],
    right: [
      { type: 'mount', target: `${PODS}/a/volume-subpaths/v/c/0`, source: `${PODS}/a/volumes/x/v` },
    ],
  },
  K18: {
    wrong: [
      say.event('FailedAttachVolume', 'Multi-Attach error for volume "a" x'),
      say.event('FailedAttachVolume', 'Multi-Attach error for volume "a" x'),
    ],
    right: [
      say.event('FailedAttachVolume', 'Multi-Attach error for volume "a" x'),
      say.event('FailedAttachVolume', 'Multi-Attach error for volume "b" x'),
    ],
  },
  K19: {
    wrong: [
      ...START,
      say.operation('verify_controller_attached_volume', 'failed', {
        error: 'volume is not yet attached',
      }),
    ],
    right: [
      ...START,
      say.operation('verify_controller_attached_volume', 'failed', {
        error: 'the node cannot be read',
      }),
    ],
  },
  K20: {
    wrong: [
      ...START,
      say.operation('volume_mount', 'started'),
      say.operation('volume_unmount', 'started', { uid: 'b' }),
    ],
    right: [
      ...START,
      say.operation('volume_unmount', 'started', { uid: 'b' }),
      say.operation('volume_mount', 'started'),
    ],
  },
  K21: {
    wrong: [
      { type: 'mount', target: `${PODS}/${UID}/volume-subpaths/v/c/0` },
      say.volume('TearDown'),
    ],
    right: [
      { type: 'mount', target: `${PODS}/${UID}/volume-subpaths/w/c/0` },
      say.volume('TearDown'),
    ],
  },
  K22: {
    wrong: [...START, say.actual('uncertain'), say.pod('finished')],
    right: [...START, say.actual('uncertain'), say.actual('unmounted'), say.pod('finished')],
  },
  K23: {
    wrong: [...START, say.pod('terminated'), say.pod('deleted')],
    right: [...START, say.pod('finished'), say.pod('deleted')],
  },
  'K23 ': {
    wrong: [...START, say.actual('uncertain'), say.pod('deleted')],
    right: [...START, say.actual('uncertain'), say.actual('unmounted'), say.pod('deleted')],
  },
  K24: {
    wrong: [
      ...START,
      { type: 'wait', uid: UID, for: 'volumes to be mounted', state: 'started' },
      say.volume('SetUp', { error: 'object "default"/"x" not registered' }),
    ],
    right: [...START, say.volume('SetUp', { error: 'object "default"/"x" not registered' })],
  },
  K26: {
    wrong: [say.kubelet('started'), say.operation('volume_unmount', 'started')],
    right: [...START, say.operation('volume_unmount', 'started')],
  },
  K29: {
    wrong: [
      ...START,
      say.operation('volume_mount', 'failed'),
      say.operation('volume_mount', 'started', { t: 500 }),
      say.operation('volume_mount', 'failed', { t: 500 }),
      say.operation('volume_mount', 'started', { t: 1400 }),
    ],
    right: [
      ...START,
      say.operation('volume_mount', 'failed'),
      say.operation('volume_mount', 'started', { t: 500 }),
      say.operation('volume_mount', 'failed', { t: 500 }),
      say.operation('volume_mount', 'started', { t: 1500 }),
    ],
  },
  K30: {
    wrong: [
      { type: 'wait', uid: UID, for: 'x', state: 'started' },
      { type: 'wait', uid: UID, for: 'x', state: 'ended', t: 123_301 },
    ],
    right: [
      { type: 'wait', uid: UID, for: 'x', state: 'started' },
      { type: 'wait', uid: UID, for: 'x', state: 'ended', t: 123_300 },
    ],
  },
  K36: {
    wrong: [...START, say.actual('uncertain'), say.actual('mounted')],
    right: [...START, say.actual('uncertain'), say.volume('SetUp'), say.actual('mounted')],
  },
  K37: {
    wrong: [...START, say.desired('wanted'), say.operation('volume_unmount', 'started')],
    right: [
      ...START,
      say.desired('wanted'),
      say.desired('unwanted'),
      say.operation('volume_unmount', 'started'),
    ],
  },
  K39: {
    wrong: [...START, say.container('started'), say.volume('TearDown')],
    right: [
      say.container('started'),
      { type: 'object', verb: 'DELETED', kind: 'Pod', name: 'p', uid: UID, resourceVersion: '1' },
      ...START,
      say.volume('TearDown'),
    ],
  },
  K40: {
    wrong: [...START, say.volume('TearDown'), say.volume('TearDown')],
    right: [...START, say.volume('TearDown'), ...START, say.volume('TearDown')],
  },
  K50: {
    wrong: [
      ...START,
      say.actual('uncertain'),
      say.operation('volume_mount', 'started'),
      say.volume('SetUp', { error: 'x', class: 'transient' }),
      say.actual('unmounted'),
    ],
    right: [
      ...START,
      say.actual('uncertain'),
      say.operation('map_volume', 'started'),
      say.volume('MapPodDevice', { error: 'x', class: 'final' }),
      say.actual('unmounted'),
      say.operation('map_volume', 'failed'),
      say.actual('uncertain'),
      say.operation('volume_mount', 'started'),
      say.volume('SetUp', { error: 'x', class: 'final' }),
      say.actual('unmounted'),
    ],
  },
  K51: {
    wrong: [
      ...START,
      say.actual('mounted'),
      say.operation('volume_mount', 'started'),
      say.actual('uncertain'),
    ],
    right: [
      ...START,
      say.actual('mounted'),
      say.operation('volume_unmount', 'started'),
      say.actual('uncertain'),
    ],
  },
  K52: {
    wrong: [
      ...START,
      say.actual('mounted'),
      say.volume('TearDown', { error: 'x' }),
      say.operation('volume_unmount', 'failed'),
    ],
    right: [
      ...START,
      say.actual('mounted'),
      say.volume('TearDown', { error: 'x' }),
      say.actual('uncertain'),
      say.operation('volume_unmount', 'failed'),
    ],
  },
  K53: {
    wrong: [say.event('FailedUnMount', 'UnmountVolume.TearDown failed')],
    right: [say.event('FailedMount', 'MountVolume.SetUp failed')],
  },
  K54: {
    wrong: [say.event('FailedMount', 'MountVolume.SetUp failed for volume "v" : x')],
    right: [
      say.volume('SetUp', { error: 'x' }),
      say.event('FailedMount', 'MountVolume.SetUp failed for volume "v" : x'),
    ],
  },
  K55: {
    wrong: [
      ...START,
      say.desired('wanted'),
      say.operation('volume_mount', 'started'),
      say.volume('SetUp'),
      say.volume('NodeExpandVolume', { error: 'no' }),
      say.actual('mounted'),
    ],
    right: [
      ...START,
      say.desired('wanted'),
      say.operation('volume_mount', 'started'),
      say.volume('SetUp'),
      say.volume('NodeExpandVolume', { error: 'no' }),
      say.actual('uncertain'),
      say.volume('NodeExpandVolume'),
      say.actual('mounted'),
    ],
  },
  'K55 ': {
    wrong: [
      ...START,
      say.actual('mounted'),
      say.operation('volume_fs_resize', 'started', { uid: '' }),
      say.volume('NodeExpandVolume', { error: 'no' }),
      say.actual('uncertain'),
    ],
    right: [
      ...START,
      say.actual('mounted'),
      say.operation('volume_fs_resize', 'started', { uid: '' }),
      say.volume('NodeExpandVolume', { error: 'no' }),
      say.operation('volume_fs_resize', 'failed', { uid: '' }),
    ],
  },
  K56: {
    wrong: [
      ...START,
      say.actual('mounted'),
      say.operation('volume_fs_resize', 'started', { uid: '' }),
      say.volume('NodeExpandVolume', { error: 'no', code: 'FailedPrecondition' }),
      say.operation('volume_fs_resize', 'failed', { uid: '' }),
      say.operation('volume_fs_resize', 'started', { uid: '' }),
      say.volume('NodeExpandVolume'),
    ],
    right: [
      ...START,
      say.actual('mounted'),
      say.operation('volume_fs_resize', 'started', { uid: '' }),
      say.volume('NodeExpandVolume', { error: 'no', code: 'FailedPrecondition' }),
      say.operation('volume_fs_resize', 'failed', { uid: '' }),
      say.device('gone'),
      say.actual('mounted'),
      say.operation('volume_fs_resize', 'started', { uid: '' }),
      say.volume('NodeExpandVolume'),
    ],
  },
  K58: {
    wrong: [{ type: 'panic', who: `volume_mount ${VOLUME}`, error: 'x is undefined' }],
    right: [say.operation('volume_mount', 'failed')],
  },
  K64: {
    wrong: [say.volume('SetUp', { plugin: 'kubernetes.io~empty-dir' })],
    right: [say.volume('SetUp')],
  },
  K65: {
    wrong: [say.volume('TearDown', { error: 'rmdir /x: no such file or directory' })],
    right: [say.volume('TearDown', { error: 'rmdir /x: device or resource busy' })],
  },
  K67: {
    wrong: [say.event('Evicted', 'a'), say.event('Evicted', 'b')],
    right: [say.event('Evicted', 'a'), say.event('Evicted', 'b', { involved: 'Pod/q' })],
  },
};

describe('a doctored trace', () => {
  test.each(Object.keys(traces))('breaks %s', (key) => {
    const { wrong = [], right = [] } = traces[key] ?? {};
    const id = key.trim();
    expect(violationsOf(id, ...wrong).map((violation) => violation.id)).toContain(id);
    expect(violationsOf(id, ...right)).toEqual([]);
  });
});
