import { bytesOf, compare } from '../../base/index.ts';
import type { GitTree } from './repository.ts';

const PRIME = 0x01000193;

/** 40 hexadecimal digits that follow from paths and contents alone. They look like git's, and are not: no history is in them. */
export function contentHash(tree: GitTree): string {
  const state = Uint32Array.of(0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f);
  for (const [path, data] of [...tree].sort(([a], [b]) => compare(a, b))) {
    mix(state, bytesOf(`${path}\0${data === null ? 'directory' : data.length}\0`));
    if (data !== null) mix(state, data);
  }
  return [...state].map((word) => finish(word).toString(16).padStart(8, '0')).join('');
}

/** FNV-1a, in five lanes that start differently and shift the bytes differently. */
function mix(state: Uint32Array, bytes: Uint8Array): void {
  for (let lane = 0; lane < state.length; lane++) {
    let hash = state[lane] ?? 0;
    for (const byte of bytes) hash = Math.imul(hash ^ (byte + lane * 131), PRIME);
    state[lane] = hash;
  }
}

function finish(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
