import { describe, expect, test } from 'vitest';
import type { Container, PodSpec } from '../../src/api/index.ts';
import { cloudCluster, podOn } from '../control-plane/attach-detach/cloud.ts';
import { makeRig, podObject, type Rig, withVolume } from './harness.ts';

const emptyDir = { emptyDir: {} };

function started(spec: Partial<PodSpec>): Rig {
  const rig = makeRig();
  rig.kubelet.start();
  rig.create(podObject('p', spec));
  rig.settle();
  return rig;
}

function container(rig: Rig, name = 'c'): NonNullable<ReturnType<Rig['runtime']['container']>> {
  const found = rig.runtime.container(rig.pod('p').metadata.uid, name);
  if (!found) throw new Error('no container');
  return found;
}

function sleeper(name: string, rest: Partial<Container> = {}): Container {
  return { name, image: 'busybox', command: ['sleep', 'infinity'], ...rest };
}

function gone(rig: Rig, uid: string): void {
  expect(rig.store.get('Pod', 'default', 'p')).toBeUndefined();
  expect(rig.machine.fs.readdirSync('/var/lib/kubelet/pods')).not.toContain(uid);
  expect(rig.machine.mounts().filter(({ mountPoint }) => mountPoint.includes(uid))).toEqual([]);
  expect(rig.simulation.waiting()).toEqual([]);
}

describe('deletion', () => {
  test('by force of a Pod that runs leaves nothing', () => {
    const rig = started(withVolume({ emptyDir: { medium: 'Memory' } }));
    const { uid } = rig.pod('p').metadata;
    rig.store.delete('Pod', 'default', 'p', { gracePeriodSeconds: 0 });
    rig.settle();
    gone(rig, uid);
  });

  test('waits for the grace period, which can be cut short', () => {
    const rig = makeRig();
    rig.runtime.images.add('stubborn', function* (process) {
      process.on('SIGTERM', () => undefined);
      yield* process.sleep('10h');
    });
    rig.kubelet.start();
    rig.create(podObject('p', { containers: [{ name: 'c', image: 'stubborn' }] }));
    rig.settle();
    const { uid } = rig.pod('p').metadata;
    rig.store.delete('Pod', 'default', 'p', { gracePeriodSeconds: 100 });
    rig.advance(50);
    expect(container(rig).state).toBe('running');
    rig.store.delete('Pod', 'default', 'p', { gracePeriodSeconds: 5 });
    rig.advance(4);
    expect(container(rig).state).toBe('running');
    rig.advance(10);
    gone(rig, uid);
  });

  test('of a Pod that waits for its volumes ends the wait', () => {
    const rig = started(withVolume({ configMap: { name: 'none', defaultMode: 0o644 } }));
    const { uid } = rig.pod('p').metadata;
    expect(rig.pod('p').status.phase).toBe('Pending');
    rig.store.delete('Pod', 'default', 'p');
    rig.settle();
    expect(rig.store.get('Pod', 'default', 'p')).toBeUndefined();
    expect(rig.machine.fs.readdirSync('/var/lib/kubelet/pods')).not.toContain(uid);
  });

  test('takes the volumes only after the containers', () => {
    const rig = started(withVolume(emptyDir));
    const hold = rig.simulation.faults.hold('StopPodSandbox');
    rig.store.delete('Pod', 'default', 'p');
    rig.settle();
    expect(rig.kubelet.volumeManager.actual).toHaveLength(1);
    const { uid } = rig.pod('p').metadata;
    hold.unsubscribe();
    rig.settle();
    gone(rig, uid);
  });
});

describe('a crash of the kubelet', () => {
  for (const operation of [
    'PatchPodStatus',
    'RunPodSandbox',
    'CreateContainer',
    'StartContainer',
  ]) {
    test(`at ${operation} is made good at the next start`, () => {
      const rig = makeRig();
      rig.kubelet.start();
      rig.settle();
      const fault = rig.simulation.faults.crash(operation, { times: 1 });
      rig.create(podObject('p', withVolume(emptyDir)));
      rig.settle();
      fault.unsubscribe();
      expect(rig.kubelet.running).toBe(false);
      rig.kubelet.start();
      rig.settle();
      rig.advance(60);
      expect(rig.pod('p').status.phase).toBe('Running');
      expect(
        rig.runtime.containers(rig.pod('p').metadata.uid).filter((c) => c.state === 'running'),
      ).toHaveLength(1);
    });
  }

  for (const operation of ['StopContainer', 'StopPodSandbox', 'TearDown', 'DeletePod', 'rmdir']) {
    test(`at ${operation} of a deletion is made good at the next start`, () => {
      const rig = started(withVolume(emptyDir, { subPath: 'a' }));
      const { uid } = rig.pod('p').metadata;
      const fault = rig.simulation.faults.crash(operation, { times: 1 });
      rig.store.delete('Pod', 'default', 'p');
      rig.settle();
      fault.unsubscribe();
      expect(rig.kubelet.running).toBe(false);
      rig.kubelet.start();
      rig.settle();
      rig.advance(60);
      gone(rig, uid);
    });
  }
});

describe('a reboot', () => {
  test('starts the Pod again with the same files', () => {
    const rig = started(withVolume(emptyDir));
    container(rig).fs.writeFileSync('/v/x', 'x');
    rig.kubelet.stop();
    rig.machine.reboot();
    rig.kubelet.start();
    rig.settle();
    expect(container(rig).fs.readFileSync('/v/x', 'utf8')).toBe('x');
    expect(rig.pod('p').status.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      state: { running: {} },
    });
  });
});

describe('containers', () => {
  test('of a Pod with side-cars: these start first, and do not keep it from its end', () => {
    const rig = started({
      restartPolicy: 'Never',
      initContainers: [sleeper('side', { restartPolicy: 'Always' })],
    });
    expect(rig.pod('p').status.phase).toBe('Running');
    container(rig).exit(0);
    rig.settle();
    expect(rig.pod('p').status.phase).toBe('Succeeded');
    expect(container(rig, 'side').state).toBe('exited');
  });

  test('start after all init containers, one by one', () => {
    const rig = started({ initContainers: [sleeper('a'), sleeper('b')] });
    const { uid } = rig.pod('p').metadata;
    expect(rig.runtime.containers(uid).map(({ name }) => name)).toEqual(['a']);
    expect(rig.pod('p').status.phase).toBe('Pending');
    container(rig, 'a').exit(0);
    rig.settle();
    container(rig, 'b').exit(0);
    rig.settle();
    expect(rig.pod('p').status.phase).toBe('Running');
  });

  test('do not start when an init container failed and nothing is restarted', () => {
    const rig = started({ restartPolicy: 'Never', initContainers: [sleeper('a')] });
    container(rig, 'a').exit(1);
    rig.settle();
    expect(rig.pod('p').status.phase).toBe('Failed');
    expect(rig.runtime.containers(rig.pod('p').metadata.uid)).toHaveLength(1);
  });

  test('are ended at the deadline of the Pod', () => {
    const rig = started({ activeDeadlineSeconds: 60 });
    rig.advance(120);
    expect(rig.pod('p').status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    });
    expect(container(rig).state).toBe('exited');
  });

  test('that must not be root are not made as root', () => {
    const rig = started({ securityContext: { runAsNonRoot: true } });
    const { uid } = rig.pod('p').metadata;
    expect(rig.pod('p').status.containerStatuses?.[0]?.state?.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: `container has runAsNonRoot and image will run as root (pod: "p_default(${uid})", container: c)`,
    });
  });
});

test('files below the volumes of a Pod that is gone are never deleted', () => {
  const rig = makeRig();
  const left = '/var/lib/kubelet/pods/1111-2222/volumes';
  rig.machine.fs.mkdirSync(left, { recursive: true });
  rig.machine.fs.writeFileSync(`${left}/x`, 'x');
  rig.kubelet.start();
  rig.settle();
  expect(rig.machine.fs.readFileSync(`${left}/x`, 'utf8')).toBe('x');
  const said = rig.simulation.trace.records.filter(({ type }) => type === 'log');
  expect(said[0]).toMatchObject({
    message:
      '"Pod found, but error occurred during checking mounted volumes from disk" err="could not read directory /var/lib/kubelet/pods/1111-2222/volumes/x: readdirent /var/lib/kubelet/pods/1111-2222/volumes/x: not a directory" podUID="1111-2222"',
  });
  rig.machine.fs.unlinkSync(`${left}/x`);
  rig.advance(4);
  expect(rig.machine.fs.existsSync('/var/lib/kubelet/pods/1111-2222')).toBe(false);
});

test('2.11 a mount that ends only when its Pod is long gone leaves nothing', () => {
  const { cluster } = cloudCluster();
  const held = cluster.faults.hold('WaitForAttach');
  cluster.apply(podOn('a', 'p'));
  cluster.advance('1m');
  cluster.delete('Pod', 'p', { force: true });
  cluster.advance('1m');
  held.unsubscribe();
  cluster.settle();
  expect(cluster.node('a').fs.readdirSync('/var/lib/kubelet/pods')).toEqual([]);
});
