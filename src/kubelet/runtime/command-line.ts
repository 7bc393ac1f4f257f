import type { Operation } from '../../sim/index.ts';
import { type Command, type CommandCall, commandNamed, reasonOf } from './commands.ts';
import type { ImageBehaviour, Process } from './process.ts';
import { parseScript, type ShellCommand, type Word } from './shell.ts';

/**
 * What a container's command line does: a well-known program, or a shell script of those. Undefined for any other, and for
 * what only waits: such a container runs until it is told to end.
 */
export function commandLineBehaviour(line: readonly string[]): ImageBehaviour | undefined {
  const [program, ...args] = line;
  if (program === undefined) return undefined;
  if (/^(.*\/)?(sh|bash|ash|dash)$/.test(program)) return script(args);
  const command = commandNamed(program);
  if (command === undefined || waitsForever(program, args)) return undefined;
  return (program) => run(command, callOf(program, args));
}

function waitsForever(program: string, args: readonly string[]): boolean {
  return /(^|\/)sleep$/.test(program) && args.length === 1 && /^inf(inity)?$/.test(args[0] ?? '');
}

function script(args: readonly string[]): ImageBehaviour | undefined {
  const [flag, text] = args;
  if (text === undefined || !/^-[a-z]*c$/.test(flag ?? '')) return undefined;
  const commands = parseScript(text);
  if (!commands?.every(isKnown)) return undefined;
  return (program) => runScript(program, commands);
}

function isKnown({ words, redirect }: ShellCommand): boolean {
  const [word] = words;
  if (word === undefined || word.some((part) => typeof part !== 'string')) return false;
  const name = word.join('');
  const all = redirect ? [...words, redirect.path] : words;
  return (name === 'exit' || commandNamed(name) !== undefined) && all.every(isKnownWord);
}

function isKnownWord(word: Word): boolean {
  return word.every(
    (part) => typeof part === 'string' || !('output' in part) || part.output.every(isKnown),
  );
}

type Print = (text: string) => void;

function* runScript(
  program: Process,
  commands: readonly ShellCommand[],
  print: Print = (text) => program.stdout.write(text),
): Operation<number> {
  let last = 0;
  for (const { after, words, redirect } of commands) {
    if ((after === '&&' && last !== 0) || (after === '||' && last === 0)) continue;
    const [name = '', ...args] = yield* expanded(program, words, last);
    if (name === 'exit') return Number(args[0] ?? last) & 0xff;
    const [path] = redirect ? yield* expanded(program, [redirect.path], last) : [];
    const target = path === undefined ? undefined : { path, append: redirect?.append ?? false };
    last = yield* runOne({ program, args, print }, name, target);
  }
  return last;
}

function* expanded(program: Process, words: readonly Word[], last: number): Operation<string[]> {
  const texts: string[] = [];
  for (const word of words) {
    let text = '';
    for (const part of word) text += yield* textOf(program, part, last);
    texts.push(text);
  }
  return texts;
}

function* textOf(program: Process, part: Word[number], last: number): Operation<string> {
  if (typeof part === 'string') return part;
  if ('variable' in part) {
    return part.variable === '?' ? String(last) : (program.env[part.variable] ?? '');
  }
  let text = '';
  yield* runScript(program, part.output, (more) => {
    text += more;
  });
  return text.replace(/\n+$/, '');
}

function* runOne(
  call: CommandCall,
  name: string,
  target: { readonly path: string; readonly append: boolean } | undefined,
): Operation<number> {
  const command = commandNamed(name);
  if (command === undefined) return 127;
  if (target === undefined) return yield* run(command, call);
  const { program } = call;
  const { path } = target;
  const fail = (error: unknown): number => {
    program.stderr.write(`sh: can't create ${path}: ${reasonOf(error)}\n`);
    return 1;
  };
  try {
    program.fs.writeFileSync(path, '', { flag: target.append ? 'a' : 'w' });
  } catch (error) {
    return fail(error);
  }
  let text = '';
  const print = (more: string): void => {
    text += more;
  };
  const code = yield* run(command, { ...call, print });
  try {
    program.fs.appendFileSync(path, text);
  } catch (error) {
    return fail(error);
  }
  return code;
}

function* run(command: Command, call: CommandCall): Operation<number> {
  const result = command(call);
  return typeof result === 'number' ? result : yield* result;
}

function callOf(program: Process, args: readonly string[]): CommandCall {
  return { program, args, print: (text) => program.stdout.write(text) };
}
