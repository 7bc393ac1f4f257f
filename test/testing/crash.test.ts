import { describe, expect, test } from 'vitest';
import { playWithBlow, projectionOf, stepsOf } from '../../src/testing/index.ts';
import { compareRuns, exceptions, growth, kinds, manifests, storyOf } from './stories.ts';

/** A sample: all of it is in test/long. */
const EVERY = 8;

const stories = manifests.flatMap((manifest) =>
  kinds.map((kind) => ({
    name: `${manifest.file} ${kind}`,
    story: storyOf(manifest, kind),
  })),
);

describe('a kubelet that is killed at a step and started again', () => {
  test.each(stories.map(({ name, story }) => [name, story] as const))(
    'ends as one that is not: %s',
    (name, story) => {
      const allowed = exceptions[name]?.steps;
      const wrong = compareRuns(story, EVERY).filter(
        ({ step, same }) => !same && !allowed?.test(step),
      );
      expect(wrong).toEqual([]);
    },
  );

  test.each(Object.entries(growth))('a volume grows all the same %s', (_, story) => {
    expect(stepsOf(story).map(({ operation }) => operation)).toContain('NodeExpandVolume');
    const undisturbed = story.start();
    story.play(undisturbed);
    expect(projectionOf(undisturbed).states['PersistentVolumeClaim data']).toBe('Bound 2Gi');
    expect(compareRuns(story, EVERY).filter(({ same }) => !same)).toEqual([]);
  });

  test('a file that is lost is seen', () => {
    const story = storyOf(manifests[0] as never, 'start');
    const play = (cluster: ReturnType<typeof story.start>): void => {
      story.play(cluster);
      const { fs } = cluster.pod('test-pd').container();
      if (cluster.trace.records.some(({ type }) => type === 'fault'))
        fs.writeFileSync('/cache/x', '');
    };
    const undisturbed = story.start();
    play(undisturbed);
    const wanted = projectionOf(undisturbed);
    expect(projectionOf(playWithBlow({ ...story, play }, 3))).not.toEqual(wanted);
  });

  test('steps are those of the node, each once', () => {
    const story = storyOf(manifests[0] as never, 'start');
    const steps = stepsOf(story).map(({ operation }) => operation);
    expect(steps.filter((step) => step === 'CreateContainer')).toEqual(['CreateContainer']);
    expect(steps.filter((step) => step === 'StartContainer')).toEqual(['StartContainer']);
    expect(steps).toContain('SetUp');
  });
});

describe('what upstream does not mend, either, happens', () => {
  const storyNamed = (name: string) => {
    const found = stories.find((story) => story.name === name);
    if (!found) throw new Error(`no story ${name}`);
    return found.story;
  };

  test('a repository that is half cloned keeps the Pod from starting', () => {
    const story = storyNamed('06-git-repo start');
    const at = stepsOf(story).findLastIndex(({ operation }) => operation === 'exec');
    const cluster = playWithBlow(story, at);
    const { stale: _stale, ...found } = projectionOf(cluster);
    expect(found.states).toEqual({ 'git-volume-pod': 'Pending, main waiting ContainerCreating' });
  });

  test('binds of subPaths of a hostPath stay when the kubelet dies while the Pod ends', () => {
    const story = storyNamed('07-sub-path delete');
    const at = stepsOf(story).findIndex(({ operation }) => operation === 'StopContainer');
    expect(projectionOf(playWithBlow(story, at)).mounts).toEqual({
      'node-1': [
        'gone/volume-subpaths/site/mysql/0 ext4 rw',
        'gone/volume-subpaths/site/php/0 ext4 rw',
      ],
    });
  });

  test('a second generation of files stays, and one that was not finished is no harm', () => {
    const story = storyNamed('09-projected start');
    const at = stepsOf(story).findIndex(
      ({ operation, path = '' }) => operation === 'chmod' && /all-in-one\/\.\.2024/.test(path),
    );
    const { stale, states } = projectionOf(playWithBlow(story, at));
    expect(stale).toEqual({ 'node-1': ['volume-test/all-in-one'] });
    expect(states['volume-test']).toMatch(/^Running/);
  });

  test('a container keeps the old files when the kubelet dies before it renames `..data_tmp`', () => {
    const story = storyNamed('09-projected update');
    const at = stepsOf(story).findIndex(
      ({ operation, path = '' }) => operation === 'rename' && /all-in-one/.test(path),
    );
    const view = projectionOf(playWithBlow(story, at)).views[
      'volume-test container-test /projected-volume'
    ];
    expect(view).toContain('..generation/my-group/my-config 644 0:0 b25l');
    expect(view).toContain('..data_tmp 777 0:0 -> ..generation');
  });

  test('a link stays when a kubelet of Windows dies before it removes `..data_tmp`', () => {
    const story = storyNamed('13-windows-empty-dir start');
    const at = stepsOf(story).findIndex(({ operation }) => operation === 'unlink');
    const { views } = projectionOf(playWithBlow(story, at));
    const of = (path: string): readonly string[] =>
      views[`empty-dir-pod empty-dir-nano ${path}`] ?? [];
    expect(of('/var/run/secrets/kubernetes.io/serviceaccount')).toContain(
      '..data_tmp 777 0:0 -> ..generation',
    );
    expect(of('/cache')).toEqual(['ntfs rw']);
    expect(of('C:/scratch')).toEqual(['ntfs rw']);
  });
});
