import type { ControllerContext } from '../context.ts';
import { startConditionTaints } from './condition-taints.ts';
import { startNodeLabels } from './labels.ts';
import { startNodeMonitor } from './monitor.ts';

export type { Heartbeats } from './heartbeats.ts';

/** Watches over nodes: who is silent is lost, who is in a bad state gets no Pods. Models pkg/controller/nodelifecycle. */
export function startNodeLifecycle(context: ControllerContext): void {
  startConditionTaints(context);
  startNodeLabels(context);
  startNodeMonitor(context);
}
