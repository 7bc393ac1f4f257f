import { describe, expect, test } from 'vitest';
import { OperationError, SimulationError } from '../../../src/base/index.ts';
import { mount, Node } from './harness.ts';

describe('main processes', () => {
  test('of an unknown image run until they are told to end', () => {
    const node = new Node();
    const container = node.start({ image: 'nginx' });
    node.machine.simulation.advance(86_400_000);
    expect(container.state).toBe('running');
    node.run(node.runtime.stopContainer(container.id, 30));
    expect(container.status()).toMatchObject({ state: 'exited', exitCode: 143, reason: 'Error' });
  });

  test('do what their image says, and may wait', () => {
    const node = new Node({ files: { '/data/in': 'hello' } });
    node.images.add('docker.io/library/writer', function* (process) {
      process.stdout.write(process.fs.readFileSync('/d/in', 'utf8'));
      yield* process.sleep('5s');
      process.fs.writeFileSync('/d/out', process.args.join(' ') + process.env.WHO);
      return 7;
    });
    const container = node.start({
      image: 'writer:1.2',
      command: ['a'],
      args: ['b'],
      env: [{ name: 'WHO', value: 'me' }],
      mounts: [mount('/data', '/d')],
    });
    expect(container.state).toBe('running');
    expect(container.logs()).toBe('hello');
    node.machine.simulation.advance(4999);
    expect(container.state).toBe('running');
    node.machine.simulation.advance(1);
    expect(container.status()).toMatchObject({ state: 'exited', exitCode: 7, reason: 'Error' });
    expect(node.machine.fs.readFileSync('/data/out', 'utf8')).toBe('a bme');
  });

  test('that are plain functions end when they return', () => {
    const node = new Node();
    node.images.add('once', () => {});
    const { exitCode, reason } = node.start({ image: 'once' });
    expect({ exitCode, reason }).toEqual({ exitCode: 0, reason: 'Completed' });
  });

  test('that a file’s error ends exit with 1, and print it', () => {
    const node = new Node();
    node.images.add('reader', ({ fs }) => void fs.readFileSync('/none'));
    const container = node.start({ image: 'reader' });
    expect(container.exitCode).toBe(1);
    expect(container.logs()).toContain('ENOENT');
    expect(node.machine.simulation.trace.records.some(({ type }) => type === 'panic')).toBe(false);
  });

  test('that an error of the simulated world ends do the same', () => {
    const node = new Node();
    node.images.add('client', () => {
      throw new OperationError('the server is gone');
    });
    const container = node.start({ image: 'client' });
    expect(container.exitCode).toBe(1);
    expect(container.logs()).toContain('the server is gone');
    expect(node.machine.simulation.trace.records.some(({ type }) => type === 'panic')).toBe(false);
  });

  test('with a bug leave a panic in the trace', () => {
    const node = new Node();
    node.images.add('bug', () => {
      throw new RangeError('a bug');
    });
    expect(node.start({ image: 'bug' }).exitCode).toBe(1);
    expect(node.machine.simulation.trace.records).toContainEqual(
      expect.objectContaining({ type: 'panic', error: 'a bug' }),
    );
  });

  test('may not be promises', () => {
    const node = new Node();
    node.images.add('async', (async () => 1) as unknown as () => number);
    expect(() => node.start({ image: 'async' })).toThrow('image async: run returned a Promise');
    expect(() => node.images.add('', () => 0)).toThrow(SimulationError);
  });

  test('live on when the kubelet dies', () => {
    const node = new Node();
    const container = node.start({ command: ['sleep', '60'] });
    node.owner.crash();
    node.machine.simulation.advance(60_000);
    expect(container.exitCode).toBe(0);
  });
});

describe('signals', () => {
  test.each([
    ['SIGKILL', 137, 'Error'],
    ['SIGSEGV', 139, 'Error'],
    ['OOMKilled', 137, 'OOMKilled'],
  ] as const)('a crash by %s', (how, exitCode, reason) => {
    const container = new Node().start();
    container.crash(how);
    expect(container.status()).toMatchObject({ state: 'exited', exitCode, reason });
  });

  test('are handled by whoever wants to', () => {
    const node = new Node();
    node.images.add('stubborn', function* (process) {
      process.on('SIGTERM', () => process.stdout.write('not yet\n'));
      process.on('SIGHUP', () => 4);
      yield* process.sleep('1h');
    });
    const container = node.start({ image: 'stubborn' });
    const before = node.machine.simulation.now;
    node.run(node.runtime.stopContainer(container.id, 30));
    expect(node.machine.simulation.now - before).toBe(30_000);
    expect(container.status()).toMatchObject({ exitCode: 137, finishedAt: before + 30_000 });
    expect(container.logs()).toBe('not yet\n');
    const second = node.start({ image: 'stubborn' }, 1);
    second.kill('SIGHUP');
    expect(second.exitCode).toBe(4);
  });

  test('that end nobody do not, and there are no others', () => {
    const container = new Node().start();
    container.kill('SIGWINCH');
    expect(container.state).toBe('running');
    expect(() => container.kill('SIGNOPE')).toThrow(SimulationError);
    container.kill('TERM');
    expect(container.exitCode).toBe(143);
  });

  test('a process that ends in its grace period is not waited for', () => {
    const node = new Node();
    node.images.add('tidy', function* (process) {
      let asked = false;
      process.on('SIGTERM', () => {
        asked = true;
      });
      while (!asked) yield* process.sleep('1s');
      return 0;
    });
    const container = node.start({ image: 'tidy' });
    const before = node.machine.simulation.now;
    node.run(node.runtime.stopContainer(container.id, 30));
    expect(container.exitCode).toBe(0);
    expect(node.machine.simulation.now - before).toBe(1000);
  });
});

describe('well-known commands', () => {
  test.each([
    [['true'], 0, ''],
    [['/bin/false'], 1, ''],
    [['echo', 'a', 'b'], 0, 'a b\n'],
    [['cat', '/etc/hostname'], 0, 'localhost\n'],
    [['cat', '/none'], 1, 'cat: /none: No such file or directory\n'],
    [['ls', '/var'], 0, 'run\ntmp\n'],
    [['sh', '-c', 'exit 3'], 3, ''],
    [['sh', '-c', 'false || echo no; exit $?'], 0, 'no\n'],
    [['sh', '-c', 'false && echo yes'], 1, ''],
    [['/bin/sh', '-c', `echo "x $HOSTNAME" 'y  z' > /tmp/f && cat /tmp/f`], 0, 'x web y  z\n'],
    [['sh', '-c', 'echo x > /tmp/f; find /tmp'], 0, '/tmp\n/tmp/f\n'],
    [['sh', '-c', 'echo x > /tmp/f; find /tmp -mindepth 1'], 0, '/tmp/f\n'],
    [['sh', '-c', 'echo x > /tmp/f; find /tmp -mindepth 1 -delete; find /tmp'], 0, '/tmp\n'],
    [['sh', '-ec', 'echo a > /tmp/f; echo b >> /tmp/f; cat /tmp/f'], 0, 'a\nb\n'],
  ])('%j', (command, exitCode, output) => {
    const container = new Node().start({ command });
    expect({ exitCode: container.exitCode, output: container.logs() }).toEqual({
      exitCode,
      output,
    });
  });

  test.each([
    [['sleep', 'infinity']],
    [['sh', '-c', 'while true; do sleep 1; done']],
    [['sh', '-c', 'echo hi | cat']],
    [['nginx', '-g', 'daemon off;']],
    [['sh']],
  ])('%j runs until it is told to end', (command) => {
    const node = new Node();
    const container = node.start({ command });
    node.machine.simulation.advance(1e7);
    expect(container.state).toBe('running');
    expect(node.machine.simulation.waiting()).toEqual([]);
  });

  test('df tells what statfs does', () => {
    const node = new Node();
    node.machine.fs.mkdirSync('/data');
    node.machine.mount({ type: 'tmpfs', source: 'tmpfs', target: '/data', size: 2 ** 20 });
    node.machine.fs.writeFileSync('/data/x', 'x'.repeat(2 ** 18));
    const container = node.start({ command: ['df', '/d'], mounts: [mount('/data', '/d')] });
    expect(container.logs().split('\n')[1]).toBe(
      'tmpfs                     1024       256       768  25% /d',
    );
  });

  test('settle does not wait for a sleep', () => {
    const node = new Node();
    node.start({ command: ['sleep', '10'] });
    const report = node.machine.simulation.settle({ within: 60_000 });
    expect(report.idle).toBe(true);
    expect(report.waiting).toMatchObject([{ who: 'process default/web', for: 'sleep' }]);
  });
});

describe('the runtime', () => {
  test('tells of each change, and of the newest run', () => {
    const node = new Node();
    const told: string[] = [];
    node.runtime.onChange = (uid) => told.push(uid);
    const first = node.start();
    first.exit(1);
    const second = node.start({}, 1);
    expect(told).toEqual(Array(6).fill('uid-1'));
    expect(node.runtime.container('uid-1', 'app')).toBe(second);
    expect(node.runtime.container('uid-1', 'app', true)).toBe(first);
    expect(node.runtime.containers('uid-1').map(({ state }) => state)).toEqual([
      'exited',
      'running',
    ]);
    expect([...node.runtime.podUids()]).toEqual(['uid-1']);
  });

  test('removes a sandbox with all that is in it', () => {
    const node = new Node();
    const before = node.machine.kernel.inodes;
    const container = node.start();
    container.fs.writeFileSync('/tmp/x', 'x');
    node.run(node.runtime.stopPodSandbox(node.sandboxId));
    expect(container.exitCode).toBe(137);
    expect(node.runtime.sandbox('uid-1')).toBeUndefined();
    expect(node.runtime.containers('uid-1')).toHaveLength(1);
    node.run(node.runtime.removePodSandbox(node.sandboxId));
    node.run(node.runtime.removePodSandbox(node.sandboxId));
    expect([...node.runtime.podUids()]).toEqual([]);
    const image = node.machine.kernel.inodes - before;
    expect(container.removed).toBe(true);
    const again = node.start({}, 1);
    again.fs.readdirSync('/dev');
    node.run(node.runtime.removeContainer(again.id));
    expect(node.machine.kernel.inodes - before).toBe(image);
  });

  test('writes logs on the node’s disk', () => {
    const node = new Node();
    node.start({ command: ['echo', 'hi'] });
    const path = '/var/log/pods/default_web_uid-1/app/0.log';
    expect(node.machine.fs.readFileSync(path, 'utf8')).toBe(
      '2024-01-01T00:00:00.000000000Z stdout F hi\n',
    );
  });

  test('finds ended containers after the power was gone', () => {
    const node = new Node({ files: { '/data/x': '' } });
    const container = node.start({ mounts: [mount('/data', '/d')] });
    node.machine.reboot();
    expect(container.status()).toMatchObject({ state: 'exited', exitCode: 255, reason: 'Unknown' });
    expect(container.mounts()).toHaveLength(1);
    expect(node.runtime.sandbox('uid-1')).toBeUndefined();
  });

  test('has steps that faults can hit', () => {
    const node = new Node();
    const { faults } = node.machine.simulation;
    faults.fail('StartContainer', { times: 1, pod: 'web' });
    const container = node.create();
    expect(() => node.run(node.runtime.startContainer(container.id))).toThrow();
    // As in containerd, such a container is done with.
    const ended = { state: 'exited', exitCode: 128, reason: 'StartError' };
    expect(container.status()).toMatchObject(ended);
    const next = node.create();
    node.run(node.runtime.startContainer(next.id));
    expect(next.state).toBe('running');
  });
});
