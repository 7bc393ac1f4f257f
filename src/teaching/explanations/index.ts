import { configMapExplanation } from './config-map.ts';
import { downwardAPIExplanation } from './downward-api.ts';
import { emptyDirExplanation } from './empty-dir.ts';
import { ephemeralExplanation } from './ephemeral.ts';
import type { TypeExplanation } from './explanation.ts';
import { gitRepoExplanation } from './git-repo.ts';
import { hostPathExplanation } from './host-path.ts';
import { localExplanation } from './local.ts';
import { persistentVolumeClaimExplanation } from './persistent-volume-claim.ts';
import { projectedExplanation } from './projected.ts';
import { secretExplanation } from './secret.ts';

export type * from './explanation.ts';

/** What there is to say about each volume type, by type. */
export const explanations: readonly TypeExplanation[] = [
  configMapExplanation,
  downwardAPIExplanation,
  emptyDirExplanation,
  ephemeralExplanation,
  gitRepoExplanation,
  hostPathExplanation,
  localExplanation,
  persistentVolumeClaimExplanation,
  projectedExplanation,
  secretExplanation,
];

/** What there is to say about one type; undefined for a type that is not known. */
export function explanationOf(type: string): TypeExplanation | undefined {
  return explanations.find((one) => one.type === type);
}
