/** Who did it and on what, in a record of the trace. Every kind is a plain object with a `type`. */
export interface TraceRecords {
  /** A program ran on a node: git, a FlexVolume driver (`program` is its path), … */
  exec: { program: string; args: string[]; cwd: string; exitCode: number };
  /** A call of a CSI driver. `code`: gRPC's names, `OK` too. */
  csi: { driver: string; method: string; code: string; request: object };
  /** An operation of a volume plugin ended. `volume`: its name in the Pod, or the PersistentVolume's. */
  volume: {
    operation: string;
    volume: string;
    plugin: string;
    pod?: string;
    uid?: string;
    /** Of `Attach` and `Detach`: the name that nodes say they have in use. */
    uniqueName?: string;
    error?: string;
    /** How sure it is that what failed is over. */
    class?: 'final' | 'transient' | 'uncertain';
    /** What kind of error it is, where the plugin says so: `FailedPrecondition`, … */
    code?: string;
  };
  /** The kubelet began or ended an operation on a volume. `volume`: its unique name. `uid`: the Pod's; empty: all pods. */
  operation: {
    operation: string;
    volume: string;
    uid: string;
    state: 'started' | 'done' | 'failed';
    error?: string;
  };
  /**
   * A kubelet's desired or actual state of world changed. `volume`: its unique name. With a Pod's `uid`: `wanted`, `unwanted`;
   * `mounted`, `uncertain`, `unmounted`. Without: the state of the device, or `gone`.
   */
  world: { world: 'desired' | 'actual'; volume: string; uid?: string; state: string };
  /** A pod worker began or ended to wait for its volumes. One that need not wait leaves no record. */
  wait: { uid: string; for: string; state: 'started' | 'ended' };
  /** Something was mounted in a node's mount namespace. */
  mount: { target: string; source?: string; fstype?: string; options?: string[]; pod?: string };
  /** A mount was taken away. */
  unmount: { target: string; pod?: string };
  /** A container changed state. */
  container: {
    pod: string;
    uid: string;
    container: string;
    state: 'created' | 'started' | 'exited' | 'removed';
    exitCode?: number;
    reason?: string;
    restartCount?: number;
  };
  /** A Pod moved on in its life on the node. */
  pod: { pod: string; uid: string; state: string; message?: string };
  /** The kubelet decided something about a volume. `reason` says why. */
  decision: { volume: string; pod?: string; decision: string; reason: string };
  /** An object was written to the store. */
  object: {
    verb: 'ADDED' | 'MODIFIED' | 'DELETED';
    kind: string;
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion: string;
  };
  /** A core/v1 Event was recorded, or counted once more. */
  event: {
    component: string;
    involved: string;
    kind: 'Normal' | 'Warning';
    reason: string;
    message: string;
    count: number;
  };
  /** A kubelet, a controller or a node stopped, started or died. `ready`: a volume manager may unmount from now on. */
  lifecycle: { who: string; what: 'started' | 'stopped' | 'crashed' | 'rebooted' | 'ready' };
  /** A fault that a user asked for happened. */
  fault: {
    operation: string;
    what: 'fail' | 'hold' | 'delay' | 'crash';
    error?: string;
    /** ms: how much later it comes. */
    by?: number;
    volume?: string;
    pod?: string;
    container?: string;
    path?: string;
    object?: string;
  };
  /** User code threw something that it should not have. */
  panic: { who: string; error: string; stack?: string };
  /** What the kubelet would log and nobody else can see. */
  log: { level: 'info' | 'warning' | 'error'; who: string; message: string };
}

export type TraceType = keyof TraceRecords;

/** One record of the trace. `at`: virtual time. `node`: where it happened. */
export type TraceRecord<Type extends TraceType = TraceType> = {
  [Key in Type]: Readonly<{ type: Key; at: Date; node?: string } & TraceRecords[Key]>;
}[Type];

/** What is kept: everything, the last n, or nothing. */
export type TraceOption = 'all' | 'off' | { keep: number };

/** An append-only list of what happened. */
export class TraceLog {
  readonly #now: () => number;
  readonly #keep: number;
  #records: TraceRecord[] = [];
  #date: Date = new Date(0);
  #total = 0;
  /** Told of each record, kept or not. */
  listener: ((record: TraceRecord) => void) | undefined;

  constructor(now: () => number, option: TraceOption) {
    this.#now = now;
    this.#keep = option === 'all' ? Number.POSITIVE_INFINITY : option === 'off' ? 0 : option.keep;
  }

  get records(): readonly TraceRecord[] {
    if (this.#records.length > this.#keep) this.#records = this.#records.slice(-this.#keep);
    return this.#records;
  }

  /** How many were ever added. */
  get total(): number {
    return this.#total;
  }

  add<Type extends TraceType>(type: Type, fields: TraceRecords[Type], node?: string): void {
    this.#total++;
    if (this.#keep === 0 && !this.listener) return;
    const at = this.#at();
    const record = (
      node === undefined ? { type, at, ...fields } : { type, at, node, ...fields }
    ) as TraceRecord;
    if (this.#keep > 0) {
      this.#records.push(record);
      if (this.#records.length > 2 * this.#keep) this.#records = this.#records.slice(-this.#keep);
    }
    this.listener?.(record);
  }

  #at(): Date {
    const now = this.#now();
    if (this.#date.getTime() !== now) this.#date = new Date(now);
    return this.#date;
  }
}
