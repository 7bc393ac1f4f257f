export * from './node-system.ts';
