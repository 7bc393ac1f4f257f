// What the API server costs: decoding, defaults, admission, validation and storing of one Pod of 2 kB.
import { createCluster } from 'kubelet-volumes';
import { parse, stringify } from 'yaml';
import { row, versus } from './measure.mjs';

const container = (name) => ({
  name,
  image: 'registry.example/app:1.2.3',
  command: ['/bin/app', '--verbose'],
  env: [
    { name: 'A', value: 'a' },
    { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  ],
  resources: {
    requests: { cpu: '100m', memory: '64Mi', 'ephemeral-storage': '100Mi' },
    limits: { cpu: '500m', memory: '128Mi' },
  },
  securityContext: { runAsUser: 1000, readOnlyRootFilesystem: true },
  volumeMounts: [
    { name: 'cache', mountPath: '/cache' },
    { name: 'config', mountPath: '/etc/config', readOnly: true },
    { name: 'secret', mountPath: '/etc/secret', readOnly: true },
    { name: 'info', mountPath: '/etc/info', subPath: 'labels' },
  ],
});

const pod = (name) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    labels: { app: 'web', tier: 'front', version: 'v1' },
    annotations: { 'example.com/note': 'x'.repeat(200) },
  },
  spec: {
    automountServiceAccountToken: false,
    initContainers: [container('init')],
    containers: [container('main'), container('side')],
    volumes: [
      { name: 'cache', emptyDir: { sizeLimit: '1Gi' } },
      { name: 'config', configMap: { name: 'config', items: [{ key: 'a', path: 'a' }] } },
      { name: 'secret', secret: { secretName: 'secret', defaultMode: 256 } },
      {
        name: 'info',
        downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
      },
    ],
  },
});

/** `create` against a copy of the object, and `create` of its text against reading it as YAML. */
export function api() {
  const cluster = createCluster({ controllers: false, trace: 'off' });
  cluster.settle();
  let n = 0;
  const object = versus(
    () => cluster.create(pod(`p-${n++}`)),
    () => structuredClone(pod(`p-${n++}`)),
    { count: 300, runs: 9 },
  );
  const size = JSON.stringify(pod('p')).length;
  const time = (object.a * 1000).toFixed(0);
  row(
    `API: create a Pod of ${size} B (${time} us), structuredClone of it`,
    object.ratio.toFixed(1),
    '-',
    '5',
  );
  const text = stringify(pod('NAME'));
  const yaml = versus(
    () => cluster.create(text.replace('NAME', `t-${n++}`)),
    () => parse(text.replace('NAME', `t-${n++}`)),
    { count: 40, runs: 9 },
  );
  row("API: create of its text, yaml's own parse", yaml.ratio.toFixed(2), '-', '1.3');
}
