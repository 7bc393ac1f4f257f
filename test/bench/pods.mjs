// Goals 2, 3, 4, 5 and 9: what Pods cost, and how that grows.
import { heap, median, row, versus } from './measure.mjs';
import { PodsOnMemfs } from './pod-on-memfs.mjs';
import { configMap, filledCluster, keys, live, pod } from './scene.mjs';

function seconds(body) {
  const start = performance.now();
  body();
  return (performance.now() - start) / 1000;
}

/** Goal 2. */
export function lives() {
  const cluster = filledCluster(100);
  const memfs = new PodsOnMemfs();
  const kept = Array.from({ length: 100 }, (_, i) => memfs.start(`live-${i}`));
  let n = 0;
  const { a, b, ratio } = versus(
    () => live(cluster, `p-${n++}`),
    () => {
      const uid = `00000000-0000-4000-8000-${n++}`;
      kept[0] = memfs.start(uid);
      memfs.remove(uid);
    },
    // Warm is after some thousand Pods: only then V8 has compiled all that a life goes through.
    { count: 60, runs: 9, warmups: 20 },
  );
  row(
    `goal 2: a Pod's life (${(1000 / a).toFixed(0)}/s against ${(1000 / b).toFixed(0)}/s)`,
    (1 / ratio).toFixed(2),
    '>= 0.5',
    '1.0',
  );
}

/** Goals 3 and 4, with the same 10,000 Pods. */
export function many() {
  const few = filledCluster(100);
  let large;
  const start = seconds(() => {
    large = filledCluster(10_000, { nodes: 100 });
  });
  let n = 0;
  const { a, b, ratio } = versus(
    () => live(large, `p-${n++}`),
    () => live(few, `p-${n++}`),
    { count: 40, runs: 7 },
  );
  row(
    `goal 3: a Pod among 10,000 on 100 nodes (${a.toFixed(2)} ms against ${b.toFixed(2)} ms)`,
    ratio.toFixed(2),
    '<= 1.5',
    '1.3',
  );
  days(large, few, start);
}

function days(large, few, start) {
  const pairs = Array.from({ length: 7 }, () => [
    seconds(() => large.advance('24h')),
    seconds(() => few.advance('24h')),
  ]);
  const day = median(pairs.map(([one]) => one));
  row(
    `goal 4: an idle day of 10,000 Pods (${(day * 1000).toFixed(1)} ms), of their start, %`,
    ((day / start) * 100).toFixed(2),
    '<= 0.5',
    '10 ms',
  );
  row(
    'goal 4: the same, against the day of 100 Pods',
    median(pairs.map(([one, other]) => one / other)).toFixed(2),
    '<= 3',
    '1.2',
  );
}

/** Goal 5. */
export function updates() {
  const one = filledCluster(1);
  const memfs = new PodsOnMemfs();
  memfs.start('one');
  let n = 0;
  const other = () => ({
    a: String(n++).padStart(100, 'a'),
    b: keys.b,
    c: String(n).padStart(100),
  });
  const update = (cluster, pods) => {
    const data = other();
    cluster.apply(configMap(data));
    cluster.advance('2m');
    for (const name of pods) {
      const seen = cluster.pod(name).container().fs.readFileSync('/etc/config/a', 'utf8');
      if (seen !== data.a) throw new Error(`${name} still reads ${seen}`);
    }
  };
  const single = versus(
    () => update(one, ['live-0']),
    () => memfs.update('one', other()),
    { count: 100, runs: 9 },
  );
  row(
    `goal 5: update of a ConfigMap (${(1000 / single.a).toFixed(0)}/s against ${(1000 / single.b).toFixed(0)}/s)`,
    (1 / single.ratio).toFixed(2),
    '>= 0.2',
    '0.5',
  );
  const thousand = filledCluster(1000);
  const names = Array.from({ length: 1000 }, (_, i) => `live-${i}`);
  const shared = versus(
    () => update(thousand, names),
    () => update(one, ['live-0']),
    { count: 1, otherCount: 100, runs: 7 },
  );
  row('goal 5: the same in 1,000 Pods, per Pod', (shared.ratio / 1000).toFixed(2), '<= 1.2', '0.7');
}

/** The real limit of a node. */
export function fullNode() {
  const cluster = filledCluster(0);
  for (let i = 0; i < 110; i++) cluster.apply(pod(`p-${i}`));
  const taken = seconds(() => cluster.settle());
  row(`110 Pods starting on one node, ms`, (taken * 1000).toFixed(0), '-', '');
}

/** Goal 9. */
export function memory() {
  const count = 500;
  const empty = filledCluster(1);
  const before = heap();
  for (let i = 0; i < count; i++) empty.apply(pod(`p-${i}`));
  empty.settle();
  const each = (heap() - before) / count;
  const memfs = new PodsOnMemfs();
  const start = heap();
  const kept = Array.from({ length: count }, (_, i) => memfs.start(`p-${i}`));
  const theirs = (heap() - start) / kept.length;
  row(
    `goal 9: bytes of a live Pod (${(each / 1000).toFixed(0)} kB against ${(theirs / 1000).toFixed(0)} kB)`,
    (each / theirs).toFixed(2),
    '<= 1.5',
    '1.0',
  );
  const used = filledCluster(1);
  // Events go after an hour, and what counts them remembers the last 4,096 of a source: both are full before it is measured.
  const settled = () => {
    used.advance('2h');
    used.events();
    return heap();
  };
  for (let i = 0; i < 4500; i++) live(used, `warm-${i}`);
  const kept0 = settled();
  for (let i = 0; i < 1000; i++) live(used, `p-${i}`);
  settled();
  row(
    'goal 9: bytes kept of a Pod that is gone',
    ((heap() - kept0) / 1000).toFixed(0),
    '<= 1000',
    '0',
  );
}
