import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { allPlugins, definePlugin } from '../../plugins/index.ts';
import {
  type Cluster,
  type ClusterOptions,
  type ContainerHandle,
  createCluster,
} from '../../src/index.ts';
import { cleanupMountPoint } from '../../src/plugin/index.ts';

/** A manifest of the handbook's page on volumes, as it stands there. */
function handbook(name: string): string {
  return readFileSync(new URL(`../fixtures/handbook/${name}.yaml`, import.meta.url), 'utf8');
}

const files = { 'C:\\AzureData\\greeting': 'hello' };

/** A cluster with a Windows node, once it has settled with these objects. */
function started(
  manifests: readonly (string | object)[],
  options: ClusterOptions = {},
  more: object = {},
): Cluster {
  const node = { name: 'win', os: 'windows' as const, files, ...more };
  const cluster = createCluster({ nodes: [node], ...options });
  cluster.settle();
  for (const manifest of manifests) cluster.apply(manifest);
  cluster.settle();
  return cluster;
}

/** A Pod for a Windows node, with one container that has each volume at `C:\` and its name. */
function pod(
  volumes: readonly { name: string }[],
  container: object = {},
  spec: object = {},
): object {
  const volumeMounts = volumes.map(({ name }) => ({ name, mountPath: `C:\\${name}` }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: {
      nodeSelector: { 'kubernetes.io/os': 'windows' },
      containers: [{ name: 'c', image: 'nanoserver', volumeMounts, ...container }],
      volumes,
      ...spec,
    },
  };
}

/** What an action throws. */
function failure(action: () => unknown): { code?: string; message?: string; path?: string } {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  return {};
}

/** Where something is mounted in a container, as the kernel has it. */
function mountPoints(container: ContainerHandle): string[] {
  return container.mounts().map(({ mountPoint }) => mountPoint);
}

function warnings(cluster: Cluster, reason: string): string[] {
  return cluster.events({ reason }).map(({ message = '' }) => message);
}

const persistent = (source: object): object[] => [
  {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'pv' },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: '',
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: 'kubernetes.io/hostname', operator: 'In', values: ['win'] },
              ],
            },
          ],
        },
      },
      ...source,
    },
  },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'claim' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: '',
      resources: { requests: { storage: '1Gi' } },
    },
  },
];
const ofClaim = { name: 'data', persistentVolumeClaim: { claimName: 'claim' } };

describe('H60 volume types on Windows', () => {
  test('emptyDir and hostPath, by the manifests of the handbook', () => {
    const cluster = started([handbook('12-windows-host-path'), handbook('13-windows-empty-dir')]);
    const host = cluster.pod('hostpath-pod').container();
    expect(host.fs.readFileSync('C:\\etc\\foo\\greeting', 'utf8')).toBe('hello');
    const empty = cluster.pod('empty-dir-pod').container();
    empty.fs.writeFileSync('C:\\scratch\\x', 'kept');
    empty.fs.writeFileSync('C:\\lost', 'lost');
    empty.crash();
    cluster.settle();
    expect(empty.restartCount).toBe(1);
    expect(empty.fs.readFileSync('C:/scratch/x', 'utf8')).toBe('kept');
    expect(failure(() => empty.fs.readFileSync('C:\\lost')).code).toBe('ENOENT');
    const { fs } = cluster.node();
    const { uid } = cluster.pod('empty-dir-pod');
    const directory = `C:\\var\\lib\\kubelet\\pods\\${uid}`;
    expect(fs.readdirSync(`${directory}\\volumes\\kubernetes.io~empty-dir`)).toEqual([
      'cache-volume',
      'scratch-volume',
    ]);
    for (const name of ['hostpath-pod', 'empty-dir-pod']) cluster.delete('Pod', name);
    cluster.settle();
    expect(fs.existsSync(directory)).toBe(false);
    expect(fs.readFileSync('C:\\AzureData\\greeting', 'utf8')).toBe('hello');
  });

  test('hostPath says what is not there in the words of the manifest', () => {
    const volume = {
      name: 'data',
      hostPath: { path: 'C:\\AzureData\\greeting', type: 'Directory' },
    };
    const cluster = started([pod([volume])]);
    expect(warnings(cluster, 'FailedMount')[0]).toContain(
      'hostPath type check failed: C:\\AzureData\\greeting is not a directory',
    );
  });

  test('hostPath makes what may be missing, and goes out of no directory', () => {
    const made = { name: 'made', hostPath: { path: 'C:\\new\\deep', type: 'DirectoryOrCreate' } };
    const cluster = started([pod([made])]);
    cluster.pod('p').container().fs.writeFileSync('C:\\made\\x', '1');
    expect(cluster.node().fs.readFileSync('C:\\new\\deep\\x', 'utf8')).toBe('1');

    // The API server runs on Linux: it sees one name in `a\..\b`.
    const out = { name: 'out', hostPath: { path: 'C:\\AzureData\\..\\Windows' } };
    expect(warnings(started([pod([out])]), 'FailedMount')[0]).toContain(
      "invalid HostPath `C:\\AzureData\\..\\Windows`: must not contain '..'",
    );
  });

  test('a fault finds a step by the path that the manifest has', () => {
    const made = { name: 'made', hostPath: { path: 'C:\\new', type: 'DirectoryOrCreate' } };
    const cluster = started([]);
    cluster.faults.fail('mkdir', { path: 'C:\\new', error: { message: 'no room' } });
    cluster.apply(pod([made]));
    cluster.settle();
    expect(warnings(cluster, 'FailedMount')[0]).toContain('no room');
  });

  test('local is a link in the directory of the Pod, and outlives it', () => {
    const objects = persistent({ local: { path: 'C:\\AzureData' } });
    const cluster = started([...objects, pod([ofClaim])]);
    const { fs } = cluster.node();
    const { uid } = cluster.pod('p');
    const place = `C:\\var\\lib\\kubelet\\pods\\${uid}\\volumes\\kubernetes.io~local-volume\\pv`;
    expect(fs.readlinkSync(place)).toBe('C:\\AzureData\\');
    cluster.pod('p').container().fs.writeFileSync('C:\\data\\x', 'kept');
    cluster.node().kubelet.restart();
    cluster.settle();
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(fs.existsSync(`C:\\var\\lib\\kubelet\\pods\\${uid}`)).toBe(false);
    expect(fs.readFileSync('C:\\AzureData\\x', 'utf8')).toBe('kept');
    const failed = cluster.trace.records.filter((one) => one.type === 'volume' && one.error);
    expect(failed).toEqual([]);
  });

  test('the kubelet of a Pod that was deleted meanwhile takes the link away, too', () => {
    const cluster = started([...persistent({ local: { path: 'C:/AzureData' } }), pod([ofClaim])]);
    const { uid } = cluster.pod('p');
    cluster.node().kubelet.stop();
    cluster.delete('Pod', 'p', { force: true, gracePeriodSeconds: 0 });
    cluster.settle();
    cluster.node().kubelet.start();
    cluster.advance('5m');
    const { fs } = cluster.node();
    expect(fs.existsSync(`C:/var/lib/kubelet/pods/${uid}`)).toBe(false);
    expect(fs.readFileSync('C:/AzureData/greeting', 'utf8')).toBe('hello');
  });

  test('a link that nobody understands keeps the directory of a Pod that is gone', () => {
    const cluster = started([]);
    const { fs, kubelet } = cluster.node();
    const place = 'C:/var/lib/kubelet/pods/uid/volumes/x~y';
    fs.mkdirSync(place, { recursive: true });
    fs.symlinkSync('C:\\AzureData\\', `${place}/v`);
    kubelet.restart();
    cluster.advance('1m');
    expect(fs.readlinkSync(`${place}/v`)).toBe('C:\\AzureData\\');
    const logs = cluster.trace.records.flatMap((one) => (one.type === 'log' ? [one.message] : []));
    expect(logs.join('\n')).toContain('volumes are not cleaned up');
    expect(logs.join('\n')).not.toContain('failed to rmdir');
  });

  test('local says what is not there', () => {
    const cluster = started([...persistent({ local: { path: 'D:\\disk' } }), pod([ofClaim])]);
    expect(warnings(cluster, 'FailedMount')[0]).toContain('path "D:\\\\disk" does not exist');
  });

  test('files from the API, which follow it', () => {
    const config = (value: string): object => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'm' },
      data: { key: value },
    });
    const cluster = started([
      config('one'),
      pod([{ name: 'config', configMap: { name: 'm' } } as never]),
    ]);
    const { fs } = cluster.pod('p').container();
    expect(fs.readFileSync('C:\\config\\key', 'utf8')).toBe('one');
    expect(fs.realpathSync('C:\\config\\key')).toMatch(/^C:\\config\\\.\.2024_[\d_.]+\\key$/);
    const account = 'C:\\var\\run\\secrets\\kubernetes.io\\serviceaccount';
    expect(fs.readdirSync(account)).toContain('token');
    cluster.apply(config('two'));
    cluster.advance('2m');
    expect(fs.readFileSync('C:\\config\\key', 'utf8')).toBe('two');
    expect(fs.readdirSync('C:\\config')).not.toContain('..data_tmp');
  });

  test('a volume has the directories on which others are mounted in it', () => {
    const config = { name: 'config', configMap: { name: 'm', optional: true } };
    const manifest = pod([config, { name: 'inner', emptyDir: {} } as never], {
      volumeMounts: [
        { name: 'config', mountPath: 'C:\\config' },
        { name: 'inner', mountPath: 'C:/config/a/b' },
      ],
    });
    const { fs } = started([manifest]).pod('p').container();
    fs.writeFileSync('C:\\config\\a\\b\\x', '1');
    expect(failure(() => fs.writeFileSync('C:\\config\\x', '1')).code).toBe('EROFS');
  });

  test('an emptyDir in memory is on the disk; huge pages there are none', () => {
    const memory = { name: 'memory', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } };
    const cluster = started([pod([memory])]);
    const container = cluster.pod('p').container();
    container.fs.writeFileSync('C:\\memory\\x', 'x');
    cluster.node().reboot();
    cluster.settle();
    expect(container.fs.readFileSync('C:\\memory\\x', 'utf8')).toBe('x');

    const huge = { name: 'huge', emptyDir: { medium: 'HugePages-2Mi' } };
    const amounts = { 'hugepages-2Mi': '2Mi', memory: '64Mi', cpu: '1' };
    const limited = { resources: { limits: amounts } };
    const capacity = { capacity: { 'hugepages-2Mi': '4Mi' } };
    const [message] = warnings(started([pod([huge], limited)], {}, capacity), 'FailedMount');
    expect(message).toMatch(
      /mount options\("pagesize=2Mi"\) should have at least 2 options, current number:1, source:"nodev", target:"c:\\\\var\\\\lib\\\\kubelet\\\\pods\\\\.*\\\\volumes\\\\kubernetes.io~empty-dir\\\\huge"/,
    );
  });

  /** A plugin of field `nfs` that mounts something on a directory that is not there. */
  const mounting = (mount: { type: string; source: string; options: string[] }) =>
    definePlugin<{ server: string; path: string }>({
      name: 'kubernetes.io/nfs',
      source: 'nfs',
      supports: { windows: true },
      setUp: ({ dir }) => dir.mount(mount),
      tearDown: ({ dir }) => cleanupMountPoint(dir),
    });
  const nfs = { name: 'nfs', nfs: { server: 'server', path: '/x' } };

  test('a share is mounted, and a tmpfs is a directory', () => {
    const cifs = { type: 'cifs', source: '//server/x', options: ['user', 'password'] };
    const cluster = started([pod([nfs])], { plugins: [...allPlugins, mounting(cifs)] });
    cluster.pod('p').container().fs.writeFileSync('C:\\nfs\\x', '1');
    expect(cluster.node().mounts().at(-1)).toMatchObject({ type: 'cifs', source: '//server/x' });
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(cluster.node().mounts()).toHaveLength(1);

    const tmpfs = { type: 'tmpfs', source: 'tmpfs', options: [] };
    const other = started([pod([nfs])], { plugins: [...allPlugins, mounting(tmpfs)] });
    other.pod('p').container().fs.writeFileSync('C:\\nfs\\x', '1');
    expect(other.node().mounts()).toHaveLength(1);
  });

  test('another filesystem is mounted by nobody', () => {
    const plugin = mounting({ type: 'nfs', source: 'server:/x', options: ['nfsvers=4', 'hard'] });
    const cluster = started([pod([nfs])], { plugins: [...allPlugins, plugin] });
    expect(cluster.pod('p').phase).toBe('Pending');
    expect(warnings(cluster, 'FailedMount')[0]).toMatch(
      /only cifs mount is supported now, fstype: "nfs", mounting source \("server:\/x"\), target \("c:\\\\var\\\\.*\\\\nfs"\), with options \("nfsvers=4,hard"\)/,
    );
  });
});

describe('H61 mountPath on Windows', () => {
  test('each of its forms is one path', () => {
    const cluster = started([handbook('12-windows-host-path'), handbook('13-windows-empty-dir')]);
    const host = cluster.pod('hostpath-pod').container();
    const empty = cluster.pod('empty-dir-pod').container();
    expect(mountPoints(host)).toContain('/etc/foo');
    expect(mountPoints(empty)).toEqual(expect.arrayContaining(['/cache', '/scratch']));
    for (const path of ['C:\\scratch\\a', 'c:/scratch/a', '\\scratch\\a', '/scratch/a']) {
      empty.fs.appendFileSync(path, '.');
    }
    empty.fs.writeFileSync('C:\\cache\\b', 'b');
    expect(empty.fs.readFileSync('C:\\scratch\\a', 'utf8')).toBe('....');
    expect(empty.fs.readFileSync('/cache/b', 'utf8')).toBe('b');
    expect(empty.fsAs({ uid: 0 }).readdirSync('C:\\scratch')).toEqual(['a']);
  });

  test('readOnly holds, and the error has the path that was asked for', () => {
    const cluster = started([handbook('12-windows-host-path')]);
    const { fs } = cluster.pod('hostpath-pod').container();
    expect(failure(() => fs.writeFileSync('C:\\etc\\foo\\x', ''))).toMatchObject({
      code: 'EROFS',
      message: "EROFS: read-only file system, open 'C:\\etc\\foo\\x'",
      path: 'C:\\etc\\foo\\x',
    });
  });

  test('a relative one and another drive, with a subPath', () => {
    const manifest = pod([{ name: 'v', emptyDir: {} } as never], {
      volumeMounts: [
        { name: 'v', mountPath: 'data' },
        { name: 'v', mountPath: 'D:\\data', subPath: 'a\\b' },
      ],
      workingDir: 'C:\\work',
    });
    const cluster = started([manifest]);
    const container = cluster.pod('p').container();
    container.fs.writeFileSync('D:\\data\\x', 'x');
    container.fs.writeFileSync('here', '');
    expect(container.fs.readFileSync('C:\\data\\a\\b\\x', 'utf8')).toBe('x');
    expect(container.fs.readdirSync('C:\\work')).toEqual(['here']);
    // Nothing is bound on the node: the container gets the path itself.
    expect(cluster.node().mounts()).toHaveLength(1);
    expect(
      cluster.node().fs.existsSync(`/var/lib/kubelet/pods/${cluster.pod('p').uid}/volume-subpaths`),
    ).toBe(false);
  });

  test.each([
    ['C:\\x', 'error SubPath `C:\\x` must not be an absolute path'],
    ['\\x', 'error SubPath `\\x` must not be an absolute path'],
    ['a\\..\\..\\x', "unable to provision SubPath `a\\..\\..\\x`: must not contain '..'"],
  ])('a subPath %s is refused by the kubelet', (subPath, message) => {
    const manifest = pod([{ name: 'v', emptyDir: {} } as never], {
      volumeMounts: [{ name: 'v', mountPath: 'C:\\v', subPath }],
    });
    const cluster = started([manifest]);
    expect(cluster.pod('p').container().reason).toBe('CreateContainerConfigError');
    expect(warnings(cluster, 'Failed')[0]).toBe(`Error: ${message}`);
  });

  test('what cannot be mounted is told by the path that the runtime gets', () => {
    const volume = { name: 'v', hostPath: { path: '\\AzureData\\greeting\\x' } };
    expect(warnings(started([pod([volume])]), 'Failed')[0]).toContain(
      'stat c:\\AzureData\\greeting\\x: not a directory',
    );
  });

  test('a relative path is one of drive C:', () => {
    const manifest = pod([{ name: 'v', emptyDir: {} } as never], {
      volumeMounts: [{ name: 'v', mountPath: 'License.txt\\x' }],
    });
    expect(warnings(started([manifest]), 'Failed')[0]).toContain(
      'to rootfs at "c:\\License.txt\\x": not a directory',
    );
  });

  test('recursively read-only is nothing', () => {
    const manifest = pod([{ name: 'v', hostPath: { path: 'C:\\AzureData' } } as never], {
      volumeMounts: [
        { name: 'v', mountPath: 'C:\\v', readOnly: true, recursiveReadOnly: 'Enabled' },
      ],
    });
    const cluster = started([manifest]);
    expect(warnings(cluster, 'Failed')[0]).toContain('it is not supported by the runtime');
    expect(cluster.node().object.status?.runtimeHandlers).toEqual([
      { name: '', features: { recursiveReadOnlyMounts: false } },
    ]);
  });

  test('a subPath that leads out of its volume is refused', () => {
    const manifest = pod([{ name: 'v', hostPath: { path: 'C:\\AzureData' } } as never], {
      volumeMounts: [{ name: 'v', mountPath: 'C:\\v', subPath: 'out' }],
    });
    const cluster = started([]);
    cluster.node().fs.symlinkSync('C:\\Windows', 'C:\\AzureData\\out');
    cluster.apply(manifest);
    cluster.settle();
    expect(warnings(cluster, 'Failed')[0]).toBe(
      'Error: failed to prepare subPath for volumeMount "v" of container "c"',
    );
  });

  test('explain follows it', () => {
    const cluster = started([handbook('13-windows-empty-dir')]);
    const container = cluster.pod('empty-dir-pod').container();
    const { steps, write, path } = container.explain('c:\\scratch');
    expect(path).toBe('c:\\scratch');
    expect(steps.map((step) => step.path)).toEqual(['C:\\', 'C:\\scratch']);
    expect(steps.at(-1)?.volume).toBe('scratch-volume');
    expect(write?.allowed).toBe(true);
    expect(container.explain('C:\\no').read?.because).toBe('there is no C:\\no');
    expect(failure(() => container.explain('scratch')).message).toContain('is not absolute');
  });
});

describe('H62 nodeSelector', () => {
  test('such Pods go to the node that runs Windows, and no others', () => {
    const cluster = createCluster({
      nodes: ['linux', { name: 'win', os: 'windows', files }],
    });
    cluster.settle();
    const linux = parse(handbook('01-empty-dir'));
    linux.spec.nodeSelector = { 'beta.kubernetes.io/os': 'linux' };
    cluster.apply(linux);
    cluster.apply(handbook('12-windows-host-path'));
    cluster.apply(handbook('13-windows-empty-dir'));
    cluster.settle();
    expect(cluster.pod('hostpath-pod').node?.name).toBe('win');
    expect(cluster.pod('empty-dir-pod').node?.name).toBe('win');
    expect(cluster.pod('test-pd').node?.name).toBe('linux');
    expect(cluster.pod('test-pd').container().fs.existsSync('/proc/self/mountinfo')).toBe(true);
  });

  test('without such a node they wait', () => {
    const cluster = createCluster();
    cluster.settle();
    cluster.apply(handbook('13-windows-empty-dir'));
    cluster.settle();
    expect(cluster.pod('empty-dir-pod').phase).toBe('Pending');
    expect(warnings(cluster, 'FailedScheduling')[0]).toContain("didn't match");
  });
});

describe('what a Windows node has', () => {
  const LINUX = ['/proc', '/sys', '/bin', '/usr', '/tmp', '/run'];

  test('neither the node nor a container has what Linux has at /', () => {
    const cluster = started([pod([])]);
    const node = cluster.node().fs;
    const { fs } = cluster.pod('p').container();
    expect([...LINUX, '/dev'].filter((path) => node.existsSync(path))).toEqual([]);
    expect(LINUX.filter((path) => fs.existsSync(path))).toEqual([]);
    // c:\dev has what the kubelet puts there.
    expect(fs.readdirSync('C:\\dev')).toEqual(['termination-log']);
    for (const one of [node, fs]) {
      expect(one.existsSync('C:\\Windows\\System32\\cmd.exe')).toBe(true);
      expect(one.existsSync('C:\\Users\\Public')).toBe(true);
    }
    expect(node.existsSync('C:\\var\\log\\pods')).toBe(true);
    expect(
      cluster
        .node()
        .mounts()
        .map(({ source, type }) => `${source} ${type}`),
    ).toEqual(['C: ntfs']);
  });

  test('images may have a drive of their own', () => {
    const cluster = started([pod([])], {}, { imageFilesystem: { size: '10Gi' } });
    const mounts = cluster
      .node()
      .mounts()
      .map(({ source, mountPoint }) => [source, mountPoint]);
    expect(mounts).toEqual([
      ['C:', '/'],
      ['D:', '/ProgramData/containerd'],
    ]);
    cluster.node().reboot();
    cluster.settle();
    expect(cluster.pod('p').container().restartCount).toBe(1);
    expect(cluster.node().mounts()).toHaveLength(2);
  });

  test('what is no program there fails, and the simulation goes on', () => {
    const cluster = started([pod([], { command: ['df'] }, { restartPolicy: 'Never' })]);
    expect(cluster.pod('p').phase).toBe('Failed');
    expect(cluster.pod('p').container().logs()).toContain('no such file or directory');
  });

  test('files by path, mounts and limits take its paths', () => {
    const cluster = started([]);
    const node = cluster.node();
    node.fs.mkdirSync('C:\\limited');
    node.setQuota('C:\\limited', { bytes: 8192 });
    expect(node.fs.statfsSync('C:\\limited').blocks).toBe(2);
    node.mount({ type: 'tmpfs', source: 'share', target: 'C:\\limited' });
    expect(node.mounts().at(-1)?.mountPoint).toBe('/limited');
    node.unmount('c:/limited');
    expect(node.mounts()).toHaveLength(1);
    expect(failure(() => node.unmount('C:\\no'))).toMatchObject({ code: 'ENOENT', path: 'C:\\no' });
  });

  const hosts = 'C:\\Windows\\System32\\drivers\\etc\\hosts';

  test.each([
    ['1.16', false, false],
    ['1.17', true, false],
    ['1.20', true, false],
    ['1.21', true, true],
    ['all', true, true],
  ] as const)('%s: a termination log %s, a file of hosts %s', (kubernetesVersion, log, managed) => {
    const cluster = started([pod([])], { kubernetesVersion });
    const container = cluster.pod('p').container();
    expect(mountPoints(container).includes('/dev/termination-log')).toBe(log);
    const text = container.fs.readFileSync(hosts, 'utf8');
    expect(text.startsWith('# Kubernetes-managed hosts file.')).toBe(managed);
  });

  test('a process of the node itself has the hosts file of its image', () => {
    const securityContext = {
      windowsOptions: { hostProcess: true, runAsUserName: 'NT AUTHORITY\\SYSTEM' },
    };
    const cluster = started([pod([], {}, { securityContext, hostNetwork: true })]);
    expect(mountPoints(cluster.pod('p').container())).not.toContain(
      '/Windows/System32/drivers/etc/hosts',
    );
  });

  test('in the network of the node the file of hosts is the node’s', () => {
    const cluster = started([pod([], {}, { hostNetwork: true })]);
    const text = cluster.pod('p').container().fs.readFileSync(hosts, 'utf8');
    expect(text).toMatch(/^# Kubernetes-managed hosts file \(host network\)\.\n# localhost name/);
  });

  test('a volume of the Pod may be in the place of the file of hosts', () => {
    const manifest = pod([{ name: 'v', hostPath: { path: 'C:\\AzureData\\greeting' } } as never], {
      volumeMounts: [{ name: 'v', mountPath: hosts }],
    });
    expect(started([manifest]).pod('p').container().fs.readFileSync(hosts, 'utf8')).toBe('hello');
  });

  test('a termination log is read from where the Pod says', () => {
    const cluster = started([pod([], { terminationMessagePath: 'C:\\logs\\end' })]);
    const container = cluster.pod('p').container();
    container.fs.writeFileSync('C:\\logs\\end', 'done');
    container.exit(1);
    cluster.settle();
    const status = cluster.pod('p').object.status?.containerStatuses?.[0];
    expect(status?.lastState?.terminated?.message).toBe('done');
  });

  test('users, groups and modes of Linux change nothing', () => {
    const volumes = [{ name: 'v', emptyDir: {} }];
    const securityContext = { runAsUser: 1000, runAsGroup: 1000, fsGroup: 2000 };
    const cluster = started([
      pod(volumes, { securityContext: { readOnlyRootFilesystem: true } }, { securityContext }),
    ]);
    const { fs } = cluster.pod('p').container();
    fs.writeFileSync('C:\\v\\x', '');
    fs.writeFileSync('C:\\root', '');
    const { uid, gid } = fs.statSync('C:\\v\\x');
    expect([uid, gid, fs.statSync('C:\\v').gid]).toEqual([0, 0, 0]);
  });

  test('who may not be an administrator is not', () => {
    const securityContext = {
      runAsNonRoot: true,
      windowsOptions: { runAsUserName: 'containeradministrator' },
    };
    const cluster = started([pod([], { securityContext })]);
    expect(warnings(cluster, 'Failed')[0]).toContain(
      "container's runAsUserName (containeradministrator) which will be regarded as root identity and will break non-root policy",
    );
    const plain = started([pod([], { securityContext: { runAsNonRoot: true } })]);
    expect(plain.pod('p').phase).toBe('Running');
  });

  test('no mount passes into a container or out of it', () => {
    const manifest = pod([{ name: 'v', hostPath: { path: 'C:\\AzureData' } } as never], {
      volumeMounts: [{ name: 'v', mountPath: 'C:\\v', mountPropagation: 'HostToContainer' }],
    });
    const cluster = started([manifest]);
    expect(cluster.pod('p').phase).toBe('Running');
    cluster.node().fs.mkdirSync('C:\\AzureData\\sub');
    cluster.node().mount({ type: 'tmpfs', source: 'share', target: 'C:\\AzureData\\sub' });
    cluster.node().fs.writeFileSync('C:\\AzureData\\sub\\x', '');
    expect(cluster.pod('p').container().fs.readdirSync('C:\\v\\sub')).toEqual([]);
  });
});
