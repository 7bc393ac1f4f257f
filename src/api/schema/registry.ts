import { containerTypes } from './container.ts';
import { coreTypes } from './core.ts';
import { metaTypes } from './meta.ts';
import { persistentVolumeTypes } from './persistent-volumes.ts';
import { podTypes } from './pod.ts';
import { snapshotTypes } from './snapshots.ts';
import { storageTypes } from './storage.ts';
import { volumeTypes } from './volumes.ts';
import { workloadTypes } from './workloads.ts';

/** Fields of one type of the API, each in the form that meta.ts explains. */
export type TypeSchema = Readonly<Record<string, string>>;

/** Every type of the API that has a schema, by upstream's name. Types of the project and decoding follow from it. */
export const schemas: Readonly<Record<string, TypeSchema>> = {
  ...metaTypes,
  NamespacedObjectMeta: { ...metaTypes.ObjectMeta, namespace: 'string!' },
  ...volumeTypes,
  ...persistentVolumeTypes,
  ...podTypes,
  ...containerTypes,
  ...coreTypes,
  ...storageTypes,
  ...snapshotTypes,
  ...workloadTypes,
};
