import { describe, expect, test } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../src/index.ts';

const DIRECTORY = '/etc/kubernetes/manifests';
const WEB = `${DIRECTORY}/web.yaml`;

const manifest = (image = 'nginx', more = ''): string => `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  terminationGracePeriodSeconds: 5
  containers:
  - name: c
    image: ${image}
    volumeMounts: [{ name: v, mountPath: /v }]
  volumes: [{ name: v, emptyDir: {} }]
${more}`;

function start(files: Record<string, string> = {}, options: ClusterOptions = {}): Cluster {
  const cluster = createCluster({ nodes: [{ name: 'n', files }], ...options });
  cluster.images.add('stubborn', function* (process) {
    process.on('SIGTERM', () => undefined);
    yield* process.sleep('10h');
  });
  cluster.settle();
  return cluster;
}

const pods = (cluster: Cluster): string[] =>
  cluster.list('Pod').map(({ metadata }) => metadata.name);
const write = (cluster: Cluster, text: string, path = WEB): void => {
  cluster.node().fs.mkdirSync(DIRECTORY, { recursive: true });
  cluster.node().fs.writeFileSync(path, text);
};
const directories = (cluster: Cluster): string[] =>
  cluster.node().fs.readdirSync('/var/lib/kubelet/pods');

describe('2.6 static pods', () => {
  test('run from a file; the API shows them under another uid', () => {
    const cluster = start({ [WEB]: manifest() });
    const { object, uid } = cluster.pod('web-n');
    expect(object).toMatchObject({
      metadata: {
        annotations: { 'kubernetes.io/config.source': 'file' },
        ownerReferences: [{ kind: 'Node', name: 'n', controller: true }],
      },
      spec: { nodeName: 'n', tolerations: [{ operator: 'Exists', effect: 'NoExecute' }] },
      status: { phase: 'Running' },
    });
    const hash = object.metadata.annotations?.['kubernetes.io/config.hash'] ?? '';
    expect(hash).toMatch(/^[0-9a-f]{32}$/);
    expect(object.metadata.annotations?.['kubernetes.io/config.mirror']).toBe(hash);
    expect(uid).not.toBe(hash);
    expect(directories(cluster)).toEqual([hash]);
    expect(cluster.pod('web-n').volume('v')).toMatchObject({
      state: 'mounted',
      path: `/var/lib/kubelet/pods/${hash}/volumes/kubernetes.io~empty-dir/v`,
    });
    cluster.pod('web-n').container().fs.writeFileSync('/v/x', 'x');
  });

  test('are seen as soon as they are written, and end when the file is gone', () => {
    const cluster = start({ [`${DIRECTORY}/.hidden`]: manifest() });
    expect(pods(cluster)).toEqual([]);
    const before = cluster.now.getTime();
    write(cluster, manifest());
    cluster.settle();
    expect(cluster.pod('web-n').phase).toBe('Running');
    expect(cluster.now.getTime() - before).toBeLessThan(2000);
    cluster.node().fs.unlinkSync(WEB);
    cluster.settle();
    expect(pods(cluster)).toEqual([]);
    expect(directories(cluster)).toEqual([]);
  });

  test('also when the directory comes later: within 20 s', () => {
    const cluster = start();
    write(cluster, manifest());
    cluster.advance('21s');
    expect(cluster.pod('web-n').phase).toBe('Running');
    cluster.node().fs.rmSync(DIRECTORY, { recursive: true });
    cluster.advance('30s');
    expect(pods(cluster)).toEqual([]);
  });

  test('an edit is another Pod: it waits until the old one has ended', () => {
    const cluster = start({ [WEB]: manifest('stubborn') });
    const [old] = directories(cluster);
    write(cluster, manifest());
    cluster.advance('4s');
    expect(directories(cluster)).toEqual([old]);
    cluster.settle();
    expect(cluster.pod('web-n').object.spec.containers[0]?.image).toBe('nginx');
    expect(cluster.pod('web-n').phase).toBe('Running');
    expect(directories(cluster)).toHaveLength(1);
    expect(directories(cluster)).not.toEqual([old]);
  });

  test('another order of fields, or a comment, is the same Pod', () => {
    const cluster = start({ [WEB]: manifest() });
    const { uid } = cluster.pod('web-n');
    write(cluster, `# a comment\n${manifest()}`);
    cluster.settle();
    expect(cluster.pod('web-n').uid).toBe(uid);
  });

  test('the same uid once more: what the old one had is gone before the new one starts', () => {
    const text = manifest('stubborn').replace('name: web', 'name: web, uid: fixed');
    const cluster = start({ [WEB]: text });
    cluster.pod('web-n').container().fs.writeFileSync('/v/x', 'old');
    cluster.node().fs.unlinkSync(WEB);
    cluster.advance('2s');
    write(cluster, text);
    cluster.settle();
    expect(cluster.pod('web-n').phase).toBe('Running');
    expect(cluster.pod('web-n').container().fs.readdirSync('/v')).toEqual([]);
  });

  test('a mirror that somebody deletes comes back; the Pod itself runs on', () => {
    const cluster = start({ [WEB]: manifest() });
    const { uid } = cluster.pod('web-n');
    for (const options of [{}, { force: true, gracePeriodSeconds: 0 }]) {
      cluster.delete('Pod', 'web-n', options);
      cluster.settle();
      expect(cluster.pod('web-n').uid).not.toBe(uid);
      expect(cluster.pod('web-n').phase).toBe('Running');
      expect(cluster.pod('web-n').container().restartCount).toBe(0);
    }
  });

  test('a kubelet that starts again keeps it; a file that went meanwhile ends it', () => {
    const cluster = start({ [WEB]: manifest() });
    cluster.pod('web-n').container().fs.writeFileSync('/v/x', 'kept');
    cluster.node().kubelet.restart();
    cluster.settle();
    expect(cluster.pod('web-n').container().fs.readFileSync('/v/x', 'utf8')).toBe('kept');
    expect(cluster.pod('web-n').container().restartCount).toBe(0);
    cluster.node().kubelet.stop();
    cluster.node().fs.unlinkSync(WEB);
    cluster.node().kubelet.start();
    cluster.settle();
    expect(pods(cluster)).toEqual([]);
    expect(directories(cluster)).toEqual([]);
  });

  test('need no API server: the mirror is made when the Node is there', () => {
    const cluster = start({ [WEB]: manifest() });
    cluster.node().kubelet.stop();
    cluster.delete('Node', 'n');
    cluster.delete('Pod', 'web-n', { force: true, gracePeriodSeconds: 0 });
    cluster.settle();
    expect(pods(cluster)).toEqual([]);
    cluster.node().kubelet.start();
    cluster.settle();
    expect(cluster.pod('web-n').phase).toBe('Running');
  });

  test.each([
    ['text', 'couldn’t', '{{{'],
    [
      'another kind',
      'invalid pod: ConfigMap',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }',
    ],
    [
      'a rule that is broken',
      'spec.containers: Required value',
      'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: {}',
    ],
    [
      'an object of the API',
      'static pods may not reference secrets',
      manifest().replace('emptyDir: {}', 'secret: { secretName: s }'),
    ],
    [
      'a claim',
      'static pods may not reference persistentvolumeclaims',
      manifest().replace('emptyDir: {}', 'persistentVolumeClaim: { claimName: s }'),
    ],
  ])('%s is logged and passed over', (_, why, text) => {
    const cluster = start({ [`${DIRECTORY}/bad.yaml`]: text, [WEB]: manifest() });
    expect(pods(cluster)).toEqual(['web-n']);
    const said = cluster.trace.records.find(
      (record) => record.type === 'log' && record.message.includes('bad.yaml'),
    );
    expect(said).toMatchObject({
      message: expect.stringContaining(
        "/etc/kubernetes/manifests/bad.yaml: couldn't parse as pod(",
      ),
    });
    if (why !== 'couldn’t') expect(said).toMatchObject({ message: expect.stringContaining(why) });
  });

  test('up to 1.33 objects of the API could be named', () => {
    const text = manifest().replace('emptyDir: {}', 'configMap: { name: s, optional: true }');
    expect(pods(start({ [WEB]: text }, { kubernetesVersion: '1.33' }))).toEqual(['web-n']);
    expect(pods(start({ [WEB]: text }, { kubernetesVersion: '1.34' }))).toEqual([]);
  });

  test('another directory, by configuration', () => {
    const kubeletConfiguration = { staticPodPath: '/srv/pods/' };
    const files = {
      '/srv/pods/web.json': JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'j' },
        spec: { containers: [{ name: 'c', image: 'i' }] },
      }),
    };
    const cluster = createCluster({ nodes: [{ name: 'n', files, kubeletConfiguration }] });
    cluster.settle();
    expect(pods(cluster)).toEqual(['j-n']);
  });
});

describe('2.6 what goes wrong with them', () => {
  test('a directory that cannot be read is read again within 20 s', () => {
    const cluster = start({ [`${DIRECTORY}/.keep`]: '' });
    cluster.advance('1s');
    cluster.faults.fail('ReadManifests', { times: 1, error: 'it broke' });
    write(cluster, manifest());
    cluster.advance('1s');
    expect(cluster.list('Pod')).toEqual([]);
    cluster.advance('20s');
    expect(cluster.list('Pod').map(({ metadata }) => metadata.name)).toEqual(['web-n']);
  });

  test('a mirror that cannot be made is made by a later sync; one that cannot go goes later', () => {
    const cluster = start();
    cluster.faults.fail('CreateMirrorPod', { times: 2, error: 'it broke' });
    write(cluster, manifest());
    cluster.advance('10s');
    expect(cluster.list('Pod')).toEqual([]);
    cluster.advance('90s');
    expect(cluster.pod('web-n').phase).toBe('Running');
    cluster.faults.fail('DeleteMirrorPod', { times: 1, error: 'it broke' });
    cluster.node().fs.rmSync(WEB);
    cluster.advance('1m');
    expect(cluster.list('Pod')).toEqual([]);
  });
});
