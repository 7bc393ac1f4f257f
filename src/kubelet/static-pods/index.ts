export { FileSource } from './file-source.ts';
export { isMirrorPod, isStaticPod, MirrorPods } from './mirror-pods.ts';
export { StaticPods } from './static-pods.ts';
