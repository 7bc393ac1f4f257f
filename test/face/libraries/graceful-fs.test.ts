import { gracefulify } from 'graceful-fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { createKernel, type NodeFs } from '../../../src/face/index.ts';

type Graceful = Parameters<typeof gracefulify>[0];

describe('graceful-fs', () => {
  let fs: NodeFs;
  let graceful: NodeFs;

  beforeEach(() => {
    fs = createKernel().rootNamespace.fs();
    graceful = gracefulify({ ...fs } as unknown as Graceful) as unknown as NodeFs;
    fs.writeFileSync('/f', 'hello');
  });

  test('reads, writes and lists through its own calls', async () => {
    await new Promise((resolve) => graceful.writeFile('/g', 'text', resolve));
    expect(fs.readFileSync('/g', 'utf8')).toBe('text');
    const names = await new Promise((resolve) =>
      graceful.readdir('/', (_, found) => resolve(found)),
    );
    expect(names).toEqual(['f', 'g']);
  });

  test('extends the streams of the face with an open of its own', async () => {
    let text = '';
    for await (const chunk of graceful.createReadStream('/f', 'utf8')) text += chunk;
    expect(text).toBe('hello');
    const stream = graceful.createWriteStream('/h');
    await new Promise((resolve) => stream.end('out', resolve as () => void));
    expect(fs.readFileSync('/h', 'utf8')).toBe('out');
    const missing = graceful.createReadStream('/missing');
    expect(await new Promise((resolve) => missing.on('error', resolve))).toMatchObject({
      code: 'ENOENT',
      syscall: 'open',
    });
  });

  test('leaves the face itself alone', () => {
    expect(graceful.readFile).not.toBe(fs.readFile);
    expect(fs.createReadStream('/f')).toBeInstanceOf(fs.ReadStream);
  });
});
