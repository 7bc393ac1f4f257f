export * from './define-plugin.ts';
export * from './types.ts';
export * from './volume-directory.ts';
