export * from './duration.ts';
export * from './errors.ts';
export * from './metrics.ts';
export * from './quantity.ts';
export * from './text.ts';
export * from './types.ts';
export * from './windows-path.ts';
