import { compare, messageOf } from '../../base/index.ts';
import { type Operation, Signal, waitFor } from '../../sim/index.ts';
import type { Process } from './process.ts';

/** One command of a process: its arguments, and where its output goes. */
export interface CommandCall {
  readonly program: Process;
  readonly args: readonly string[];
  readonly print: (text: string) => void;
}

/** A program that every image has: its exit code. */
export type Command = (call: CommandCall) => Operation<number> | number;

/** The programs that need nothing but files and time. Models busybox. */
const COMMANDS: Readonly<Record<string, Command>> = {
  ':': () => 0,
  true: () => 0,
  false: () => 1,
  sleep,
  echo: ({ args, print }) => {
    const newline = args[0] !== '-n';
    print(`${(newline ? args : args.slice(1)).join(' ')}${newline ? '\n' : ''}`);
    return 0;
  },
  pwd: ({ program, print }) => {
    print(`${program.cwd}\n`);
    return 0;
  },
  env: ({ program, print }) => {
    for (const [name, value] of Object.entries(program.env)) print(`${name}=${value}\n`);
    return 0;
  },
  cat: (call) =>
    each(call, 'cat', (path) => call.print(call.program.fs.readFileSync(path, 'utf8'))),
  touch: (call) =>
    each(call, 'touch', (path) => call.program.fs.closeSync(call.program.fs.openSync(path, 'a'))),
  mkdir: (call) => {
    const recursive = call.args[0] === '-p';
    const args = recursive ? call.args.slice(1) : call.args;
    return each({ ...call, args }, 'mkdir', (path) => {
      call.program.fs.mkdirSync(path, { recursive });
    });
  },
  rm: (call) => {
    const flags = optionsOf(call.args);
    const [recursive, force] = [/r/i.test(flags), flags.includes('f')];
    return each(operands(call), 'rm', (path) => {
      call.program.fs.rmSync(path, { recursive, force });
    });
  },
  ls: (call) => {
    const hidden = /a/i.test(optionsOf(call.args));
    const { args } = operands(call);
    const paths = args.length > 0 ? args : ['.'];
    return each({ ...call, args: paths }, 'ls', (path) =>
      call.print(listing(call.program, path, hidden)),
    );
  },
  test: ({ program, args }) => (holds(program, args) ? 0 : 1),
  find: findFiles,
  df: diskFree,
};

/** The program of a name or path; undefined for one that is not simulated. */
export function commandNamed(name: string): Command | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1);
  return Object.hasOwn(COMMANDS, base) ? COMMANDS[base] : undefined;
}

function* sleep({ program, args }: CommandCall): Operation<number> {
  if (args.some((arg) => /^inf(inity)?$/.test(arg))) return yield* forever();
  let seconds = 0;
  for (const arg of args) {
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(arg);
    if (!match) return complain(program, `sleep: invalid number '${arg}'`);
    seconds += Number(match[1]) * { s: 1, m: 60, h: 3600, d: 86_400 }[unitOf(match[2])];
  }
  if (args.length === 0) return complain(program, 'sleep: missing operand');
  yield* program.sleep(seconds * 1000);
  return 0;
}

function unitOf(text: string | undefined): 's' | 'm' | 'h' | 'd' {
  return text === 'm' || text === 'h' || text === 'd' ? text : 's';
}

/** Waits for what never comes. */
function* forever(): Operation<never> {
  const never = new Signal();
  for (;;) yield* waitFor(never, { reason: 'sleep infinity' });
}

function complain(program: Process, text: string): number {
  program.stderr.write(`${text}\n`);
  return 1;
}

/** The letters of a command's options. */
function optionsOf(args: readonly string[]): string {
  return args.filter((arg) => /^-./.test(arg)).join('');
}

function operands(call: CommandCall): CommandCall {
  return { ...call, args: call.args.filter((arg) => !/^-./.test(arg)) };
}

/** `-e`, `-f`, `-d`, `-z`, `-n`, `=` and `!=`; one word is true unless it is empty. */
function holds({ fs }: Process, args: readonly string[]): boolean {
  const [first = '', second, third] = args;
  if (third !== undefined) return (first === third) === (second === '=');
  if (second === undefined) return first !== '';
  if (first === '-z') return second === '';
  if (first === '-n') return second !== '';
  const stats = fs.statSync(second, { throwIfNoEntry: false });
  if (first === '-f') return stats?.isFile() ?? false;
  if (first === '-d') return stats?.isDirectory() ?? false;
  return stats !== undefined;
}

/** `find DIR… [-mindepth N] [-delete]`: what is below, what is deepest first when it is deleted. */
function findFiles(call: CommandCall): number {
  const { args, program } = call;
  const first = args.findIndex((arg) => arg.startsWith('-'));
  const roots = first < 0 ? args : args.slice(0, first);
  const depth = Number(args[args.indexOf('-mindepth') + 1] ?? 0);
  const remove = args.includes('-delete');
  const least = args.includes('-mindepth') ? depth : 0;
  return each({ ...call, args: roots.length > 0 ? roots : ['.'] }, 'find', (root) => {
    const found = below(program, root).filter(({ level }) => level >= least);
    if (remove) for (const { path } of found.reverse()) removeOne(program, path);
    else for (const { path } of found) call.print(`${path}\n`);
  });
}

/** A path and all below it, each directory before what is in it. */
function below(program: Process, path: string, level = 0): { path: string; level: number }[] {
  const { fs } = program;
  const own = { path, level };
  if (!fs.lstatSync(path).isDirectory()) return [own];
  const names = fs.readdirSync(path).sort(compare);
  return [own, ...names.flatMap((name) => below(program, `${path}/${name}`, level + 1))];
}

function removeOne({ fs }: Process, path: string): void {
  if (fs.lstatSync(path).isDirectory()) fs.rmdirSync(path);
  else fs.unlinkSync(path);
}

/** Options that are not known are not looked at. */
function each(call: CommandCall, name: string, action: (path: string) => void): number {
  let code = 0;
  for (const path of call.args) {
    try {
      action(path);
    } catch (error) {
      code = complain(call.program, `${name}: ${path}: ${reasonOf(error)}`);
    }
  }
  return code;
}

/** `ENOENT: no such file or directory, open '/x'` as programs print it: `No such file or directory`. */
export function reasonOf(error: unknown): string {
  const text = messageOf(error);
  const words = /^E[A-Z0-9]+: ([^,]*)/.exec(text)?.[1] ?? text;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function listing({ fs }: Process, path: string, hidden: boolean): string {
  if (!fs.statSync(path).isDirectory()) return `${path}\n`;
  const names = fs.readdirSync(path).filter((name) => hidden || !name.startsWith('.'));
  return names
    .sort(compare)
    .map((name) => `${name}\n`)
    .join('');
}

/** Sizes in KiB, of the filesystem of each path. */
function diskFree(call: CommandCall): number {
  const paths = call.args.filter((arg) => !arg.startsWith('-'));
  call.print('Filesystem           1K-blocks      Used Available Use% Mounted on\n');
  const args = paths.length > 0 ? paths : mountedFilesystems(call.program);
  return each({ ...call, args }, 'df', (path) => {
    const { blocks, bfree, bavail, bsize } = call.program.fs.statfsSync(path);
    const kib = (count: number): number => Math.floor((count * bsize) / 1024);
    const used = kib(blocks - bfree);
    const usable = used + kib(bavail);
    const share = usable === 0 ? 0 : Math.ceil((used * 100) / usable);
    const mount = mountOf(call.program, path);
    const columns = [String(kib(blocks)).padStart(9), String(used).padStart(9)];
    columns.push(String(kib(bavail)).padStart(9), `${String(share).padStart(3)}%`);
    call.print(`${mount.source.padEnd(20)} ${columns.join(' ')} ${mount.target}\n`);
  });
}

/** Where something with a size is mounted: what df shows when it is asked for nothing. */
function mountedFilesystems({ fs }: Process): string[] {
  const targets = fs
    .readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  return targets.filter((target) => target !== '' && fs.statfsSync(target).blocks > 0);
}

function mountOf({ fs }: Process, path: string): { source: string; target: string } {
  const real = fs.realpathSync(path);
  let best = { source: 'overlay', target: '/' };
  for (const line of fs.readFileSync('/proc/mounts', 'utf8').split('\n')) {
    const [source = '', target = ''] = line.split(' ');
    const covers = target === '/' || real === target || real.startsWith(`${target}/`);
    if (target !== '' && covers && target.length >= best.target.length) best = { source, target };
  }
  return best;
}
