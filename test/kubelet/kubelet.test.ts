import { describe, expect, test } from 'vitest';
import type { PodSpec } from '../../src/api/index.ts';
import { makeRig, podObject, type Rig, withVolume } from './harness.ts';

const emptyDir = { emptyDir: {} };
const configMap = { configMap: { name: 'cm', defaultMode: 0o644 } };

function started(name: string, spec: Partial<PodSpec>, prepare?: (rig: Rig) => void): Rig {
  const rig = makeRig();
  rig.kubelet.start();
  prepare?.(rig);
  rig.create(podObject(name, spec));
  rig.settle();
  return rig;
}

function withConfigMap({ store }: Rig): void {
  const metadata = { name: 'cm', namespace: 'default' };
  store.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } });
}

function container(rig: Rig, pod = 'p'): NonNullable<ReturnType<Rig['runtime']['container']>> {
  const found = rig.runtime.container(rig.pod(pod).metadata.uid, 'c');
  if (!found) throw new Error('no container');
  return found;
}

function status(
  rig: Rig,
): NonNullable<ReturnType<Rig['pod']>['status']['containerStatuses']>[number] {
  const [first] = rig.pod('p').status.containerStatuses ?? [];
  if (!first) throw new Error('no status');
  return first;
}

describe('a Pod', () => {
  test('runs once its volumes are mounted', () => {
    const rig = started('p', withVolume(configMap), withConfigMap);
    expect(rig.pod('p').status.phase).toBe('Running');
    expect(container(rig).fs.readFileSync('/v/a', 'utf8')).toBe('1');
    expect(rig.events('p')).toEqual([
      'Pulled: Container image "busybox" already present on machine',
      'Created: Created container: c',
      'Started: Started container c',
    ]);
  });

  test('shows a changed ConfigMap after its next periodic sync', () => {
    const rig = started('p', withVolume(configMap), withConfigMap);
    const stored = rig.store.get('ConfigMap', 'default', 'cm');
    if (stored) rig.store.update({ ...stored, data: { a: '2' } });
    const before = rig.simulation.now;
    rig.settle();
    expect(container(rig).fs.readFileSync('/v/a', 'utf8')).toBe('2');
    expect(rig.simulation.now - before).toBeLessThanOrEqual(90_500);
  });

  test('takes no steps while nothing happens', () => {
    const rig = started('p', withVolume(emptyDir));
    const before = rig.simulation.steps;
    rig.advance(86_400);
    expect(rig.simulation.steps).toBe(before);
  });

  test('goes with its volumes, and then its directory', () => {
    const rig = started('p', withVolume(emptyDir));
    const { uid } = rig.pod('p').metadata;
    rig.store.delete('Pod', 'default', 'p');
    rig.settle();
    expect(rig.store.get('Pod', 'default', 'p')).toBeUndefined();
    expect(rig.machine.fs.existsSync(`/var/lib/kubelet/pods/${uid}`)).toBe(false);
    expect([...rig.runtime.podUids()]).toEqual([]);
  });

  test('that is deleted by force is found on the disk when the kubelet comes back', () => {
    const rig = started('p', withVolume(emptyDir));
    const { uid } = rig.pod('p').metadata;
    rig.kubelet.stop();
    rig.store.delete('Pod', 'default', 'p', { gracePeriodSeconds: 0 });
    rig.advance(30);
    expect(rig.machine.fs.existsSync(`/var/lib/kubelet/pods/${uid}`)).toBe(true);
    rig.kubelet.start();
    rig.settle();
    expect(rig.machine.fs.existsSync(`/var/lib/kubelet/pods/${uid}`)).toBe(false);
  });

  test('keeps its container through a restart of the kubelet', () => {
    const rig = started('p', withVolume(emptyDir));
    container(rig).fs.writeFileSync('/v/x', 'x');
    rig.kubelet.restart();
    rig.settle();
    expect(container(rig).fs.readFileSync('/v/x', 'utf8')).toBe('x');
    expect(status(rig).restartCount).toBe(0);
  });
});

describe('a container that ends', () => {
  test('starts again at once, and then after a back-off', () => {
    const rig = started('p', withVolume(emptyDir));
    container(rig).crash();
    rig.settle();
    expect(status(rig)).toMatchObject({ restartCount: 1, state: { running: {} } });
    container(rig).crash();
    rig.settle();
    const { uid } = rig.pod('p').metadata;
    expect(status(rig).state?.waiting).toEqual({
      reason: 'CrashLoopBackOff',
      message: `back-off 10s restarting failed container=c pod=p_default(${uid})`,
    });
    rig.advance(30);
    expect(status(rig)).toMatchObject({
      restartCount: 2,
      lastState: { terminated: { exitCode: 137 } },
    });
  });

  test('makes the Pod Succeeded or Failed, as its policy says, and volumes go', () => {
    const rig = started('p', { ...withVolume(emptyDir), restartPolicy: 'Never' });
    container(rig).exit(3);
    rig.settle();
    expect(rig.pod('p').status.phase).toBe('Failed');
    expect(status(rig).state?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
    expect(rig.kubelet.volumeManager.actual).toEqual([]);
  });

  test('leaves what it wrote to its termination log', () => {
    const rig = started('p', { ...withVolume(emptyDir), restartPolicy: 'Never' });
    container(rig).fs.writeFileSync('/dev/termination-log', 'bye');
    container(rig).exit(1);
    rig.settle();
    expect(status(rig).state?.terminated?.message).toBe('bye');
  });
});

describe('a container that cannot be made', () => {
  test('waits for the ConfigMap of a variable', () => {
    const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: 'a' } } }];
    const rig = started('p', withVolume(emptyDir, {}, { env }));
    expect(status(rig).state?.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'configmap "cm" not found',
    });
    expect(rig.events('p')).toContain('Failed: Error: configmap "cm" not found');
    withConfigMap(rig);
    rig.advance(30);
    expect(status(rig).state?.running).toBeDefined();
  });

  test('has a subPath that leads out of its volume', () => {
    const init = { name: 'i', image: 'busybox', command: ['sleep', 'infinity'] };
    const mounts = [{ name: 'v', mountPath: '/v' }];
    const spec = withVolume(emptyDir, { subPath: 'link' });
    const rig = started('p', { ...spec, initContainers: [{ ...init, volumeMounts: mounts }] });
    const first = rig.runtime.container(rig.pod('p').metadata.uid, 'i');
    first?.fs.symlinkSync('/etc', '/v/link');
    first?.exit(0);
    rig.settle();
    expect(status(rig).state?.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'failed to prepare subPath for volumeMount "v" of container "c"',
    });
  });
});

describe('a subPath', () => {
  test('is made, bound, and shows the directory that has its name at the next start', () => {
    const rig = started('p', withVolume(emptyDir, { subPath: 'a/b' }));
    const { uid } = rig.pod('p').metadata;
    const volume = `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~empty-dir/v`;
    const { fs } = rig.machine;
    expect(fs.statSync(`${volume}/a`).mode & 0o777).toBe(0o777);
    container(rig).fs.writeFileSync('/v/x', 'old');
    fs.renameSync(`${volume}/a/b`, `${volume}/a/old`);
    fs.mkdirSync(`${volume}/a/b`);
    expect(container(rig).fs.readFileSync('/v/x', 'utf8')).toBe('old');
    container(rig).crash();
    rig.settle();
    expect(container(rig).fs.readdirSync('/v')).toEqual([]);
    rig.store.delete('Pod', 'default', 'p');
    rig.settle();
    expect(fs.existsSync(`/var/lib/kubelet/pods/${uid}`)).toBe(false);
  });
});
