import { Volume } from 'memfs';
import { describe, expect, test } from 'vitest';
import { SimulationError } from '../../../src/base/index.ts';
import type { NodeOptions } from '../../../src/kubelet/machine/index.ts';
import type { Program } from '../../../src/outside/index.ts';
import { makeMachine } from './harness.ts';

describe('the host', () => {
  test('starts its mounts with an ext4 /, all of them shared', () => {
    const mounts = makeMachine().mounts();
    expect(mounts[0]).toMatchObject({ mountPoint: '/', type: 'ext4', source: '/dev/sda1' });
    expect(mounts.map(({ mountPoint }) => mountPoint).sort()).toEqual([
      '/',
      '/dev',
      '/proc',
      '/run',
      '/sys',
    ]);
    expect(mounts.every(({ shared }) => shared !== undefined)).toBe(true);
  });

  test('has a sticky /tmp, a shell, and devices', () => {
    const { fs } = makeMachine();
    expect(fs.statSync('/tmp').mode & 0o7777).toBe(0o1777);
    expect(fs.statSync('/bin/sh').mode & 0o111).toBe(0o111);
    expect(fs.statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(fs.existsSync('/var/lib/kubelet')).toBe(false);
  });

  test('tells about its mounts in /proc', () => {
    const { fs } = makeMachine();
    const lines = fs.readFileSync('/proc/mounts', 'utf8').split('\n');
    expect(lines[0]).toBe('/dev/sda1 / ext4 rw,relatime 0 0');
    expect(fs.readFileSync('/proc/self/mountinfo', 'utf8')).toMatch(
      /^\d+ \d+ \d+:\d+ \/ \/ rw,relatime shared:\d+ - ext4 \/dev\/sda1 rw\n/,
    );
  });

  test('has the size that was asked for', () => {
    const { fs } = makeMachine({ capacity: { ephemeralStorage: '10Gi' } });
    const { blocks, bsize } = fs.statfsSync('/');
    expect(blocks * bsize).toBe(10 * 2 ** 30);
  });

  test('takes files by path and as a memfs Volume', () => {
    const byPath = makeMachine({ files: { '/data/greeting': 'hello' } });
    expect(byPath.fs.readFileSync('/data/greeting', 'utf8')).toBe('hello');
    const files = Volume.fromJSON({ '/data/greeting': 'hi' });
    const byVolume = makeMachine({ files: files as unknown as NonNullable<NodeOptions['files']> });
    expect(byVolume.fs.readFileSync('/data/greeting', 'utf8')).toBe('hi');
  });

  test('keeps its disk over a reboot, and nothing else', () => {
    const machine = makeMachine();
    machine.fs.mkdirSync('/mnt/t');
    machine.mount({ type: 'tmpfs', target: '/mnt/t' });
    machine.fs.writeFileSync('/mnt/t/gone', 'x');
    machine.fs.writeFileSync('/run/gone', 'x');
    machine.fs.writeFileSync('/mnt/kept', 'x');
    machine.reboot();
    expect(machine.fs.readdirSync('/mnt')).toEqual(['kept', 't']);
    expect(machine.fs.readdirSync('/mnt/t')).toEqual([]);
    expect(machine.fs.readdirSync('/run')).toEqual([]);
    expect(machine.mounts()).toHaveLength(5);
    expect(machine.mounts()[0]).toHaveProperty('shared');
  });

  test('has block devices of zeroes', () => {
    const machine = makeMachine();
    machine.mknod('/dev/sdx', { type: 'block', size: '12Ki' });
    const { fs } = machine;
    expect(fs.statSync('/dev/sdx').isBlockDevice()).toBe(true);
    const fd = fs.openSync('/dev/sdx', 'r+');
    fs.writeSync(fd, Buffer.from('abc'), 0, 3, 4095);
    const bytes = Buffer.alloc(5, 1);
    expect(fs.readSync(fd, bytes, 0, 5, 4094)).toBe(5);
    expect(bytes.toString('latin1')).toBe('\0abc\0');
    expect(fs.readSync(fd, bytes, 0, 5, 12_286)).toBe(2);
    expect(bytes.toString('latin1')).toBe('\0\0bc\0');
  });
});

describe('resources', () => {
  test('are upstream’s less what the kubelet reserves', () => {
    const { resources, allocatableMemory } = makeMachine();
    expect(resources.capacity).toEqual({
      cpu: '4',
      memory: '8Gi',
      'ephemeral-storage': '100Gi',
      pods: '110',
    });
    expect(resources.allocatable.memory).toBe('8286208Ki');
    expect(resources.allocatable['ephemeral-storage']).toBe('96636764000');
    expect(allocatableMemory).toBe(8 * 2 ** 30 - 100 * 2 ** 20);
  });

  test('of huge pages are not memory', () => {
    const machine = makeMachine({ capacity: { 'hugepages-2Mi': '1Gi' } });
    expect(machine.allocatableMemory).toBe(7 * 2 ** 30 - 100 * 2 ** 20);
    expect(machine.allocatable('hugepages-2Mi')).toBe(2 ** 30);
    expect(machine.allocatable('cpu')).toBe(4000);
    expect(machine.allocatable('nothing')).toBeUndefined();
  });
});

describe('options', () => {
  test.each([
    [{ name: '' }, 'a node needs a name'],
    [{ name: 'n', colour: 'red' }, 'node n: unknown field "colour"'],
    [{ name: 'n', os: 'plan9' }, 'node n: os: "plan9" is none of linux, windows'],
    [
      { name: 'n', capacity: { memory: 'much' } },
      'node n: capacity.memory: "much" is not a quantity',
    ],
    [{ name: 'n', imageFilesystem: { size: '-1' } }, 'node n: imageFilesystem.size: "-1" is not'],
    [
      { name: 'n', containerRuntime: { flags: 1 } },
      'node n: containerRuntime: unknown field "flags"',
    ],
    [{ name: 'n', binaries: { git: 'no' } }, 'node n: binaries: git: must be a boolean'],
  ])('%o are refused', (options, message) => {
    const make = (): unknown => makeMachine(options as unknown as NodeOptions);
    expect(make).toThrow(SimulationError);
    expect(make).toThrow(message);
  });
});

describe('exec', () => {
  const hello: Program = function* ({ args }) {
    return { output: `hello ${args.join(' ')}`, exitCode: 3 };
  };

  const run = (machine: ReturnType<typeof makeMachine>, program: string): unknown => {
    let outcome: unknown;
    const operation = (function* () {
      outcome = yield* machine.exec(program, ['you'], machine.root);
    })();
    const { simulation } = machine;
    simulation.spawn('t', simulation.owner('t'), operation, {
      onEnd: (error, failed) => {
        if (failed) outcome = error;
      },
    });
    simulation.settle({ within: 0 });
    return outcome;
  };

  test('runs a program by its name, with a record', () => {
    const machine = makeMachine({}, new Map([['hello', hello]]));
    expect(run(machine, 'hello')).toEqual({ output: 'hello you', exitCode: 3 });
    expect(machine.simulation.trace.records.at(-1)).toMatchObject({
      type: 'exec',
      node: 'node-1',
      program: 'hello',
      args: ['you'],
      cwd: '/',
      exitCode: 3,
    });
  });

  test('does not find what is not there', () => {
    const programs = new Map([['git', hello]]);
    const message = 'exec: "git": executable file not found in $PATH';
    expect(run(makeMachine({ binaries: { git: false } }, programs), 'git')).toMatchObject({
      message,
    });
    expect(run(makeMachine(), 'git')).toMatchObject({ message });
  });

  test('runs an executable file by its first line', () => {
    const machine = makeMachine({}, new Map([['vendor/driver', hello]]));
    machine.fs.writeFileSync('/opt/driver', '#!vendor/driver\n');
    expect(run(machine, '/opt/driver')).toMatchObject({
      message: 'fork/exec /opt/driver: permission denied',
    });
    machine.fs.chmodSync('/opt/driver', 0o755);
    expect(run(machine, '/opt/driver')).toMatchObject({ exitCode: 3 });
    expect(run(machine, '/opt/none')).toMatchObject({
      message: 'fork/exec /opt/none: no such file or directory',
    });
    machine.fs.chmodSync('/etc/hosts', 0o755);
    expect(run(machine, '/etc/hosts')).toMatchObject({
      message: 'fork/exec /etc/hosts: exec format error',
    });
  });
});
