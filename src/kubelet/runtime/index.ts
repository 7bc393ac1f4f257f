export { Container, type User } from './container.ts';
export { type ImageOptions, Images } from './images.ts';
export type { ImageBehaviour, Output, Process, SignalHandler } from './process.ts';
export { Runtime } from './runtime.ts';
export type { SignalName } from './signals.ts';
export { runtimeSteps } from './steps.ts';
