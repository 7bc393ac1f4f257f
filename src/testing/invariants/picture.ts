import type { TraceRecord, TraceRecords } from '../../sim/index.ts';

/** A volume of a Pod in one of the worlds. */
export interface PicturedVolume {
  readonly volume: string;
  readonly uid: string;
  readonly state: string;
  /** ms of virtual time. */
  readonly since: number;
}

/** An operation that runs. */
export interface PicturedOperation {
  readonly operation: string;
  readonly volume: string;
  readonly uid: string;
  readonly since: number;
}

/** What the trace says of one node, in the present life of its kubelet. */
export class NodePicture {
  up = false;
  startedAt = 0;
  /** How many lives its kubelet has had, with this one. */
  life = 0;
  /** When its volume manager could unmount for the first time. */
  readyAt: number | undefined;
  readonly desired: Map<string, PicturedVolume> = new Map();
  /** uids of pods that wanted something in this life. */
  readonly seen: Set<string> = new Set();
  readonly actual: Map<string, PicturedVolume> = new Map();
  /** Of devices that are mounted, or may be, by unique name. */
  readonly devices: Map<string, string> = new Map();
  readonly operations: Map<string, PicturedOperation> = new Map();
  /** Targets in the node's mount namespace. */
  readonly mounts: Set<string> = new Set();
  /** Containers that run: `name#restarts`, by uid. */
  readonly running: Map<string, Set<string>> = new Map();

  /** A new life of the kubelet knows nothing. */
  begin(at: number): void {
    this.up = true;
    this.startedAt = at;
    this.life++;
    this.seen.clear();
    this.readyAt = undefined;
    this.desired.clear();
    this.actual.clear();
    this.devices.clear();
    this.operations.clear();
  }

  end(): void {
    this.up = false;
    this.operations.clear();
  }

  /** What pods have of a volume, or may have. */
  podsWith(volume: string): PicturedVolume[] {
    return [...this.actual.values()].filter((entry) => entry.volume === volume);
  }

  /** What a Pod has, or may have. */
  volumesOf(uid: string): PicturedVolume[] {
    return [...this.actual.values()].filter((entry) => entry.uid === uid);
  }

  wantedBy(uid: string): PicturedVolume[] {
    return [...this.desired.values()].filter((entry) => entry.uid === uid);
  }

  isRunning(uid: string): boolean {
    return (this.running.get(uid)?.size ?? 0) > 0;
  }
}

/** A Pod on a node, as its worker sees it. */
export interface PicturedPod {
  readonly uid: string;
  readonly key: string;
  readonly node: string;
  readonly state: string;
  readonly since: number;
  /** Of its kubelet. */
  readonly life: number;
}

/** What the records of a trace add up to. */
export class Picture {
  readonly nodes: Map<string, NodePicture> = new Map();
  readonly pods: Map<string, PicturedPod> = new Map();
  /** uids of objects that were deleted, and when (ms). */
  readonly deleted: Map<string, number> = new Map();
  /** When the last fault happened, or was over, ms. */
  lastFault: number = Number.NEGATIVE_INFINITY;
  /** When a kubelet or a node last stopped, died or came back, ms. */
  lastUpheaval: number = Number.NEGATIVE_INFINITY;

  node(name: string): NodePicture {
    let node = this.nodes.get(name);
    if (!node) this.nodes.set(name, (node = new NodePicture()));
    return node;
  }

  add(record: TraceRecord): void {
    const at = record.at.getTime();
    if (record.type === 'object') {
      if (record.verb === 'DELETED' && record.uid) this.deleted.set(record.uid, at);
    } else if (record.type === 'fault')
      this.lastFault = Math.max(this.lastFault, at + (record.by ?? 0));
    if (record.node === undefined) return;
    if (record.type === 'pod' && record.state !== 'deleted') this.#pod(record, record.node, at);
    if (record.type === 'lifecycle') this.lastUpheaval = at;
    addToNode(this.node(record.node), record, at);
  }

  #pod({ uid, pod, state }: TraceRecords['pod'], node: string, since: number): void {
    const { life } = this.node(node);
    this.pods.set(uid, { uid, key: pod, node, state, since, life });
  }
}

function addToNode(node: NodePicture, record: TraceRecord, at: number): void {
  switch (record.type) {
    case 'lifecycle':
      return lifecycle(node, record, at);
    case 'world':
      return world(node, record, at);
    case 'operation':
      return operation(node, record, at);
    case 'container':
      return container(node, record);
    case 'mount':
      return void node.mounts.add(record.target);
    case 'unmount':
      return void node.mounts.delete(record.target);
    default:
  }
}

function lifecycle(node: NodePicture, { who, what }: TraceRecords['lifecycle'], at: number): void {
  if (what === 'ready') node.readyAt = at;
  if (what === 'rebooted') {
    node.mounts.clear();
    node.running.clear();
  }
  if (who !== 'kubelet') return;
  if (what === 'started') node.begin(at);
  else node.end();
}

function world(node: NodePicture, record: TraceRecords['world'], since: number): void {
  const { volume, uid, state } = record;
  if (uid === undefined) return device(node, volume, state);
  const map = record.world === 'desired' ? node.desired : node.actual;
  const key = keyOf(volume, uid);
  if (state === 'unwanted' || state === 'unmounted') map.delete(key);
  else map.set(key, { volume, uid, state, since: stateSince(map.get(key), state, since) });
  if (state === 'wanted') node.seen.add(uid);
}

function stateSince(known: PicturedVolume | undefined, state: string, now: number): number {
  return known?.state === state ? known.since : now;
}

function device(node: NodePicture, volume: string, state: string): void {
  if (state === 'gone' || state === 'DeviceNotMounted') node.devices.delete(volume);
  else node.devices.set(volume, state);
}

function operation(node: NodePicture, record: TraceRecords['operation'], since: number): void {
  const { volume, uid, state } = record;
  const key = keyOf(volume, uid);
  if (state !== 'started') return void node.operations.delete(key);
  node.operations.set(key, { operation: record.operation, volume, uid, since });
}

function container(node: NodePicture, record: TraceRecords['container']): void {
  const { uid, state } = record;
  const name = `${record.container}#${record.restartCount ?? 0}`;
  let running = node.running.get(uid);
  if (!running) node.running.set(uid, (running = new Set()));
  if (state === 'started') running.add(name);
  else if (state !== 'created') running.delete(name);
}

/** The key of a volume and a Pod. */
export function keyOf(volume: string, uid: string): string {
  return `${volume} ${uid}`;
}
