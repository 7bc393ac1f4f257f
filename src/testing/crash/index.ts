export { type Projection, projectionOf } from './projection.ts';
export { type Blow, playWithBlow, type Story, stepsOf } from './steps.ts';
