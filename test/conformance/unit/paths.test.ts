import { describe, expect, test } from 'vitest';
import { OperationError } from '../../../src/base/index.ts';
import { expand } from '../../../src/kubelet/pod/expansion.ts';
import { nestedMountPoints } from '../../../src/plugin/nested-mount-points.ts';
import { validatePath } from '../../../src/plugin/payload-paths.ts';
import { makePod } from '../../plugin/harness.ts';

/* What Kubernetes' own unit tests say of references to variables, and of paths in volumes. */

describe('third_party/forked/golang/expansion', () => {
  const values: Readonly<Record<string, string>> = {
    VAR_A: 'A',
    VAR_B: 'B',
    VAR_REF: '$(VAR_A)',
    VAR_EMPTY: '',
  };

  test.each([
    ['$(VAR_A)', 'A'],
    ['$(VAR_A)-$(VAR_A)', 'A-A'],
    ['___$(VAR_B)___', '___B___'],
    ['$$(VAR_B)_$(VAR_A)', '$(VAR_B)_A'],
    ['$$(VAR_A)_$$(VAR_B)', '$(VAR_A)_$(VAR_B)'],
    ['f000-$$VAR_A', 'f000-$VAR_A'],
    ['foo\\$(VAR_A)bar', 'foo\\Abar'],
    ['foo\\\\$(VAR_A)bar', 'foo\\\\Abar'],
    ['$(VAR_A$(VAR_B))', '$(VAR_A$(VAR_B))'],
    ['$(VAR_A$(VAR_B)', '$(VAR_A$(VAR_B)'],
    ['%%$(VAR_REF)--$(VAR_REF)%%', '%%$(VAR_A)--$(VAR_A)%%'],
    ['foo$(VAR_EMPTY)bar', 'foobar'],
    ['foo$(VAR_Awhoops!', 'foo$(VAR_Awhoops!'],
    ['f00__(VAR_A)__', 'f00__(VAR_A)__'],
    ['$?_boo_$!', '$?_boo_$!'],
    ['$VAR_A', '$VAR_A'],
    ['$(VAR_DNE)', '$(VAR_DNE)'],
    ['$$$$$$(BIG_MONEY)', '$$$(BIG_MONEY)'],
    ['$$$$$$(VAR_A)', '$$$(VAR_A)'],
    ['$$$$$$$(GOOD_ODDS)', '$$$$(GOOD_ODDS)'],
    ['$$$$$$$(VAR_A)', '$$$A'],
    ['$VAR_A)', '$VAR_A)'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's syntax, which is not looked at
    ['${VAR_A}', '${VAR_A}'],
    ['$(VAR_B)_______$(A', 'B_______$(A'],
    ['$(VAR_A)_______$(', 'A_______$('],
    ['$(VAR_A)foobarzab$', 'Afoobarzab$'],
    ['foo-\\$(VAR_A', 'foo-\\$(VAR_A'],
    ['--$($($($($--', '--$($($($($--'],
    ['$($($($($--foo$(', '$($($($($--foo$('],
    ['$(foo$$var)', '$(foo$$var)'],
    ['\n', '\n'],
  ])('%j is %j', (text, expected) => {
    expect(expand(text, (name) => values[name])).toBe(expected);
  });
});

describe('pkg/volume/util/nested_volumes', () => {
  /** A container with mounts, each `volume path`. */
  const container = (...mounts: string[]) => ({
    name: 'c',
    image: 'busybox',
    volumeMounts: mounts.map((text) => {
      const [name = '', mountPath = ''] = text.split(' ');
      return { name, mountPath };
    }),
  });

  test.each<[string, string[], string[]]>([
    ['none', ['vol1 /dir'], []],
    ['one', ['vol1 /dir', 'vol2 /dir/nested'], ['nested']],
    [
      'the outermost, in any order',
      ['vol3 /dir/nested/double', 'vol4 /no', 'vol2 /dir/nested', 'vol1 /dir', 'vol3 /dir/other'],
      ['nested', 'other'],
    ],
    [
      'below each mount of the volume',
      ['vol1 /dir', 'vol2 /dir/nested', 'vol1 /other', 'vol3 /other/nested2'],
      ['nested', 'nested2'],
    ],
    ['not what only begins alike', ['vol1 /mnt', 'vol2 /mnt7', 'vol3 /mnt/a/b'], ['a/b']],
  ])('%s', (_, mounts, expected) => {
    const pod = makePod({ containers: [container(...mounts)] });
    expect(nestedMountPoints('vol1', pod).sort()).toEqual(expected);
  });

  test('those of containers that start the Pod too', () => {
    const pod = makePod({
      containers: [container('vol1 /mnt', 'vol2 /mnt/a')],
      initContainers: [container('vol1 /mnt/dir', 'vol3 /mnt/dir_no', 'vol4 /mnt/dir/sub')],
    });
    expect(nestedMountPoints('vol1', pod).sort()).toEqual(['a', 'sub']);
  });

  test('a path that leads out is refused', () => {
    const pod = makePod({ containers: [container('vol1 foo/../../dir', 'vol2 foo/../../dir/x')] });
    expect(() => nestedMountPoints('vol1', pod)).toThrow(OperationError);
  });
});

describe('pkg/volume/util/atomic_writer validatePath', () => {
  test.each(['i/am/well/behaved.txt', 'name.txt', '..', '.hidden', 'a..b', 'a/..b', './a', 'a//b'])(
    '%s',
    (path) => {
      const good = path !== '..';
      const check = (): void => validatePath(path);
      if (good) expect(check).not.toThrow();
      else expect(check).toThrow("invalid path: must not contain '..': ..");
    },
  );

  test.each([
    ['', 'must not be empty: ""'],
    ['/dev/null', 'must be relative path: /dev/null'],
    ['..sneaky.txt', "must not start with '..': ..sneaky.txt"],
    ['hello/../etc/bad', "must not contain '..': hello/../etc/bad"],
    [`${'a/'.repeat(2048)}b`, 'must be less than or equal to 4096 characters'],
    ['a'.repeat(256), 'filenames must be less than or equal to 255 characters'],
  ])('%.20s is refused', (path, why) => {
    expect(() => validatePath(path)).toThrow(`invalid path: ${why}`);
  });
});
