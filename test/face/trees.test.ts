import { Volume } from 'memfs';
import { describe, expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';

const node = (files: object) =>
  createCluster({ nodes: [{ name: 'n', files: files as never }] }).node();

describe('what is on the disk of a node', () => {
  test('files by path, with the directories above them; null is an empty directory', () => {
    const { fs } = node({ '/srv/a/x': 'text', 'srv/b': new Uint8Array([1, 2]), './srv/c': null });
    expect(fs.readFileSync('/srv/a/x', 'utf8')).toBe('text');
    expect([...fs.readFileSync('/srv/b')]).toEqual([1, 2]);
    expect(fs.readdirSync('/srv/c')).toEqual([]);
  });

  test('a memfs Volume, with its links and modes', () => {
    const volume = Volume.fromJSON({ '/srv/x': 'text' });
    volume.symlinkSync('x', '/srv/link');
    volume.chmodSync('/srv/x', 0o640);
    const { fs } = node(volume);
    expect(fs.readlinkSync('/srv/link')).toBe('x');
    expect(fs.statSync('/srv/x').mode & 0o777).toBe(0o640);
  });

  test.each<[string, object, string]>([
    ['leaves the disk', { '/srv/../../x': '' }, 'the path "/srv/../../x" leaves the directory'],
    ['is below a file', { '/srv/x': '', '/srv/x/y': '' }, '"/srv/x/y" cannot be made: '],
    ['is a directory', { '/srv/x/y': '', '/srv/x': '' }, '"/srv/x" cannot be made: '],
    ['is too long', { [`/${'x'.repeat(256)}`]: '' }, `"/${'x'.repeat(256)}" cannot be made: `],
    ['is a number', { '/srv/x': 1 }, 'the content of "/srv/x" is neither text nor bytes'],
  ])('a path that %s is told by its name', (_, files, message) => {
    expect(() => node(files)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    expect(() => node(files)).toThrow(message);
  });
});
