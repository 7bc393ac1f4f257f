export * from './crash/index.ts';
export * from './histories/index.ts';
export * from './invariants/index.ts';
