export type { PluginSample } from './stories.ts';
export { PluginContractError, type PluginReport, testPlugin } from './test-plugin.ts';
