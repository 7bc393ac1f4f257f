export * from './crash/index.ts';
export * from './explore.ts';
export * from './histories/index.ts';
export * from './invariants/index.ts';
export * from './matchers.ts';
export * from './plugins/index.ts';
