export { arbitraries } from './arbitraries.ts';
export { checkHistory, HistoryError } from './check.ts';
export { type CommandModel, commands } from './commands.ts';
export { type History, type HistoryResult, runHistory } from './run.ts';
export { shrinkHistory } from './shrink.ts';
export type { Step } from './steps.ts';
export type { ActionDocument, HistoryOptions, HistoryParts } from './world.ts';
