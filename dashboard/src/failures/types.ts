/** A kind of failure that is out of the way until a time; times are epoch seconds. */
export interface Silence {
  /** That of the group. */
  readonly id: string;
  readonly name: string | null;
  readonly exception: string;
  readonly file: string | null;
  readonly function: string | null;
  readonly reason: string;
  /** Who silenced it. */
  readonly user: string;
  readonly at: number;
  readonly until: number;
}

/** Failures of a task by one exception at one place; times are epoch seconds. */
export interface FailureGroup {
  /** The same for the same task, exception, file and function. */
  readonly id: string;
  readonly name: string | null;
  /** Class; empty where the exception's text does not tell. */
  readonly exception: string;
  readonly place: { readonly file: string; readonly line: number; readonly function: string } | null;
  readonly message: string | null;
  readonly n: number;
  readonly first: number;
  readonly last: number;
  /** Id of the newest. */
  readonly task: string;
  readonly workers: Readonly<Record<string, number>>;
  readonly other_workers: number;
  readonly queues: Readonly<Record<string, number>>;
  readonly other_queues: number;
  /** How many in each of equal parts of the range. */
  readonly parts: readonly number[];
  readonly silence: Silence | null;
}

/** Tasks of one group within a range. */
export interface GroupTasks {
  readonly n: number;
  /** Ids of the newest, the newest first. */
  readonly items: readonly string[];
  /** Older ones in the range were not looked at. */
  readonly more: boolean;
}

export interface Failures {
  readonly start: number;
  readonly end: number;
  readonly looked: number;
  /** Older ones in the range were not looked at. */
  readonly more: boolean;
  readonly groups: readonly FailureGroup[];
}
