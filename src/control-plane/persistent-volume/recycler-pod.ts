import type { NewObject } from '../../api/index.ts';
import type { RecyclerLimits } from '../../plugin/index.ts';
import type { Stored } from '../context.ts';
import { capacityOf } from './matching.ts';

const GIBIBYTE = 1024 ** 3;

const IMAGE = 'registry.k8s.io/build-image/debian-base:bookworm-v1.0.6';
const SCRIPT =
  'test -e /scrub && find /scrub -mindepth 1 -delete && test -z "$(ls -A /scrub)" || exit 1';

/** The name of the Pod that scrubs a volume: the same one each time, so that two cannot. */
export function recyclerName(volume: string): string {
  return `recycler-for-${volume}`;
}

/** The Pod that empties a volume. Models NewPersistentVolumeRecyclerPodTemplate of pkg/volume/plugins.go. */
export function recyclerPod(
  volume: Stored<'PersistentVolume'>,
  source: object,
  { minimumTimeoutSeconds, incrementSecondsPerGibibyte }: RecyclerLimits,
): NewObject {
  const gibibytes = Math.floor(capacityOf(volume) / GIBIBYTE);
  const timeout = Math.max(minimumTimeoutSeconds, gibibytes * incrementSecondsPerGibibyte);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: recyclerName(volume.metadata.name), namespace: 'default' },
    spec: {
      activeDeadlineSeconds: timeout,
      restartPolicy: 'Never',
      volumes: [{ name: 'vol', ...source }],
      containers: [
        {
          name: 'pv-recycler',
          image: IMAGE,
          command: ['/bin/sh'],
          args: ['-c', SCRIPT],
          volumeMounts: [{ name: 'vol', mountPath: '/scrub' }],
        },
      ],
    },
  };
}
