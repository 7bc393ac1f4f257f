/** The rules about Pods by their ids in the project's list of rules; those with letters have parts. */
export const podRuleIds: readonly string[] = [
  ...numbers(1, 7),
  ...numbers(10, 35),
  ...'abcdefghijkl'.split('').map((letter) => `V36${letter}`),
  ...'abcdefghijklmnopq'.split('').map((letter) => `V37${letter}`),
  ...numbers(39, 52),
  ...numbers(55, 62),
  'KP',
];

function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `V${from + index}`);
}

/** Rules of volumes, claims, the storage group, keys and values, and snapshots. */
export const storageRuleIds: readonly string[] = [
  ...numbers(70, 86),
  ...numbers(88, 91),
  ...numbers(100, 113),
  ...numbers(115, 120),
  ...numbers(130, 146),
  ...numbers(150, 155),
  ...numbers(160, 168),
];
