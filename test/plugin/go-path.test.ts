import { posix } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanPath } from '../../src/plugin/go-path.ts';

test('a path is cleaned as Node does it, without a slash at its end', () => {
  const parts = fc.array(fc.constantFrom('/', '.', '..', 'a', 'b.c', '...', '\n'), {
    maxLength: 9,
  });
  fc.assert(
    fc.property(parts, (pieces) => {
      const path = pieces.join('');
      const normal = posix.normalize(path);
      const expected = normal.length > 1 ? normal.replace(/\/$/, '') : normal;
      expect(cleanPath(path)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});
