import type { NodeSystem } from '../../plugin/index.ts';
import type { ControllerContext, Stored } from '../context.ts';
import type { ActualStateOfWorld } from './actual-state-of-world.ts';
import type { DesiredStateOfWorld } from './desired-state-of-world.ts';
import { type NodeView, nodeOfAttachments } from './node-view.ts';

/** What every part of the controller works with. */
export interface Parts {
  readonly context: ControllerContext;
  readonly desired: DesiredStateOfWorld;
  readonly actual: ActualStateOfWorld;
  /** A volume is looked at in the next pass. */
  readonly mark: (volume: string) => void;
}

/** The Node as it is; undefined: it is gone. */
export function nodeNamed({ context }: Parts, name: string): NodeView | undefined {
  const node = context.dependencies.store.get('Node', undefined, name);
  return node && nodeOfAttachments(node as Stored<'Node'>);
}

/** The machine of a node; undefined: there is none. */
export function systemOf({ context }: Parts, node: string): NodeSystem | undefined {
  return context.dependencies.nodes(node);
}
