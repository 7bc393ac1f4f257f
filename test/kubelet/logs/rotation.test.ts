import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  type Cluster,
  type ClusterOptions,
  createCluster,
  type Process,
} from '../../../src/index.ts';

const DIRECTORY = /^default_p_/;

interface Options extends ClusterOptions {
  readonly kubelet?: object;
}

interface Talker {
  readonly cluster: Cluster;
  /** Prints so many bytes, in lines of 1 KiB. */
  readonly print: (bytes: number, letter?: string) => void;
  /** The directory of the container's logs, on the node. */
  readonly directory: () => string;
  readonly files: () => string[];
}

const KIB = 1024;

/** A Pod whose container prints when it is told to. Its log may be 64 KiB large. */
function start({ kubelet = {}, ...options }: Options = {}): Talker {
  const kubeletConfiguration = { containerLogMaxSize: '64Ki', ...kubelet };
  const cluster = createCluster({ nodes: [{ name: 'node-1', kubeletConfiguration }], ...options });
  let process: Process | undefined;
  cluster.images.add('talker', function* (self) {
    process = self;
    yield* self.sleep('10000h');
  });
  const spec = {
    automountServiceAccountToken: false,
    containers: [{ name: 'c', image: 'talker' }],
  };
  cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec });
  cluster.settle();
  const directory = (): string => {
    const names = cluster.node().fs.readdirSync('/var/log/pods') as string[];
    return `/var/log/pods/${names.find((name) => DIRECTORY.test(name))}/c`;
  };
  return {
    cluster,
    print: (bytes, letter = 'x') => {
      for (let left = bytes; left > 0; left -= KIB)
        process?.stdout.write(`${letter.repeat(Math.min(left, KIB) - 41)}\n`);
    },
    directory,
    files: () => (cluster.node().fs.readdirSync(directory()) as string[]).sort(),
  };
}

const size = ({ cluster, directory }: Talker, name: string): number =>
  cluster.node().fs.statSync(`${directory()}/${name}`).size;

const errors = (cluster: Cluster): string[] =>
  cluster.trace.records.flatMap((one) =>
    one.type === 'log' && one.level === 'error' ? [one.message] : [],
  );

describe('logs of containers', () => {
  test('that have become too large are put aside at the next look, and a new one is begun', () => {
    const talker = start();
    const { cluster, print, files } = talker;
    print(63 * KIB);
    cluster.advance('30s');
    expect(files()).toEqual(['0.log']);
    print(2 * KIB, 'y');
    expect(files()).toEqual(['0.log']);
    cluster.settle();
    const [seconds = 0] = [cluster.now.getTime() % 10_000];
    expect(seconds).toBe(0); // counted from the start of the kubelet
    const time = cluster.now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
    expect(files()).toEqual(['0.log', `0.log.${time}`]);
    expect(size(talker, '0.log')).toBe(0);
    expect(size(talker, `0.log.${time}`)).toBeGreaterThan(64 * KIB);
    print(KIB, 'z');
    expect(cluster.pod('p').container().logs()).toMatch(/^z+\n$/);
    expect(size(talker, '0.log')).toBe(KIB);
  });

  test('older ones are compressed, and as many stay as there may be', () => {
    const talker = start({ kubelet: { containerLogMaxFiles: 4 } });
    const { cluster, print, files, directory } = talker;
    for (const letter of 'abcde') {
      print(65 * KIB, letter);
      cluster.settle();
    }
    const names = files();
    expect(names.map((name) => name.replace(/\d{8}-\d{6}/, 'TIME'))).toEqual([
      '0.log',
      '0.log.TIME.gz',
      '0.log.TIME.gz',
      '0.log.TIME',
    ]);
    const [, first = '', second = '', newest = ''] = names;
    const read = (name: string): Buffer => cluster.node().fs.readFileSync(`${directory()}/${name}`);
    const letters = [gunzipSync(read(first)), gunzipSync(read(second)), read(newest)].map(
      (bytes) => /F ([a-z])\1+\n/.exec(bytes.toString())?.[1],
    );
    expect(letters).toEqual(['c', 'd', 'e']);
    expect(size(talker, first)).toBeLessThan(8 * KIB);
    expect(errors(cluster)).toEqual([]);
  });

  test('compressed ones have the mode of the log since 1.33', () => {
    const modes = ['1.32', '1.33'].map((kubernetesVersion) => {
      const { cluster, print, files, directory } = start({ kubernetesVersion });
      for (let i = 0; i < 2; i++) {
        print(65 * KIB);
        cluster.settle();
      }
      const name = files().find((one) => one.endsWith('.gz'));
      return cluster.node().fs.statSync(`${directory()}/${name}`).mode & 0o777;
    });
    expect(modes).toEqual([0o644, 0o640]);
  });

  test('are put aside since 1.11, with a gate since 1.10; less than nothing means any size since 1.22', () => {
    const rotates = (options: Options): boolean => {
      const { cluster, print, files } = start(options);
      print(65 * KIB);
      cluster.advance('1m');
      return files().length > 1;
    };
    const gate = { featureGates: { CRIContainerLogRotation: true } };
    const kubelet = { containerLogMaxSize: '-1' };
    expect(rotates({ kubernetesVersion: '1.9' })).toBe(false);
    expect(rotates({ kubernetesVersion: '1.10' })).toBe(false);
    expect(rotates({ kubernetesVersion: '1.10', ...gate })).toBe(true);
    expect(rotates({ kubernetesVersion: '1.11' })).toBe(true);
    expect(rotates({ kubernetesVersion: '1.22', kubelet })).toBe(false);
    expect(() => start({ kubernetesVersion: '1.21', kubelet })).toThrow('negative max log size -1');
  });

  test('are looked at as often as the kubelet is told, since 1.30', () => {
    const delay = (kubernetesVersion: string): number => {
      const kubelet = { containerLogMonitorInterval: '1m' };
      const { cluster, print, files } = start({ kubernetesVersion, kubelet });
      const begun = cluster.now.getTime();
      print(65 * KIB);
      while (files().length === 1) cluster.advance('1s');
      return cluster.now.getTime() - begun;
    };
    expect(delay('1.29')).toBeLessThanOrEqual(10_000);
    expect(delay('1.30')).toBeGreaterThan(30_000);
  });

  test('all files count as what the container holds, and go with it', () => {
    const { cluster, print, files } = start();
    for (let i = 0; i < 3; i++) {
      print(65 * KIB);
      cluster.settle();
    }
    expect(files()).toHaveLength(4);
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(cluster.node().fs.readdirSync('/var/log/pods')).toEqual([]);
  });

  test('those put aside count against the limit of ephemeral storage', () => {
    const cluster = createCluster({
      nodes: [{ name: 'node-1', kubeletConfiguration: { containerLogMaxSize: '64Ki' } }],
    });
    cluster.images.add('talker', function* (self) {
      for (;;) {
        for (let i = 0; i < 70; i++) self.stdout.write(`${'x'.repeat(KIB)}\n`);
        yield* self.sleep('20s');
      }
    });
    const resources = { limits: { 'ephemeral-storage': '150Ki' } };
    const containers = [{ name: 'c', image: 'talker', resources }];
    const spec = { automountServiceAccountToken: false, containers, restartPolicy: 'Never' };
    cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec });
    cluster.advance('5m');
    expect(cluster.pod('p').object.status?.reason).toBe('Evicted');
  });

  test('a log that stays small costs no steps', () => {
    const { cluster, print } = start();
    print(KIB);
    cluster.advance('1h');
    const before = cluster.steps;
    for (let i = 0; i < 20; i++) {
      print(KIB);
      cluster.advance('1m');
    }
    expect(cluster.steps).toBe(before);
  });

  test('of a container that has ended stay as they are', () => {
    const { cluster, print, files } = start();
    print(65 * KIB);
    cluster.pod('p').container().exit(0);
    cluster.advance('1m');
    expect(files().filter((name) => name.startsWith('0.'))).toEqual(['0.log']);
    expect(errors(cluster)).toEqual([]);
  });
});

describe('logs of containers, when something goes wrong', () => {
  test('the container writes on to the file that was put aside until it is told of the new one', () => {
    const { cluster, print, files, directory } = start();
    const held = cluster.faults.hold('ReopenContainerLog');
    print(65 * KIB);
    cluster.advance('10s');
    print(KIB, 'y');
    const [rotated = '', ...rest] = files();
    expect(rest).toEqual([]);
    const { fs } = cluster.node();
    expect(fs.readFileSync(`${directory()}/${rotated}`, 'utf8')).toMatch(/y+\n$/);
    held.unsubscribe();
    cluster.settle();
    print(KIB, 'z');
    expect(fs.readFileSync(`${directory()}/0.log`, 'utf8')).toMatch(/ F z+\n$/);
    expect(cluster.pod('p').container().logs()).toMatch(/^z+\n$/);
  });

  test('a log that cannot be reopened gets its name back, and is tried again', () => {
    const { cluster, print, files } = start();
    cluster.faults.fail('ReopenContainerLog', { times: 1, error: 'no' });
    print(65 * KIB);
    cluster.settle();
    expect(files()).toEqual(['0.log']);
    const [error] = errors(cluster);
    expect(error).toMatch(
      /^Failed to rotate log for container: failed to rotate log "\/var\/log\/pods\/default_p_[^/]+\/c\/0\.log": failed to reopen container log "[0-9a-f]{64}": no$/,
    );
    cluster.advance('10s');
    expect(files()).toHaveLength(2);
    expect(errors(cluster)).toHaveLength(1);
  });

  test('says it in the words of before 1.21', () => {
    const { cluster, print } = start({ kubernetesVersion: '1.20' });
    cluster.faults.fail('rename', { times: 1, error: 'no' });
    print(65 * KIB);
    cluster.settle();
    expect(errors(cluster)[0]).toMatch(
      /^Failed to rotate log "\/var\/.*" for container "[0-9a-f]+": /,
    );
  });

  test.each([
    ['unlink', 'before'],
    ['unlink', 'after'],
    ['write', 'before'],
    ['write', 'after'],
    ['rename', 'before'],
    ['rename', 'after'],
    ['ReopenContainerLog', 'before'],
    ['ReopenContainerLog', 'after'],
  ] as const)(
    'a kubelet that dies %s %s leaves what the next one sets right',
    (operation, when) => {
      const { cluster, print, files } = start({ kubelet: { containerLogMaxFiles: 9 } });
      for (let i = 0; i < 2; i++) {
        print(65 * KIB);
        cluster.settle();
      }
      const where = operation === 'ReopenContainerLog' ? {} : { path: '/var/log/' };
      cluster.faults.crash(operation, { when, times: 1, ...where });
      print(65 * KIB);
      cluster.advance('10s');
      const { kubelet } = cluster.node();
      expect(kubelet.running).toBe(false);
      print(KIB, 'y');
      kubelet.start();
      cluster.settle();
      for (let i = 0; i < 2; i++) {
        print(65 * KIB);
        cluster.settle();
      }
      const [log, ...others] = files();
      expect(log).toBe('0.log');
      expect(others.pop()).toMatch(/^0\.log\.\d{8}-\d{6}$/);
      expect(others.length).toBeGreaterThanOrEqual(3);
      for (const name of others) expect(name).toMatch(/^0\.log\.\d{8}-\d{6}\.gz$/);
    },
  );

  test('what an attempt before left behind is taken away: temporary files, and what was compressed already', () => {
    const { cluster, print, files, directory } = start();
    print(65 * KIB);
    const { fs } = cluster.node();
    const [old, older] = ['0.log.20230101-000000', '0.log.20220101-000000'];
    for (const name of [`${old}.gz`, old, `${older}.tmp`])
      fs.writeFileSync(`${directory()}/${name}`, name);
    cluster.settle();
    expect(files().slice(0, 2)).toEqual(['0.log', `${old}.gz`]);
    expect(files()).toHaveLength(3);
    expect(fs.readFileSync(`${directory()}/${old}.gz`, 'utf8')).toBe(`${old}.gz`);
    expect(errors(cluster)).toEqual([]);
  });

  test('a kubelet that was down puts aside at once what has become too large', () => {
    const { cluster, print, files } = start();
    const { kubelet } = cluster.node();
    kubelet.stop();
    print(65 * KIB);
    cluster.advance('1m');
    expect(files()).toEqual(['0.log']);
    kubelet.start();
    const before = cluster.now.getTime();
    cluster.advance(0);
    expect(cluster.now.getTime()).toBe(before);
    expect(files()).toHaveLength(2);
  });

  test('a log that somebody took away comes back once the container prints', () => {
    const { cluster, print, files, directory } = start();
    print(KIB);
    cluster.node().fs.unlinkSync(`${directory()}/0.log`);
    print(KIB, 'y');
    expect(files()).toEqual([]);
    cluster.settle();
    print(KIB, 'z');
    expect(files()).toEqual(['0.log']);
    expect(cluster.pod('p').container().logs()).toMatch(/^z+\n$/);
  });

  test('what was put aside outlives a reboot; the next run has a log of its own', () => {
    const { cluster, print, files } = start();
    print(65 * KIB);
    cluster.settle();
    print(KIB);
    const before = files();
    cluster.node().reboot();
    cluster.settle();
    print(KIB);
    expect(files()).toEqual([...before, '1.log']);
  });
});

describe('options of logs', () => {
  test.each([
    [
      { containerLogMaxFiles: 1 },
      'invalid configuration: containerLogMaxFiles must be greater than 1',
    ],
    [
      { containerLogMonitorInterval: '2s' },
      'invalid configuration: containerLogMonitorInterval must be a positive time duration greater than or equal to 3s',
    ],
    [{ containerLogMaxSize: 'much' }, 'failed to parse container log max size "much"'],
  ])('%j: %s', (kubelet, message) => {
    expect(() => start({ kubelet })).toThrow(message);
  });
});
