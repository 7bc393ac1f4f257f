export { cleanSubPaths } from './clean.ts';
export { makeDirectoryInside } from './make-directory.ts';
export type { SubPath } from './names.ts';
export { prepareSubPath, type SubPathParts } from './prepare.ts';
