// npm run bench: ratios, each of two things measured in one run. Build first.
import { execFileSync } from 'node:child_process';
import { createCluster } from 'kubelet-volumes';
import { createKernel } from 'kubelet-volumes/kernel';
import { createFsFromVolume, Volume } from 'memfs';
import { median, row, versus } from './measure.mjs';
import { PodsOnMemfs } from './pod-on-memfs.mjs';

const keys = { a: 'a'.repeat(100), b: 'b'.repeat(100), c: 'c'.repeat(100) };
const pod = (name) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    automountServiceAccountToken: false,
    containers: [
      {
        name: 'main',
        image: 'busybox',
        volumeMounts: [
          { name: 'cache', mountPath: '/data' },
          { name: 'config', mountPath: '/etc/config' },
          { name: 'secret', mountPath: '/etc/secret' },
        ],
      },
    ],
    volumes: [
      { name: 'cache', emptyDir: {} },
      { name: 'config', configMap: { name: 'config' } },
      { name: 'secret', secret: { secretName: 'secret' } },
    ],
  },
});

function filledCluster(live) {
  const cluster = createCluster({
    trace: 'off',
    nodes: [{ name: 'node-1', capacity: { pods: '100000', cpu: '100000' } }],
  });
  cluster.settle();
  cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data: keys });
  cluster.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'secret' },
    stringData: keys,
  });
  for (let i = 0; i < live; i++) cluster.apply(pod(`live-${i}`));
  cluster.settle();
  return cluster;
}

function podLife() {
  const cluster = filledCluster(100);
  const memfs = new PodsOnMemfs();
  const kept = Array.from({ length: 100 }, (_, i) => memfs.start(`live-${i}`));
  let n = 0;
  const { a, b, ratio } = versus(
    () => {
      const name = `p-${n++}`;
      cluster.apply(pod(name));
      cluster.settle();
      if (cluster.pod(name).phase !== 'Running')
        throw new Error(`${name} is ${cluster.pod(name).phase}`);
      cluster.delete('Pod', name, { gracePeriodSeconds: 0, force: true });
      cluster.settle();
    },
    () => {
      const uid = `00000000-0000-4000-8000-${n++}`;
      kept[0] = memfs.start(uid);
      memfs.remove(uid);
    },
    { count: 60, runs: 9 },
  );
  row(
    `goal 2: a Pod's life (${(1000 / a).toFixed(0)}/s against ${(1000 / b).toFixed(0)}/s)`,
    (1 / ratio).toFixed(2),
    '>= 0.5',
    '1.0',
  );
}

function clusters() {
  const { a, b, ratio } = versus(
    () => createCluster(),
    () => createFsFromVolume(new Volume()),
    { count: 100 },
  );
  row(
    `goal 7: createCluster (${(a * 1000).toFixed(0)} us against ${(b * 1000).toFixed(0)} us)`,
    ratio.toFixed(1),
    '<= 40',
    '15',
  );
}

function faces() {
  const deep = '/m/a/b/c/d/e/f/g/file';
  const namespace = createKernel().rootNamespace;
  const ours = namespace.fs();
  ours.mkdirSync('/m/a', { recursive: true });
  namespace.mount({ type: 'tmpfs', source: 't', target: '/m/a' });
  const raw = new Volume();
  for (const fs of [ours, raw]) {
    fs.mkdirSync('/m/a/b/c/d/e/f/g', { recursive: true });
    fs.writeFileSync(deep, 'x'.repeat(100));
  }
  const calls = {
    read: (fs) => fs.readFileSync(deep, 'utf8'),
    stat: (fs) => fs.statSync(deep),
    readdir: (fs) => fs.readdirSync('/m/a/b/c/d/e/f/g'),
    write: (fs) => fs.writeFileSync(deep, 'y'.repeat(24)),
    'create + rename + unlink': (fs) => {
      fs.writeFileSync('/m/a/b/c/d/e/f/g/n', 'y');
      fs.renameSync('/m/a/b/c/d/e/f/g/n', '/m/a/b/c/d/e/f/g/o');
      fs.unlinkSync('/m/a/b/c/d/e/f/g/o');
    },
  };
  for (const [name, call] of Object.entries(calls)) {
    const { ratio } = versus(
      () => call(ours),
      () => call(raw),
      { count: 3000, runs: 7 },
    );
    row(
      `goal 1: ${name}, 8 deep through a mount, against raw memfs`,
      (1 / ratio).toFixed(2),
      '>= 0.8',
      '1.0',
    );
  }
}

function imports() {
  const one = (code) => {
    const start = performance.now();
    execFileSync(process.execPath, ['--input-type=module', '-e', code]);
    return performance.now() - start;
  };
  const ratios = [];
  for (let run = -1; run < 7; run++) {
    const nothing = one('');
    const ours = one("import 'kubelet-volumes'") - nothing;
    const memfs = one("import 'memfs'") - nothing;
    if (run >= 0) ratios.push(ours / memfs);
  }
  row('goal 10: import, against import of memfs', median(ratios).toFixed(2), '<= 2.0', '1.4');
}

faces();
podLife();
clusters();
imports();
