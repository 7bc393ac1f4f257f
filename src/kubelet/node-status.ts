import { deepEqual, type NewObject, type Node, type NodeStatus, type Store } from '../api/index.ts';
import { type DeepReadonly, messageOf, milliseconds, OperationError } from '../base/index.ts';
import { type Operation, sleepUntil, step, TickLoop } from '../sim/index.ts';
import type { KubeletContext } from './contracts.ts';
import type { Machine } from './machine/index.ts';
import { changes, conditionsOf } from './node-conditions.ts';
import { correctedLabels, initialLabels } from './node-labels.ts';
import { hostAddress } from './pod/network.ts';
import { reportedResources } from './reported-resources.ts';
import type { NodeVolumeManager } from './volume-manager/index.ts';

/** Waits between attempts to make the Node, ms. */
const FIRST_WAIT = 200;
const LONGEST_WAIT = 7000;
/** Attempts to write its status at one tick. */
const TRIES = 5;

export interface NodeStatusParts {
  readonly context: KubeletContext;
  readonly machine: Machine;
  readonly store: Store;
  readonly volumes: NodeVolumeManager;
  /** Conditions of pressure that hold. */
  readonly pressures: () => ReadonlySet<string>;
  readonly shuttingDown: () => boolean;
  /** An event about the Node. */
  readonly event: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
}

/**
 * Registers the Node and keeps its status: looked at every 10 s when something in it may have changed, written when it has.
 * Models pkg/kubelet/kubelet_node_status.go.
 */
export class NodeStatusUpdater {
  readonly #parts: NodeStatusParts;
  readonly #loop: TickLoop;
  #registered = false;

  constructor(parts: NodeStatusParts) {
    this.#parts = parts;
    const { system, owner, configuration } = parts.context;
    this.#loop = new TickLoop(system.simulation, owner, {
      name: `${system.name}: node status`,
      period: milliseconds(configuration.nodeStatusUpdateFrequency, 'nodeStatusUpdateFrequency'),
      pass: () => this.#pass(),
    });
  }

  /** The status may have changed. */
  wake(): void {
    this.#loop.wake();
  }

  *#pass(): Operation {
    const { volumes } = this.#parts;
    // Once in its life: a Node that somebody deletes comes back with the next one.
    if (!this.#registered) yield* this.#register();
    this.#registered = true;
    const stored = this.#found();
    if (!stored) return;
    const wanted = this.#status(stored);
    if (!deepEqual(wanted, stored.status) && !(yield* this.#update())) return;
    if (volumes.statesSynced) volumes.markVolumesAsReportedInUse(wanted.volumesInUse ?? []);
  }

  /** Until it is done. Models registerWithAPIServer. */
  *#register(): Operation {
    const { context } = this.#parts;
    const { simulation, name } = context.system;
    if (!this.#toRegister()) return;
    for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      const failure = yield* this.#attempt('CreateNode', () => this.#create());
      if (failure === undefined) return;
      context.log('error', `Unable to register node ${name} with API server: ${failure}`);
      const reason = `Node to be made: ${failure}`;
      yield* sleepUntil(simulation.now + wait, { class: 'retry', reason });
    }
  }

  /** False: not now, but at a later tick. Models updateNodeStatus. */
  *#update(): Operation<boolean> {
    const { context } = this.#parts;
    for (let tries = 1; ; tries++) {
      const failure = yield* this.#attempt('PatchNodeStatus', () => this.#write());
      if (failure === undefined) return true;
      context.log('error', `Error updating node status, will retry: ${failure}`);
      if (tries < TRIES) continue;
      const reason = `status of the Node to be written: ${failure}`;
      yield* sleepUntil(this.#loop.nextTick(), { class: 'retry', reason });
      this.#loop.wake();
      return false;
    }
  }

  /** What it failed with. */
  *#attempt(name: string, action: () => void): Operation<string | undefined> {
    try {
      yield* step(name, { node: this.#parts.context.system.name }, action);
      return undefined;
    } catch (error) {
      const refused = error instanceof Error && error.name === 'ApiError';
      if (refused || error instanceof OperationError) return messageOf(error);
      throw error;
    }
  }

  /** A Node that is there already keeps what others wrote on it, but for the labels that the kubelet knows better. */
  #create(): void {
    const { store } = this.#parts;
    const found = this.#found();
    const labels = found && this.#correctedLabels(found);
    if (!found) store.create(this.#object());
    else if (labels) store.update({ ...found, metadata: { ...found.metadata, labels } });
  }

  #toRegister(): boolean {
    const found = this.#found();
    return !found || this.#correctedLabels(found) !== undefined;
  }

  #found(): DeepReadonly<Node> | undefined {
    const { context, store } = this.#parts;
    return store.get('Node', undefined, context.system.name);
  }

  #correctedLabels(found: DeepReadonly<Node>): Readonly<Record<string, string>> | undefined {
    const { context, machine } = this.#parts;
    return correctedLabels(found, initialLabels(machine, context.rules));
  }

  #write(): void {
    const { context, store } = this.#parts;
    const stored = this.#found();
    if (!stored) return;
    const status = this.#status(stored);
    store.update({ ...stored, status }, { subresource: 'status' });
    const { event, machine } = this.#parts;
    const { name } = context.system;
    const boot = stored.status?.nodeInfo?.bootID;
    if (boot && boot !== machine.bootID)
      event('Warning', 'Rebooted', `Node ${name} has been rebooted, boot id: ${machine.bootID}`);
    for (const reason of changes(stored.status?.conditions ?? [], status.conditions ?? [])) {
      event('Normal', reason, `Node ${name} status is now: ${reason}`);
    }
  }

  #object(): NewObject & { kind: 'Node' } {
    const { context, machine } = this.#parts;
    const { name, options } = machine;
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: initialLabels(machine, context.rules),
        annotations: this.#annotations(),
      },
      spec: { ...(options.taints && { taints: options.taints }) },
      status: this.#status(undefined),
    };
  }

  #annotations(): Record<string, string> {
    const { configuration } = this.#parts.context;
    return configuration.enableControllerAttachDetach
      ? { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' }
      : {};
  }

  #status(stored: DeepReadonly<Node> | undefined): NodeStatus {
    const { context, machine, volumes, pressures, shuttingDown } = this.#parts;
    const inUse = volumes.statesSynced ? volumes.volumesInUse() : stored?.status?.volumesInUse;
    const { volumesInUse: _, ...rest } = stored?.status ?? {};
    return {
      ...(rest as NodeStatus),
      ...reportedResources(context, machine.resources),
      conditions: conditionsOf(stored?.status?.conditions ?? [], {
        pressures: pressures(),
        shuttingDown: shuttingDown(),
        now: context.system.simulation.now,
      }),
      addresses: [
        { type: 'InternalIP', address: hostAddress(context.system) },
        { type: 'Hostname', address: machine.name },
      ],
      nodeInfo: nodeInfo(context, machine),
      ...runtimeHandlers(context),
      ...(inUse && inUse.length > 0 && { volumesInUse: [...inUse] }),
    };
  }
}

/** What the container runtime can do. */
function runtimeHandlers({
  rules,
  recursiveReadOnlyMounts = true,
}: KubeletContext): Pick<NodeStatus, 'runtimeHandlers'> {
  if (!rules.gate('RecursiveReadOnlyMounts')) return {};
  return { runtimeHandlers: [{ name: '', features: { recursiveReadOnlyMounts } }] };
}

function nodeInfo({ rules }: KubeletContext, { os, bootID }: Machine): Record<string, string> {
  const version = rules.version === 'all' ? '1.37' : rules.version;
  return { bootID, operatingSystem: os, architecture: 'amd64', kubeletVersion: `v${version}.0` };
}
