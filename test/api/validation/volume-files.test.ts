import { describe, expect, test } from 'vitest';
import type { Pod } from '../../../src/api/index.ts';
import { createVersionRules, Store } from '../../../src/api/index.ts';
import { validateUpdate } from '../../../src/api/validation/index.ts';
import { Random } from '../../../src/sim/index.ts';
import { MODE, refusals, SUBDOMAIN, undefaulted, updateErrors, volumeErrors } from './refusals.ts';

const RESERVED = "must not start with '..'";
const QUALIFIED =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const BYTES = '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei';
const RESOURCES =
  '"limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"';

/** One file of a downwardAPI volume. */
function file(item: object): string[] {
  return volumeErrors({ downwardAPI: { items: [{ path: 'f', ...item }] } });
}
const field = (fieldPath: string, more = {}): string[] =>
  file({ fieldRef: { fieldPath, ...more } });
const resource = (reference: object): string[] =>
  file({ resourceFieldRef: { containerName: 'c', ...reference } });

describe('downwardAPI', () => {
  test('V36a modes', () => {
    const items = [{ path: 'f', fieldRef: { fieldPath: 'metadata.name' }, mode: -1 }];
    expect(volumeErrors({ downwardAPI: { defaultMode: 0o1000, items } })).toEqual([
      `.downwardAPI.defaultMode: Invalid value: 512: ${MODE}`,
      `.downwardAPI.mode: Invalid value: -1: ${MODE}`,
    ]);
  });

  test('V36b path', () => {
    const fieldRef = { fieldPath: 'metadata.name' };
    expect(file({ path: '', fieldRef })).toEqual(['.downwardAPI.path: Required value']);
    expect(file({ path: '..a', fieldRef })).toEqual([
      `.downwardAPI.path: Invalid value: "..a": ${RESERVED}`,
    ]);
    expect(file({ path: 'a/..b', fieldRef })).toEqual([]);
  });

  test('V36b the errors of two files are one: they have no index', () => {
    const items = [{ path: '..a', fieldRef: { fieldPath: 'metadata.name' } }];
    expect(volumeErrors({ downwardAPI: { items: [...items, ...items] } })).toHaveLength(1);
  });

  test('V36c not both', () => {
    const resourceFieldRef = { containerName: 'c', resource: 'limits.cpu' };
    expect(file({ fieldRef: { fieldPath: 'metadata.name' }, resourceFieldRef })).toEqual([
      '.downwardAPI: Invalid value: "resource": fieldRef and resourceFieldRef can not be specified simultaneously',
    ]);
  });

  test('V36d one of two', () => {
    expect(file({})).toEqual([
      '.downwardAPI: Required value: one of fieldRef and resourceFieldRef is required',
    ]);
  });

  test('V36e fieldPath; apiVersion is v1', () => {
    expect(field('')).toEqual(['.downwardAPI.fieldRef.fieldPath: Required value']);
    expect(field('metadata.name', { apiVersion: 'v2' })).toEqual([
      '.downwardAPI.fieldRef.fieldPath: Invalid value: "metadata.name": error converting fieldPath: unsupported pod version: v2',
    ]);
  });

  test('V36e without defaults apiVersion is required', () => {
    const fieldRef = { fieldPath: 'metadata.name' };
    const volume = { name: 'v', downwardAPI: { items: [{ path: 'f', fieldRef }] } };
    expect(undefaulted({ volumes: [volume] })).toContain(
      'spec.volumes[0].downwardAPI.fieldRef.apiVersion: Required value',
    );
  });

  test('V36f a field that there is not', () => {
    expect(field('spec.foo')).toEqual([
      '.downwardAPI.fieldRef.fieldPath: Invalid value: "spec.foo": error converting fieldPath: field label not supported: spec.foo',
    ]);
  });

  test.each(['spec.nodeName', 'status.podIP', 'spec.serviceAccountName'])(
    'V36g %s is for variables only',
    (path) => {
      expect(field(path)).toEqual([
        `.downwardAPI.fieldRef.fieldPath: Unsupported value: "${path}": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"`,
      ]);
    },
  );

  test('V36g spec.host is an old name', () => {
    expect(field('spec.host')[0]).toContain('Unsupported value: "spec.nodeName"');
  });

  test('V36h a subscript of something else', () => {
    expect(field("metadata.name['a']")).toEqual([
      `.downwardAPI.fieldRef.fieldPath: Invalid value: "metadata.name['a']": error converting fieldPath: field label does not support subscript: metadata.name['a']`,
    ]);
  });

  test('V36i the key of a label or annotation', () => {
    expect(field("metadata.labels['']")).toEqual([
      '.downwardAPI.fieldRef: Invalid value: "": name part must be non-empty',
      `.downwardAPI.fieldRef: Invalid value: "": ${QUALIFIED}`,
    ]);
    expect(field("metadata.annotations['A-']")).toEqual([
      `.downwardAPI.fieldRef: Invalid value: "a-": ${QUALIFIED}`,
    ]);
    expect(field("metadata.annotations['Example.com/A']")).toEqual([]);
    expect(field("metadata.labels['Example.com/A']")).toHaveLength(1);
  });

  test('V36j containerName', () => {
    expect(resource({ containerName: '', resource: 'x' })).toEqual([
      '.downwardAPI.resourceFieldRef.containerName: Required value',
    ]);
    expect(resource({ containerName: 'nobody', resource: 'limits.cpu' })).toEqual([]);
  });

  test('V36k resource', () => {
    expect(resource({ resource: '' })).toEqual([
      '.downwardAPI.resourceFieldRef.resource: Required value',
    ]);
    expect(resource({ resource: 'limits.gpu' })).toEqual([
      `.downwardAPI.resourceFieldRef.resource: Unsupported value: "limits.gpu": supported values: ${RESOURCES}`,
    ]);
    expect(resource({ resource: 'requests.hugepages-2Mi' })).toEqual([]);
  });

  test.each([
    ['limits.cpu', '1Ki', "only divisor's values 1m and 1 are supported with the cpu resource"],
    [
      'limits.memory',
      '2Ki',
      `only divisor's values ${BYTES} are supported with the memory resource`,
    ],
    [
      'requests.ephemeral-storage',
      '1m',
      `only divisor's values ${BYTES} are supported with the local ephemeral storage resource`,
    ],
    [
      'limits.hugepages-2Mi',
      '10',
      `only divisor's values ${BYTES} are supported with the hugepages resource`,
    ],
  ])('V36l divisor of %s: not %s', (name, divisor, text) => {
    expect(resource({ resource: name, divisor })).toEqual([
      `.downwardAPI.resourceFieldRef.divisor: Invalid value: "${name}": ${text}`,
    ]);
  });

  test('V36l divisors that are fine', () => {
    expect(resource({ resource: 'limits.cpu', divisor: '0.001' })).toEqual([]);
    expect(resource({ resource: 'limits.cpu', divisor: '0' })).toEqual([]);
    expect(resource({ resource: 'limits.memory', divisor: '1024Ki' })).toEqual([]);
  });
});

const projected = (...sources: object[]): string[] => volumeErrors({ projected: { sources } });
const at = '.projected.sources[0]';
const duplicate = (value: string): string =>
  `.projected: Invalid value: "${value}": conflicting duplicate paths`;
const items = (...paths: string[]): object[] => paths.map((path) => ({ key: 'k', path }));

describe('projected', () => {
  test('V37a defaultMode', () => {
    expect(volumeErrors({ projected: { defaultMode: 0o1000 } })).toEqual([
      `.projected.defaultMode: Invalid value: 512: ${MODE}`,
    ]);
  });

  test('V37b one kind per source', () => {
    const both = { secret: { name: 's' }, configMap: { name: 'c' } };
    expect(projected(both)).toEqual([
      `${at}: Forbidden: may not specify more than 1 volume type per source`,
    ]);
    expect(volumeErrors({ projected: { sources: [both] } }, { version: '1.30' })).toEqual([
      `${at}: Forbidden: may not specify more than 1 volume type`,
    ]);
    // What is wrong with each comes first.
    expect(projected({ secret: {}, configMap: {} })).toEqual([
      `${at}.secret.name: Required value`,
      `${at}.configMap.name: Required value`,
      `${at}: Forbidden: may not specify more than 1 volume type per source`,
    ]);
  });

  test('V37c no kind, no sources: fine', () => {
    expect(projected({})).toEqual([]);
    expect(projected()).toEqual([]);
    expect(volumeErrors({ projected: {} })).toEqual([]);
  });

  test('V37d names', () => {
    expect(projected({ secret: {} })).toEqual([`${at}.secret.name: Required value`]);
    expect(projected({ configMap: { name: '' } })).toEqual([
      `${at}.configMap.name: Required value`,
    ]);
  });

  test('V37e items', () => {
    expect(
      projected({ secret: { name: 's', items: [{ key: '', path: '..a', mode: -1 }] } }),
    ).toEqual([
      `${at}.secret.items[0].key: Required value`,
      `${at}.secret.items[0].path: Invalid value: "..a": ${RESERVED}`,
      `${at}.secret.items[0].mode: Invalid value: -1: ${MODE}`,
    ]);
  });

  test('V37f the same path in two sources', () => {
    const secret = { name: 's', items: items('a') };
    expect(projected({ secret }, { configMap: { name: 'c', items: items('a') } })).toEqual([
      duplicate('c'),
    ]);
    const downwardAPI = { items: [{ path: 'a', fieldRef: { fieldPath: 'metadata.name' } }] };
    expect(projected({ secret }, { downwardAPI })).toEqual([duplicate('a')]);
    expect(projected({ secret: { name: 's', items: items('a', 'a') } })).toEqual([duplicate('s')]);
  });

  test('V37f paths are texts, and those of keys are not known', () => {
    const secret = { name: 's', items: items('a', './a', 'a/b') };
    expect(
      projected({ secret }, { configMap: { name: 'c' } }, { configMap: { name: 'c' } }),
    ).toEqual([]);
    expect(projected({ secret }, { serviceAccountToken: { path: 'a' } })).toEqual([]);
  });

  test('V37g, V37h expirationSeconds', () => {
    const token = (expirationSeconds: number): string[] =>
      projected({ serviceAccountToken: { path: 't', expirationSeconds } });
    const said = `${at}.serviceAccountToken.expirationSeconds: Invalid value`;
    expect(token(599)).toEqual([`${said}: 599: may not specify a duration less than 10 minutes`]);
    expect(token(2 ** 32 + 1)).toEqual([
      `${said}: 4294967297: may not specify a duration larger than 2^32 seconds`,
    ]);
    expect([...token(600), ...token(2 ** 32)]).toEqual([]);
  });

  test('V37i the path of a token, at the volume', () => {
    expect(projected({ serviceAccountToken: { path: '' } })).toEqual([
      '.projected.path: Required value',
    ]);
    expect(projected({ serviceAccountToken: { path: '/t' } })).toEqual([
      '.projected.path: Invalid value: "/t": must be a relative path',
    ]);
  });

  test('V37i a Pod from before the rule may keep its path', () => {
    const volume = {
      name: 'v',
      projected: { sources: [{ serviceAccountToken: { path: '/t', expirationSeconds: 600 } }] },
    };
    const account = { serviceAccountName: 'default' };
    expect(undefaulted({ volumes: [volume], ...account })).toContain(
      'spec.volumes[0].projected.path: Invalid value: "/t": must be a relative path',
    );
    const store = new Store({ clock: { now: 0 }, random: new Random(0) });
    const made = (labels: Record<string, string>): Pod => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default', labels } as unknown as Pod['metadata'],
      spec: {
        ...account,
        restartPolicy: 'Always',
        dnsPolicy: 'ClusterFirst',
        containers: [
          { name: 'c', image: 'i', imagePullPolicy: 'Always', terminationMessagePolicy: 'File' },
        ],
        volumes: [volume],
      },
      status: { phase: 'Pending' },
    });
    const context = { rules: createVersionRules(), store };
    const change = (): void => validateUpdate(made({ a: 'b' }), made({}), context, undefined);
    expect(refusals(change)).toEqual([]);
  });

  test('V37j a token needs an account', () => {
    const source = { serviceAccountToken: { path: 't', expirationSeconds: 600 } };
    expect(undefaulted({ volumes: [{ name: 'v', projected: { sources: [source] } }] })).toContain(
      'spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set',
    );
  });

  const bundle = (clusterTrustBundle: object): string[] =>
    volumeErrors(
      { projected: { sources: [{ clusterTrustBundle: { path: 'b', ...clusterTrustBundle } }] } },
      { gates: { ClusterTrustBundleProjection: true } },
    );

  test('V37k name or signerName, not both', () => {
    expect(bundle({ name: 'n', signerName: 'example.com/s' })).toEqual([
      `${at}.clusterTrustBundle: Invalid value: {"path":"b","name":"n","signerName":"example.com/s"}: only one of name and signerName may be used`,
    ]);
  });

  test('V37l one of them', () => {
    expect(bundle({})).toEqual([
      `${at}.clusterTrustBundle: Required value: either name or signerName must be specified`,
    ]);
  });

  test('V37m name', () => {
    expect(bundle({ name: '' })[0]).toBe(
      `${at}.clusterTrustBundle.name: Required value: must be a valid object name`,
    );
    expect(bundle({ name: 'N' })[0]).toMatch(
      'not a valid clustertrustbundlename: a lowercase RFC 1123',
    );
    expect(bundle({ name: 'example.com:signer:n' })).toEqual([]);
    expect(bundle({ name: 'n', labelSelector: {} })).toEqual([
      `${at}.clusterTrustBundle.labelSelector: Invalid value: {}: labelSelector must be unset if name is specified`,
    ]);
  });

  test('V37n signerName and path', () => {
    const signer = `${at}.clusterTrustBundle.signerName`;
    expect(bundle({ signerName: '' })).toEqual([
      `${signer}: Required value: must be a valid signer name`,
      `${signer}: Required value`,
      `${signer}: Invalid value: "": must be a fully qualified domain and path of the form 'example.com/signer-name'`,
    ]);
    expect(bundle({ signerName: 'com/A' })).toEqual([
      `${signer}: Invalid value: "com": should be a domain with at least two segments separated by dots`,
      `${signer}: Invalid value: "A": validating label "A": ${SUBDOMAIN}`,
    ]);
    expect(bundle({ signerName: 'example.com/a.b' })).toEqual([]);
    expect(bundle({ name: 'n', path: '' })).toEqual([
      `${at}.clusterTrustBundle.path: Required value`,
    ]);
    expect(bundle({ name: 'n', path: '..a' })).toEqual([
      `${at}.clusterTrustBundle.path: Invalid value: "..a": ${RESERVED}`,
    ]);
  });

  const certificate = (podCertificate: object): string[] =>
    volumeErrors(
      {
        projected: {
          sources: [
            {
              podCertificate: {
                signerName: 'example.com/s',
                keyType: 'ED25519',
                keyPath: 'k',
                ...podCertificate,
              },
            },
          ],
        },
      },
      { version: '1.35', gates: { PodCertificateRequest: true } },
    );

  test('V37o keyType', () => {
    expect(certificate({ keyType: 'RSA' })).toEqual([
      `${at}.podCertificate.keyType: Unsupported value: "RSA": supported values: "RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"`,
    ]);
    expect(certificate({})).toEqual([]);
  });

  test('V37p maxExpirationSeconds', () => {
    const said = `${at}.podCertificate.maxExpirationSeconds: Invalid value`;
    expect(certificate({ maxExpirationSeconds: 3599 })).toEqual([
      `${said}: 3599: if provided, maxExpirationSeconds must be >= 3600`,
    ]);
    expect(certificate({ maxExpirationSeconds: 2 ** 31 - 1 })).toEqual([
      `${said}: 2147483647: if provided, maxExpirationSeconds must be <= 7862400`,
    ]);
    const signerName = 'kubernetes.io/a';
    expect(certificate({ signerName, maxExpirationSeconds: 86_401 })).toEqual([
      `${said}: 86401: if provided, maxExpirationSeconds must be <= 86400`,
    ]);
  });

  test('V37o signerName', () => {
    const signer = `${at}.podCertificate.signerName`;
    expect(certificate({ signerName: '' })).toEqual([
      `${signer}: Required value`,
      `${signer}: Invalid value: "": must be a fully qualified domain and path of the form 'example.com/signer-name'`,
    ]);
  });

  test('V37q one path of three', () => {
    expect(certificate({ keyPath: undefined })).toEqual([
      `${at}.podCertificate: Required value: specify at least one of credentialBundlePath, keyPath, and certificateChainPath`,
    ]);
  });
});

test('a Pod keeps what its volumes are', () => {
  const said = updateErrors({ volumes: [{ name: 'v', emptyDir: {} }] }, ({ spec }) => {
    spec.volumes = [{ name: 'v', hostPath: { path: '/' } }];
  });
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^spec: Forbidden: pod updates may not change fields other than/);
});
