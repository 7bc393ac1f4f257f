import { describe, expect, test } from 'vitest';
import { isMultiAttachAllowed } from '../../src/plugin/index.ts';
import type { VolumeSpec } from '../../src/plugin/types.ts';

function specOf(fields: object): VolumeSpec {
  return { name: 'v', source: {}, readOnly: false, mountOptions: [], ...fields } as VolumeSpec;
}

describe('1.5 whether a volume may be attached to several nodes at once', () => {
  test.each([
    [undefined, true],
    [[], true],
    [['ReadWriteMany'], true],
    [['ReadOnlyMany'], true],
    [['ReadWriteOnce', 'ReadOnlyMany'], true],
    [['ReadWriteOnce'], false],
    [['ReadWriteOncePod'], false],
  ])('a PersistentVolume with %j: %s', (accessModes, allowed) => {
    expect(isMultiAttachAllowed(specOf({ persistentVolume: { spec: { accessModes } } }))).toBe(
      allowed,
    );
  });

  test.each([
    [{ azureDisk: {} }, false],
    [{ cinder: {} }, false],
    [{ awsElasticBlockStore: {} }, true],
    [{ nfs: {} }, true],
  ])('an inline volume %j: %s', (source, allowed) => {
    expect(isMultiAttachAllowed(specOf({ volume: { name: 'v', ...source } }))).toBe(allowed);
  });

  test('one of which nothing is known', () => {
    expect(isMultiAttachAllowed(undefined)).toBe(true);
  });
});
