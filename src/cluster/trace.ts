import { goDuration } from '../base/index.ts';
import type { TraceLog, TraceRecord } from '../sim/index.ts';

/** What happened, as it is kept. Text is made when it is asked for. */
export class Trace {
  readonly #log: TraceLog;
  readonly #start: Date;

  constructor(log: TraceLog, start: Date) {
    this.#log = log;
    this.#start = start;
  }

  get records(): readonly TraceRecord[] {
    return this.#log.records;
  }

  /** Plain data; times as ISO strings. */
  toJSON(): unknown {
    return JSON.parse(JSON.stringify(this.records));
  }

  /** A line per record: time since the start, node, type, fields. */
  text(): string {
    return this.records.map((record) => this.#line(record)).join('\n');
  }

  #line({ at, node = '-', type, ...fields }: TraceRecord): string {
    const time = goDuration(at.getTime() - this.#start.getTime());
    const rest = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    return `${time} ${node} ${type} ${rest.join(' ')}`;
  }
}
