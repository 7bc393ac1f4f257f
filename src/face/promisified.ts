const custom = Symbol.for('nodejs.util.promisify.custom');

type Bound = (...args: unknown[]) => unknown;

/** What the promise of a call with two results holds, under Node's names. */
const results: Readonly<Record<string, readonly [string, string]>> = {
  read: ['bytesRead', 'buffer'],
  readv: ['bytesRead', 'buffers'],
  write: ['bytesWritten', 'buffer'],
  writev: ['bytesWritten', 'buffers'],
};

/** Tells `util.promisify` what to make of calls whose callback is not `(error, result)`. Gives the same function. */
export function promisifiedForm(name: string, call: Bound): Bound {
  const names = Object.hasOwn(results, name) ? results[name] : undefined;
  if (names === undefined && name !== 'exists') return call;
  const form = names === undefined ? answers(call) : pairs(call, names);
  return Object.defineProperty(call, custom, { value: form, configurable: true });
}

function answers(call: Bound): Bound {
  return (...args) => new Promise((resolve) => call(...args, resolve));
}

function pairs(call: Bound, [count, data]: readonly [string, string]): Bound {
  return (...args) =>
    new Promise((resolve, reject) => {
      call(...args, (error: unknown, moved: unknown, buffer: unknown) => {
        if (error) reject(error);
        else resolve({ [count]: moved, [data]: buffer });
      });
    });
}
