// Ratios of two things measured in turn (A B A B …) in one process: only those mean something on a shared machine.

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
