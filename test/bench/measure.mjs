// Ratios of two things measured in turn (A B A B …) in one process: only those mean something on a shared machine.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Milliseconds that one call of `body` takes, over `count` calls. */
function time(body, count) {
  const start = performance.now();
  for (let i = 0; i < count; i++) body(i);
  return (performance.now() - start) / count;
}

/** Times both in turn; `ratio` is the median of a ÷ b in time, so that below 1 means a is faster. */
export function versus(a, b, { count = 100, otherCount = count, runs = 9, warmups = 3 } = {}) {
  const times = [];
  for (let run = -warmups; run < runs; run++) {
    const one = time(a, count);
    const two = time(b, otherCount);
    if (run >= 0) times.push([one, two]);
  }
  return {
    a: median(times.map(([one]) => one)),
    b: median(times.map(([, two]) => two)),
    ratio: median(times.map(([one, two]) => one / two)),
  };
}

export function row(name, value, must, good) {
  console.log(
    [
      name.padEnd(64),
      String(value).padStart(12),
      `must ${must}`.padStart(14),
      good ? `aim ${good}` : '',
    ].join('  '),
  );
}

/** Collects all that nobody holds; gives the bytes of heap and buffers that are left. */
export function heap() {
  for (let i = 0; i < 4; i++) gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Bytes that each of `count` things takes: what `make` gives is held, and so is what it leaves elsewhere. */
export function bytesEach(count, make) {
  const kept = new Array(count).fill(undefined);
  make(-1);
  const before = heap();
  for (let i = 0; i < count; i++) kept[i] = make(i);
  const bytes = Math.round((heap() - before) / count);
  return kept.length === count ? bytes : 0;
}
