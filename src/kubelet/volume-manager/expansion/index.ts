export { expandDuringMount, expandInUse } from './expand.ts';
export { growthInUse, initializeClaimSize, noticeGrowth } from './sizes.ts';
