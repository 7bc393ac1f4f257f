import type { Call } from './callback.ts';
import { callbackForm } from './callback.ts';
import * as own from './callback-calls.ts';
import { guarded } from './callback-calls.ts';
import type { FaceState } from './face-state.ts';
import { globCallback } from './glob.ts';
import { opendirLater } from './open-directory.ts';
import { unwatchFile, watchFile } from './stat-watcher.ts';
import { createReadStream, createWriteStream } from './streams.ts';
import { syncCalls } from './sync-calls.ts';
import { watch } from './watcher.ts';
import { type BlobOptions, openAsBlobSync } from './whole-files.ts';

/** The calls that are not a synchronous one with a callback behind its arguments. */
const special = {
  cp: own.cp,
  createReadStream,
  createWriteStream,
  exists: own.exists,
  glob: globCallback,
  openAsBlob,
  opendir: callbackForm(opendirLater as Call),
  read: own.read,
  readFile: own.readFile,
  readv: own.readv,
  unwatchFile,
  watch: guardedWatch,
  watchFile,
  write: own.write,
  writeFile: own.writeFile,
  writev: own.writev,
} as const;

/** Every call of `node:fs` that is not synchronous, by name. */
export const otherCalls: Readonly<Record<string, Call>> = { ...derived(), ...special };

function derived(): Record<string, Call> {
  const calls: Record<string, Call> = {};
  for (const [name, call] of Object.entries(syncCalls)) {
    calls[name.slice(0, -'Sync'.length)] = callbackForm(call as Call) as Call;
  }
  return calls;
}

function openAsBlob(state: FaceState, path: unknown, options?: BlobOptions): Promise<Blob> {
  return guarded(state, () => openAsBlobSync(state, path, options));
}

function guardedWatch(state: FaceState, ...args: never[]): ReturnType<typeof watch> {
  state.guard?.();
  return (watch as (on: FaceState, ...rest: never[]) => ReturnType<typeof watch>)(state, ...args);
}
