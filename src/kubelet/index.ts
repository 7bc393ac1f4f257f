export { defaultConfiguration } from './configuration.ts';
export type * from './contracts.ts';
export { Kubelet, type KubeletDependencies, type KubeletEvents } from './kubelet.ts';
export { KUBELET_ROOT, Layout } from './layout.ts';
export * from './machine/index.ts';
export type { TokenIssuer, TokenRequest } from './managers/tokens.ts';
export * from './runtime/index.ts';
export { kubeletSteps } from './steps.ts';
export { volumeManagerSteps } from './volume-manager/index.ts';
