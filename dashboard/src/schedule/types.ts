/** One entry of Celery beat's schedule; times are epoch seconds. */
export interface Entry {
  readonly name: string;
  readonly task: string;
  /** Its schedule as Celery writes it. */
  readonly raw: string;
  /** Seconds between two runs; null: it is no interval. */
  readonly every: number | null;
  /** Minute, hour, day of the week, day of the month, month; null: it is no crontab. */
  readonly crontab: readonly string[] | null;
  readonly args: string;
  readonly kwargs: string;
  readonly queue: string | null;
  readonly last: number | null;
  /** Other entries send the same task: `last` may be theirs. */
  readonly shared: boolean;
  readonly next: number | null;
  readonly missed: boolean;
}

/** `GET /api/v1/schedule`. */
export interface Schedule {
  /** The monitor was given the app (`-A`). */
  readonly known: boolean;
  /** `beat_scheduler` where it is not Celery's own. */
  readonly scheduler: string | null;
  readonly timezone: string;
  readonly items: readonly Entry[];
}
