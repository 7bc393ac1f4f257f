import { expect, test } from 'vitest';
import { ApiError, type Manifest } from '../../src/api/index.ts';
import { server } from './validation/refusals.ts';

/** The refusal; undefined where there is none. */
function said(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.reason} ${error.code}: ${error.message}`;
  }
}

test('one without a schema is stored as it is, and said once', () => {
  const warnings: string[] = [];
  const api = server({ onWarning: (text) => warnings.push(text) });
  const thing = (name: string) => ({
    apiVersion: 'example.com/v1',
    kind: 'Thing',
    metadata: { name, namespace: 'default' },
    spec: { anything: [1, { goes: true }] },
  });
  api.apply([thing('a'), thing('b')]);
  expect(api.get('Thing', 'a')).toMatchObject({ spec: { anything: [1, { goes: true }] } });
  expect(warnings).toEqual(['Thing (example.com/v1) has no schema here: stored as it is']);
  api.apply(thing('c'));
  expect(warnings).toHaveLength(2);
});

test.each([
  ['pod', 'v1'],
  ['Pods', 'v1'],
  ['Pod', 'v2'],
  ['Deployment', 'v1'],
  ['Ingress', 'v1'],
  ['StorageClass', 'storage.k8s.io/v2'],
  ['Roles', 'rbac.authorization.k8s.io/v1'],
  ['VolumeSnapshots', 'snapshot.storage.k8s.io/v1'],
  ['StorageClass', 'v1'],
  ['Service', 'serving.knative.dev/v1'],
  ['Lease', '__proto__'],
])('there is no %s in %s', (kind, apiVersion) => {
  const object = { apiVersion, kind, metadata: { name: 'x' } };
  expect(said(() => server().create(object))).toBe(
    `NotFound 404: no matches for kind "${kind}" in version "${apiVersion}"`,
  );
});

test('those that it has without a schema here come and go with its versions', () => {
  const ingress = (apiVersion: string): Manifest => ({
    apiVersion,
    kind: 'Ingress',
    metadata: { name: 'x' },
  });
  const versions = (apiVersion: string): string[] =>
    ['1.5', '1.18', '1.19', '1.21', '1.22', 'all'].filter((version) => {
      return said(() => server({ version }).apply(ingress(apiVersion))) === undefined;
    });
  expect(versions('extensions/v1beta1')).toEqual(['1.5', '1.18', '1.19', '1.21', 'all']);
  expect(versions('networking.k8s.io/v1')).toEqual(['1.19', '1.21', '1.22', 'all']);
});

test('some of those are in no namespace', () => {
  const api = server();
  api.apply({ apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'x' } });
  expect(api.get('RuntimeClass', 'x')?.metadata.namespace).toBeUndefined();
});

const deployment = (apiVersion: string) => ({
  apiVersion,
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec: {
    selector: { matchLabels: { a: 'b' } },
    template: {
      metadata: { labels: { a: 'b' } },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    },
  },
});

test.each([
  ['extensions/v1beta1', '1.15', true],
  ['extensions/v1beta1', '1.16', false],
  ['apps/v1beta1', '1.5', false],
  ['apps/v1beta2', '1.8', true],
  ['apps/v1', '1.8', false],
  ['apps/v1', '1.9', true],
  ['apps/v1', undefined, true],
  ['extensions/v1beta1', undefined, true],
  ['apps/v9', undefined, false],
])('%s in %s: %s', (apiVersion, version, served) => {
  const refusal = `NotFound 404: no matches for kind "Deployment" in version "${apiVersion}"`;
  const api = server(version ? { version } : {});
  expect(said(() => api.create(deployment(apiVersion)))).toBe(served ? undefined : refusal);
});

test.each([
  [
    'batch/v1beta1',
    'CronJob',
    '1.21',
    'batch/v1beta1 CronJob is deprecated in v1.21+, unavailable in v1.25+; use batch/v1 CronJob',
  ],
  ['batch/v1beta1', 'CronJob', '1.20', undefined],
  ['scheduling.k8s.io/v1beta1', 'PriorityClass', '1.18', undefined],
  [
    'v1',
    'Endpoints',
    '1.33',
    'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  ],
  ['v1', 'ConfigMap', '1.33', undefined],
])('%s %s in %s: %s', (apiVersion, kind, version, warning) => {
  const warnings: string[] = [];
  const api = server({ version, onWarning: (text) => warnings.push(text) });
  said(() => api.create({ apiVersion, kind, metadata: { name: 'a' } }));
  expect(warnings).toEqual(warning === undefined ? [] : [warning]);
});
