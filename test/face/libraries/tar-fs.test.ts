import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { createKernel, type NodeFs } from '../../../src/face/index.ts';

/** The option `fs`, which the types of the library leave out. */
function pack(fs: NodeFs, path: string): Readable {
  return tar.pack(path, { fs } as object) as unknown as Readable;
}

function extract(fs: NodeFs, path: string): NodeJS.WritableStream {
  return tar.extract(path, { fs } as object);
}

describe('tar-fs', () => {
  let fs: NodeFs;

  beforeEach(() => {
    fs = createKernel({ now: () => 1_700_000_000_000 }).rootNamespace.fs();
    fs.mkdirSync('/from/empty', { recursive: true });
    fs.mkdirSync('/from/bin');
    fs.writeFileSync('/from/bin/run', '#!/bin/sh\n', { mode: 0o755 });
    fs.writeFileSync('/from/large', 'x'.repeat(200_000));
    fs.chownSync('/from/large', 1000, 2000);
    fs.utimesSync('/from/large', 1000, 2000);
    fs.symlinkSync('bin/run', '/from/link');
  });

  const copy = (to: NodeFs): Promise<void> => pipeline(pack(fs, '/from'), extract(to, '/to'));

  test('packs a tree and unpacks it elsewhere: bytes, modes, owners, times, links', async () => {
    const to = createKernel().rootNamespace.fs();
    await copy(to);
    expect(to.readdirSync('/to', { recursive: true })).toEqual(
      fs.readdirSync('/from', { recursive: true }),
    );
    expect(to.readFileSync('/to/large', 'utf8')).toBe('x'.repeat(200_000));
    const { mode, uid, gid, mtimeMs } = to.statSync('/to/large');
    expect([mode, uid, gid, mtimeMs]).toEqual([0o100644, 1000, 2000, 2_000_000]);
    expect(to.statSync('/to/bin/run').mode).toBe(0o100755);
    expect(to.readlinkSync('/to/link')).toBe('bin/run');
  });

  test('an archive is a file like any other', async () => {
    await pipeline(pack(fs, '/from'), fs.createWriteStream('/archive.tar'));
    const bytes = fs.readFileSync('/archive.tar');
    expect(bytes.length % 512).toBe(0);
    await pipeline(fs.createReadStream('/archive.tar'), extract(fs, '/again'));
    expect(fs.readFileSync('/again/bin/run', 'utf8')).toBe('#!/bin/sh\n');
    expect(Buffer.compare(bytes, await collected(pack(fs, '/from')))).toBe(0);
  });

  test('stops where nothing can be written', async () => {
    const namespace = createKernel().rootNamespace;
    const to = namespace.fs();
    to.mkdirSync('/to');
    namespace.mount({ type: 'tmpfs', source: 't', target: '/to', size: 40_960 });
    await expect(copy(to)).rejects.toMatchObject({ code: 'ENOSPC', syscall: 'write' });
    namespace.remountReadOnly('/to');
    await expect(copy(to)).rejects.toMatchObject({ code: 'EROFS' });
  });
});

async function collected(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
