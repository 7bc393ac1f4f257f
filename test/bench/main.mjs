// npm run bench: ratios, each of two things measured in one run. Build first.
import { execFileSync } from 'node:child_process';
import { createCluster } from 'kubelet-volumes';
import { createKernel } from 'kubelet-volumes/kernel';
import { createFsFromVolume, Volume } from 'memfs';
import { api } from './api.mjs';
import { median, row, versus } from './measure.mjs';
import { fullNode, lives, many, memory, updates } from './pods.mjs';

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
lives();
many();
updates();
fullNode();
clusters();
memory();
api();
imports();
