export type Status = 'failed' | 'warning' | 'ok' | 'skipped';

/** One thing that the doctor looked at. */
export interface Check {
  readonly id: string;
  readonly name: string;
  readonly status: Status;
  readonly finding: string;
  /** What to do, with the option or command; null: nothing. */
  readonly fix: string | null;
  /** Since when it is so; null: not known. */
  readonly since: number | null;
}

/** `GET /api/v1/doctor`. */
export interface Report {
  readonly at: number;
  readonly status: Status;
  /** The worst first. */
  readonly checks: readonly Check[];
}
