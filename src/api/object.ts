import type { ObjectMeta } from './types.ts';

/** Any object of the API. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** YAML text (any number of documents), an object, or a list of objects. */
export type Manifest = string | object | readonly object[];
