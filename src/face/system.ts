export type { DirectoryEntry, OpenFile } from '../kernel/index.ts';
export { sys } from '../kernel/index.ts';
