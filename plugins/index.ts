// Written by `npm run generate` from the files of this folder.
import type { VolumePlugin } from '../src/plugin/index.ts';
import { configMap } from './configMap.ts';
import { downwardAPI } from './downwardAPI.ts';
import { emptyDir } from './emptyDir.ts';
import { gitRepo } from './gitRepo.ts';
import { hostPath } from './hostPath.ts';
import { local } from './local.ts';
import { projected } from './projected.ts';
import { secret } from './secret.ts';

export { definePlugin } from '../src/plugin/index.ts';
export type * from '../src/plugin/types.ts';
export { configMap, downwardAPI, emptyDir, gitRepo, hostPath, local, projected, secret };

/** Every volume type there is, by the name of its field. */
export const allPlugins: readonly VolumePlugin[] = [
  configMap,
  downwardAPI,
  emptyDir,
  gitRepo,
  hostPath,
  local,
  projected,
  secret,
];
