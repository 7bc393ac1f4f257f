import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  Directory,
  fail,
  isKernelError,
  Kernel,
  type MountNamespace,
  sys,
} from '../../src/kernel/index.ts';
import { SimpleModel } from './simple-model.ts';

const MAX_MOUNTS = 6;

/** One call, made on both. */
interface Both {
  readonly name: string;
  readonly ours: (namespace: MountNamespace) => void;
  readonly simple: (model: SimpleModel, space: number) => void;
}

const text = new TextEncoder();

function write(namespace: MountNamespace, path: string, content: string): void {
  new Directory(namespace.caller(), namespace.caller().cwd).writeFile(path, text.encode(content));
}

/** But for the root itself, which would become read-only. */
function unmount(namespace: MountNamespace, path: string, lazy: boolean): void {
  if (sys.walk(namespace.caller(), path).mount === namespace.root) fail('EINVAL');
  namespace.unmount(path, { lazy });
}

const names = fc.constantFrom('a', 'b', 'c');
const path = fc
  .array(fc.oneof({ weight: 9, arbitrary: names }, fc.constant('..')), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => `/${parts.join('/')}`);

const both: fc.Arbitrary<Both> = fc
  .record({ path, to: path, target: fc.oneof(path, names), content: names, flag: fc.boolean() })
  .chain(({ path, to, target, content, flag }) =>
    fc.constantFrom<Both[]>(
      {
        name: `mkdir ${path}`,
        ours: (n) => sys.mkdir(n.caller(), path),
        simple: (m, s) => m.mkdir(s, path),
      },
      {
        name: `mkdir ${to}`,
        ours: (n) => sys.mkdir(n.caller(), to),
        simple: (m, s) => m.mkdir(s, to),
      },
      {
        name: `write ${path}`,
        ours: (n) => write(n, path, content),
        simple: (m, s) => m.write(s, path, content),
      },
      {
        name: `symlink ${target} ${path}`,
        ours: (n) => sys.symlink(n.caller(), target, path),
        simple: (m, s) => m.symlink(s, target, path),
      },
      {
        name: `link ${path} ${to}`,
        ours: (n) => sys.link(n.caller(), path, to),
        simple: (m, s) => m.link(s, path, to),
      },
      {
        name: `unlink ${path}`,
        ours: (n) => sys.unlink(n.caller(), path),
        simple: (m, s) => m.remove(s, path, false),
      },
      {
        name: `rmdir ${path}`,
        ours: (n) => sys.rmdir(n.caller(), path),
        simple: (m, s) => m.remove(s, path, true),
      },
      {
        name: `rename ${path} ${to}`,
        ours: (n) => sys.rename(n.caller(), path, to),
        simple: (m, s) => m.rename(s, path, to),
      },
      {
        name: `mount ${path}`,
        ours: (n) => n.mount({ type: 'tmpfs', target: path }),
        simple: (m, s) => m.mount(s, path),
      },
      {
        name: `bind ${path} ${to} ${flag}`,
        ours: (n) => n.bind(path, to, { recursive: flag }),
        simple: (m, s) => m.bind(s, path, to, flag),
      },
      {
        name: `move ${path} ${to}`,
        ours: (n) => n.move(path, to),
        simple: (m, s) => m.move(s, path, to),
      },
      {
        name: `unmount ${path} ${flag}`,
        ours: (n) => unmount(n, path, flag),
        simple: (m, s) => m.unmount(s, path, flag),
      },
    ),
  );

/** A call in one of the namespaces, or a new namespace. */
const step = fc.record({
  space: fc.nat({ max: 2 }),
  call: fc.oneof({ weight: 30, arbitrary: both }, fc.constant('clone' as const)),
});

function succeeds(call: () => void): boolean {
  try {
    call();
    return true;
  } catch (error) {
    if (!isKernelError(error)) throw error;
    return false;
  }
}

/** Every path of a namespace and what is there. */
function picture(namespace: MountNamespace, at = '/'): string[] {
  const directory = new Directory(namespace.caller(), namespace.caller().cwd);
  const { mode } = directory.lstat(at);
  if ((mode & 0o170000) === 0o120000) return [`${at} -> ${directory.readlink(at)}`];
  if ((mode & 0o170000) === 0o100000) {
    return [`${at} ${new TextDecoder().decode(directory.readFile(at))}`];
  }
  const below = directory.readdir(at).map(({ name }) => `${at === '/' ? '' : at}/${name}`);
  return [`${at} dir`, ...below.sort().flatMap((name) => picture(namespace, name))];
}

test('files and mounts are those of a simple model that is written differently', () => {
  let done = 0;
  const property = fc.property(
    fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }),
    (steps) => {
      const spaces = [new Kernel({ mountMax: MAX_MOUNTS }).rootNamespace];
      const model = new SimpleModel(MAX_MOUNTS);
      for (const path of ['/a', '/b', '/a/a', '/a/b', '/b/a', '/a/a/b']) {
        for (const namespace of spaces) sys.mkdir(namespace.caller(), path);
        model.mkdir(0, path);
      }
      for (const [i, { space, call }] of steps.entries()) {
        const at = space % spaces.length;
        const namespace = spaces[at];
        if (namespace === undefined) continue;
        if (call === 'clone') {
          if (spaces.length === 3) continue;
          spaces.push(namespace.clone());
          model.clone(at);
          continue;
        }
        const expected = model.does(() => call.simple(model, at));
        const found = succeeds(() => call.ours(namespace));
        expect([i, call.name, found]).toEqual([i, call.name, expected]);
        if (found) done++;
      }
      for (const [i, namespace] of spaces.entries()) {
        expect(picture(namespace)).toEqual(model.picture(i));
        expect(namespace.mounts().length).toBe(model.points(i));
      }
    },
  );
  fc.assert(property, { numRuns: 400 });
  expect(done).toBeGreaterThan(1000);
});
