import real, { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createKernel } from '../../src/face/index.ts';
import { argumentQuestions } from './grids/arguments.ts';
import { changeQuestions } from './grids/changes.ts';
import { copyQuestions } from './grids/copies.ts';
import { globQuestions } from './grids/globs.ts';
import { handleQuestions } from './grids/handles.ts';
import { answerTo, type Question } from './grids/kit.ts';

/*
 * Thousands of questions, whose answers by the real node:fs are in recorded/. To ask anew, as root on Linux with Node 20:
 * RECORD=1 npx vitest run test/face/grids.test.ts. The globs, which Node 20 has not, are asked of Node 22: -t globs.
 */
const recording = process.env['RECORD'] !== undefined;

/** Answers by their number, so that each is written once, and the number of the answer to each question. */
interface Recorded {
  readonly answers: readonly string[];
  readonly questions: Readonly<Record<string, number>>;
}

const grids: Readonly<Record<string, () => Question[]>> = {
  arguments: () => unique(argumentQuestions()),
  copies: copyQuestions,
  handles: handleQuestions,
  changes: changeQuestions,
  globs: globQuestions,
};

function unique(questions: readonly Question[]): Question[] {
  return [...new Map(questions.map((question) => [question.label, question])).values()];
}

describe.each(Object.entries(grids))('the answers of the real node:fs: %s', (name, questions) => {
  const path = new URL(`./recorded/${name}.json`, import.meta.url);

  const node22 = 'globSync' in real;
  if (recording && node22 === (name === 'globs')) {
    test('recorded', { timeout: 600_000 }, async () => {
      writeFileSync(path, asText(await askTheReal(questions())));
    });
  }

  test('are ours', async () => {
    const { answers, questions: numbers } = JSON.parse(readFileSync(path, 'utf8')) as Recorded;
    const different: Record<string, { ours: string; real: string | undefined }> = {};
    for (const question of questions()) {
      const ours = await ourAnswer(question);
      const theirs = answers[numbers[question.label] ?? -1];
      if (ours !== theirs) different[question.label] = { ours, real: theirs };
    }
    expect(different).toEqual({});
    expect(Object.keys(numbers)).toEqual(questions().map(({ label }) => label));
  });
});

async function ourAnswer(question: Question): Promise<string> {
  const fs = createKernel({ now: () => 1_700_000_000_000 }).rootNamespace.fs();
  fs.mkdirSync('/base');
  const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return answerTo(question, fs, '/base', pause);
}

async function askTheReal(questions: readonly Question[]): Promise<Recorded> {
  process.umask(0o022);
  const host = real.mkdtempSync('/dev/shm/grids-');
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 12));
  const numbers: Record<string, number> = {};
  const answers: string[] = [];
  for (const [index, question] of questions.entries()) {
    const base = `${host}/${index}`;
    real.mkdirSync(base);
    const answer = await answerTo(question, real as never, base, pause);
    if (!answers.includes(answer)) answers.push(answer);
    numbers[question.label] = answers.indexOf(answer);
  }
  real.rmSync(host, { recursive: true });
  return { answers, questions: numbers };
}

function asText({ answers, questions }: Recorded): string {
  const answerLines = answers.map((answer) => JSON.stringify(answer)).join(',\n');
  const numbers = Object.entries(questions).map(
    ([label, number]) => `${JSON.stringify(label)}:${number}`,
  );
  return `{"answers":[\n${answerLines}\n],"questions":{\n${numbers.join(',\n')}\n}}\n`;
}
