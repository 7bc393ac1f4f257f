/** What became of a case. */
export interface CaseResult {
  readonly id: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly step?: string;
  readonly text?: string;
  readonly reason?: string;
}

/** Runs one case against a library; throws only for a case that is wrong itself. */
export function runCase(theCase: object, library: object): Promise<CaseResult>;
