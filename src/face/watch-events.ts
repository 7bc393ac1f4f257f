import { invalidArgValue } from '@jsonjoy.com/fs-node-utils/lib/argErrors.js';
import {
  validateAbortSignal,
  validateBoolean,
  validateObject,
} from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import { optionsOf } from './arguments.ts';
import { abortError } from './errors.ts';
import type { FaceState } from './face-state.ts';
import type { EventKind } from './inotify.ts';
import { type WatchOptions, watch } from './watcher.ts';

/** One change, as `promises.watch` gives it. */
export interface WatchEvent {
  readonly eventType: EventKind;
  readonly filename: string | Uint8Array;
}

/**
 * The changes as an async iterable, which ends by `return` or rejects when its signal is aborted.
 *
 * Models watch in Node's lib/internal/fs/watchers.js.
 */
export async function* watchEvents(
  state: FaceState,
  path: unknown,
  options: WatchOptions = {},
): AsyncGenerator<WatchEvent, void> {
  const { signal, ...given } = checked(options);
  if (signal?.aborted) throw abortError(signal);
  const queue: WatchEvent[] = [];
  let wake = (): void => {};
  const watcher = watch(state, path, given, (eventType, filename) => {
    queue.push({ eventType, filename });
    wake();
  });
  const aborted = (): void => wake();
  signal?.addEventListener('abort', aborted, { once: true });
  try {
    for (;;) {
      if (signal?.aborted) throw abortError(signal);
      const event = queue.shift();
      if (event !== undefined) yield event;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    signal?.removeEventListener('abort', aborted);
    watcher.close();
  }
}

function checked(options: WatchOptions): WatchOptions {
  validateObject(options, 'options');
  const { persistent = true, recursive = false, signal } = options;
  validateBoolean(persistent, 'options.persistent');
  validateBoolean(recursive, 'options.recursive');
  validateAbortSignal(signal, 'options.signal');
  const given = optionsOf<WatchOptions>(options);
  if (given.encoding === 'buffer')
    throw invalidArgValue('encoding', 'buffer', 'is invalid encoding');
  return given;
}
