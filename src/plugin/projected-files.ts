import { OperationError } from '../base/index.ts';
import type { Operation } from '../sim/index.ts';
import { writeAtomically } from './atomic-writer.ts';
import { setUpEmptyDirectory, tearDownEmptyDirectory } from './empty-directory.ts';
import { makeNestedMountPoints } from './nested-mount-points.ts';
import { setVolumeOwnership } from './ownership.ts';
import type { Payload } from './payload.ts';
import type { VolumeContext } from './types.ts';

/** Where the files of an API-backed volume lie: in memory, or (configMap) on the node's disk. */
export type FilesMedium = 'Memory' | '';

/**
 * Puts a payload into a volume: an emptyDir of its own below, the mount points of volumes inside it, and then the files, all at
 * once. When the writing fails the whole volume is torn down, also that of a running Pod: it cannot tell.
 * Models SetUpAt of pkg/volume/{secret,configmap,downwardapi,projected}.
 */
export function* setUpFiles(
  volume: VolumeContext,
  payload: Payload,
  medium: FilesMedium,
): Operation {
  yield* setUpEmptyDirectory(volume, { name: wrappedName(volume), medium });
  yield* makeNestedMountPoints(volume);
  try {
    yield* writeAtomically({
      files: volume.dir.files(),
      payload,
      now: volume.node.simulation.now,
      random: volume.node.random('atomic-writer', volume.pod.metadata.uid),
      setPermissions: () => setVolumeOwnership(volume, { readOnly: true }),
    });
  } catch (error) {
    if (error instanceof OperationError) yield* tearDownAfterFailure(volume);
    throw error;
  }
}

function* tearDownAfterFailure(volume: VolumeContext): Operation {
  try {
    yield* tearDownFiles(volume);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    volume.log('error', `error tearing down volume ${volume.spec.name} with : ${error.message}`);
  }
}

/** Removes the volume and what is in it. */
export function tearDownFiles(volume: VolumeContext): Operation {
  return tearDownEmptyDirectory(volume, wrappedName(volume));
}

/** The name of the emptyDir inside a volume. Models NewWrapperMounter of pkg/kubelet/volume_host.go. */
export function wrappedName({ spec }: Pick<VolumeContext, 'spec'>): string {
  return `wrapped_${spec.name}`;
}
