import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { bundle } from './bundle.mjs';

/** What every browser has, and no more. */
const browser = {
  AbortController,
  AbortSignal,
  Blob,
  EventTarget,
  ReadableStream,
  TextDecoder,
  TextEncoder,
  URL,
  atob,
  btoa,
  clearTimeout,
  queueMicrotask,
  setTimeout,
};

/** The bytes that another world's encoder gives are none of this world's Uint8Arrays. */
const ownEncoder = `{
  const Encoder = globalThis.TextEncoder;
  globalThis.TextEncoder = class { encode(text) { return Uint8Array.from(new Encoder().encode(text)); } };
}`;

/** Runs a script in a world of its own; gives what can be asked there. */
function load(code: string, globals: object): (expression: string) => unknown {
  const context = createContext({ ...globals });
  if ('TextEncoder' in globals) runInContext(ownEncoder, context);
  runInContext(code, context);
  return (expression) => runInContext(expression, context);
}

describe('in a browser', () => {
  test('the kernel is a script by itself: nothing of Node, nothing of a browser', async () => {
    const { code, external } = await bundle('src/kernel/index.ts');
    expect(external).toEqual([]);
    expect(code).not.toMatch(/\bnode:|\bBuffer\b|\bprocess\b|\brequire\(/);

    const ask = load(code, {});
    expect(
      ask(`(() => {
        const { rootNamespace } = new lib.Kernel();
        const caller = rootNamespace.caller();
        lib.sys.mkdir(caller, '/a');
        lib.sys.mkdir(caller, '/b');
        rootNamespace.bind('/a', '/b', { readOnly: true });
        lib.sys.mkdir(caller, '/a/c');
        let refused;
        try { lib.sys.rmdir(caller, '/b/c'); } catch (error) { refused = error.code; }
        return [lib.sys.readdir(caller, '/b')[0].name, refused, rootNamespace.mounts().length].join();
      })()`),
    ).toBe('c,EROFS,2');
  });

  test('the face is one with stand-ins for buffer, events, path, stream and url', async () => {
    const { code } = await bundle('src/face/index.ts', { shimmed: true });
    expect(code).not.toMatch(/\bfrom ?["']node:|\brequire\(["']node:/);

    const ask = load(code, browser);
    const answer = ask(`(async () => {
      const fs = lib.createKernel().rootNamespace.fs();
      fs.mkdirSync('/d/e', { recursive: true });
      const heard = [];
      const watcher = fs.watch('/d', (event, name) => heard.push(event + ' ' + name));
      await fs.promises.writeFile('/d/f', 'hello');
      let text = '';
      for await (const chunk of fs.createReadStream('/d/f', 'utf8')) text += chunk;
      const handle = await fs.promises.open('/d/f');
      const { bytesRead } = await handle.read();
      await handle.close();
      await fs.promises.cp('/d', '/copy', { recursive: true });
      watcher.close();
      const error = await fs.promises.stat('/none').catch((thrown) => thrown.message);
      return JSON.stringify([text, bytesRead, fs.readdirSync('/copy'), fs.globSync('**/f').sort(), heard, error]);
    })()`);
    expect(JSON.parse((await answer) as string)).toEqual([
      'hello',
      5,
      ['e', 'f'],
      ['copy/f', 'd/f'],
      ['rename f', 'change f'],
      "ENOENT: no such file or directory, stat '/none'",
    ]);
  });

  test('so is the whole library', async () => {
    const { code } = await bundle('src/index.ts', { shimmed: true });
    const ask = load(code, browser);
    expect(
      ask(`(() => {
        const cluster = lib.createCluster();
        cluster.apply({
          apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' },
          spec: {
            containers: [{ name: 'c', image: 'busybox', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
            volumes: [{ name: 'v', emptyDir: {} }],
          },
        });
        cluster.settle();
        const { fs } = cluster.pod('p').container();
        fs.writeFileSync('/v/x', 'kept');
        return fs.readFileSync('/v/x', 'utf8');
      })()`),
    ).toBe('kept');
  });
});
