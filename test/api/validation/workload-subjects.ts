import { type Fields, type Subject, subject } from './objects.ts';

export const METADATA: Fields = { name: 'x', namespace: 'default' };

/** A template of Pods with one container and a label. */
export function template(spec: Fields = {}, labels: Fields = { app: 'a' }): Fields {
  return { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'busybox' }], ...spec } };
}

export const selector: Fields = { matchLabels: { app: 'a' } };

/** Workloads of the group apps. */
export function workload(kind: string, more: Fields = {}): Subject {
  const spec = { selector, template: template(), ...more };
  return subject('apps/v1', kind, { metadata: METADATA, spec });
}
