import type { Logger, LoggerOptions } from 'pino';
import type { TraceRecord } from '../sim/index.ts';

/**
 * A ready pino logger, which gets the virtual time of each line as `at`; or a function that makes one from options whose
 * `timestamp` is the virtual clock and whose `base` is null, so that no wall time, pid or host name gets in.
 */
export type ClusterLogger = Logger | ((options: LoggerOptions) => Logger);

type Level = 'debug' | 'info' | 'warn' | 'error';

/** A listener that writes every trace record as a line of the log. */
export function logLines(logger: ClusterLogger, now: () => number): (record: TraceRecord) => void {
  const made = typeof logger === 'function';
  const pino = made
    ? logger({ base: null, timestamp: () => `,"time":"${new Date(now()).toISOString()}"` })
    : logger;
  return (record) => {
    const { at, ...fields } = record;
    const line = made ? fields : { at: at.toISOString(), ...fields };
    pino[levelOf(record)](line, messageOf(record));
  };
}

function levelOf(record: TraceRecord): Level {
  switch (record.type) {
    case 'event':
      return record.kind === 'Warning' ? 'warn' : 'info';
    case 'log':
      return record.level === 'warning' ? 'warn' : record.level;
    case 'panic':
      return 'error';
    case 'object':
    case 'decision':
      return 'debug';
    default:
      return 'info';
  }
}

function messageOf(record: TraceRecord): string {
  switch (record.type) {
    case 'event':
      return `${record.involved}: ${record.reason}: ${record.message}`;
    case 'log':
      return record.message;
    case 'volume':
      return `${record.operation} ${record.volume}${record.error === undefined ? '' : `: ${record.error}`}`;
    case 'mount':
    case 'unmount':
      return `${record.type} ${record.target}`;
    default:
      return record.type;
  }
}
