// npm run bench: ratios, each of two things measured in one run. Build first.
import { execFileSync } from 'node:child_process';
import { createCluster } from 'kubelet-volumes';
import { createFsFromVolume, Volume } from 'memfs';
import { bundle, gzipped } from '../bundle/bundle.mjs';
import { api } from './api.mjs';
import { faces, mounts, weights } from './kernel.mjs';
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

async function sizes() {
  const files = {
    kernel: 'src/kernel/index.ts',
    face: 'src/face/index.ts',
    library: 'src/index.ts',
    memfs: 'node_modules/memfs/lib/index.js',
  };
  const kB = {};
  for (const shimmed of [false, true]) {
    for (const [name, file] of Object.entries(files)) {
      const { code } = await bundle(file, { shimmed });
      kB[name] = gzipped(code) / 1000;
    }
    const how = shimmed ? 'with stand-ins for Node’s modules' : 'without Node’s modules';
    const each = Object.entries(kB).map(([name, size]) => `${name} ${size.toFixed(1)}`);
    console.log(`goal 10: gzipped kB ${how}: ${each.join(', ')}`);
    row(
      `goal 10: the library's bundle, of memfs's, ${how}`,
      (kB.library / kB.memfs).toFixed(2),
      '<= 3.0',
      '2.2',
    );
  }
}

/** What is measured, by name: `npm run bench -- kernel package` measures some of it. */
const sections = {
  kernel: [faces, mounts, weights],
  pods: [lives, clusters, many, updates, fullNode, memory],
  api: [api],
  package: [imports, sizes],
};
const wanted = process.argv.slice(2);
for (const [name, measures] of Object.entries(sections)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const measure of measures) await measure();
}
