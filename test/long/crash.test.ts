import { describe, expect, test } from 'vitest';
import { compareRuns, exceptions, growth, kinds, manifests, storyOf } from '../testing/stories.ts';

const stories = manifests.flatMap((manifest) =>
  kinds.map((kind) => [`${manifest.file} ${kind}`, storyOf(manifest, kind)] as const),
);

describe('a kubelet that is killed at every step, one run each, and started again', () => {
  test.each(stories)('ends as one that is not: %s', (name, story) => {
    const runs = compareRuns(story);
    const exception = exceptions[name];
    const wrong = runs.filter(({ step, same }) => !same && !exception?.steps.test(step));
    expect(wrong).toEqual([]);
    // An exception that does not happen any more is to be struck off.
    if (exception) expect(runs.some(({ same }) => !same)).toBe(true);
  });

  test.each(Object.entries(growth))('a volume grows all the same %s', (_, story) => {
    expect(compareRuns(story).filter(({ same }) => !same)).toEqual([]);
  });
});
