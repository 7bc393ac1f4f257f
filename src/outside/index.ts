export { GitRemotes } from './git-remotes.ts';
export * from './node-system.ts';
export { Outside } from './outside.ts';
