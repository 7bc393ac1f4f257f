export * from './explanations/index.ts';
export * from './simulation/actions.ts';
export * from './simulation/document.ts';
export { ExpectationError } from './simulation/expectations.ts';
export * from './timeline.ts';
export * from './tree.ts';
