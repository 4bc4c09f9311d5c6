/** `GET /api/v1/history` and what it is made of. Times are epoch seconds, lengths seconds. */
export interface Counts {
  readonly succeeded: number;
  readonly failed: number;
  readonly retried: number;
  readonly revoked: number;
  readonly rejected: number;
}

export interface Distribution {
  /** Tasks of which the time is known. */
  readonly n: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

export interface Times {
  readonly wait: Distribution;
  readonly run: Distribution;
}

/** Something that was not seen. */
export interface Gap {
  readonly id: number;
  readonly why: string;
  readonly start: number;
  readonly end: number | null;
  readonly detail: string | null;
  readonly missed: number | null;
  readonly events: number | null;
  readonly workers: Readonly<Record<string, number>>;
  readonly more: number;
}

export interface History {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly error: number;
  /** Nothing is known from before; 0: not known. */
  readonly created: number;
  readonly points: readonly {
    readonly start: number;
    readonly counts: Counts;
    readonly times: Times | null;
  }[];
  readonly counts: Counts;
  readonly before: Counts;
  readonly times: Times;
  readonly times_from: number;
  readonly gaps: readonly Gap[];
}

/** Values by step; null where a number was not known. */
type Values = readonly (number | null)[];

/** `GET /api/v1/summary-history`: what was sampled once a minute. */
export interface SummaryHistory {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  /** Means of a step, as `waiting`, `lag` and `seen`. */
  readonly workers: Values;
  readonly least_workers: Values;
  /** Messages. */
  readonly waiting: Values;
  readonly most_waiting: Values;
  /** Seconds. */
  readonly lag: Values;
  readonly most_lag: Values;
  /** 0 to 1, of an hour. */
  readonly seen: Values;
  readonly least_seen: Values;
}
