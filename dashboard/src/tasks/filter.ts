import * as v from 'valibot';
import type { Query } from '../api/client';
import type { Task } from '../api/types';

/** Celery's states in the order in which a person looks for trouble; others (custom states) follow as they come. */
export const STATES = [
  'FAILURE',
  'RETRY',
  'STARTED',
  'RECEIVED',
  'PENDING',
  'SUCCESS',
  'REVOKED',
  'REJECTED',
] as const;

/** Ranges a person picks, by the word in the URL, in seconds. */
export const RANGES: Readonly<Record<string, { readonly label: string; readonly seconds: number }>> = {
  '5m': { label: 'Last 5 minutes', seconds: 300 },
  '1h': { label: 'Last hour', seconds: 3600 },
  '24h': { label: 'Last 24 hours', seconds: 86_400 },
  '7d': { label: 'Last 7 days', seconds: 604_800 },
};
/** The word for two moments instead (`from`, `to`). */
export const BETWEEN = 'between';

const SORT_WORDS = ['received', 'started', 'runtime', 'name', 'worker', 'state'] as const;
export const SORTS = SORT_WORDS.flatMap((word) => [`-${word}`, word] as const);
export type Sort = (typeof SORTS)[number];
export const DEFAULT_SORT: Sort = '-received';

const word = v.optional(v.fallback(v.optional(v.pipe(v.string(), v.minLength(1))), undefined));
const words = v.optional(
  v.fallback(
    v.optional(
      v.pipe(
        v.union([v.array(v.string()), v.string()]),
        v.transform((value) => [...new Set([value].flat())].filter((item) => item !== '')),
      ),
    ),
    undefined,
  ),
);

/** A moment in the URL, as ISO 8601 in UTC: `2026-11-21T14:03:00Z`. */
const instant = v.optional(
  v.fallback(
    v.optional(
      v.pipe(
        v.string(),
        v.check((text) => !Number.isNaN(Date.parse(text))),
      ),
    ),
    undefined,
  ),
);

/** The URL of the task list. What is not understood is dropped rather than refused: a link always opens. */
export const taskSearch = v.object({
  state: words,
  name: word,
  worker: word,
  search: word,
  range: v.optional(v.fallback(v.optional(v.picklist([...Object.keys(RANGES), BETWEEN])), undefined)),
  from: instant,
  to: instant,
  sort: v.optional(v.fallback(v.optional(v.picklist(SORTS)), undefined)),
  /** Ids of the columns in their order, with dots between; absent: the usual ones. */
  columns: word,
  /** Pixels of columns that somebody made wider or narrower: `name-300.args-220`. */
  widths: word,
  /** Tasks that are marked, by uuid. */
  selected: words,
  /** The task that is looked at beside the list. */
  preview: word,
});

export type TaskSearch = v.InferOutput<typeof taskSearch>;
/** What decides which tasks are listed and in what order. */
export type TaskFilter = Omit<TaskSearch, 'selected' | 'preview' | 'columns' | 'widths'>;

export function filterOf({ state, name, worker, search, range, from, to, sort }: TaskSearch): TaskFilter {
  return { state, name, worker, search, range, from, to, sort };
}

export function sortOf(filter: TaskFilter): Sort {
  return filter.sort ?? DEFAULT_SORT;
}

/** How many of the conditions are set; 0 means that all tasks are listed. */
export function conditions(filter: TaskFilter): number {
  const { state, name, worker, search, range } = filter;
  return [state?.length, name, worker, search, range].filter(Boolean).length;
}

/** The times that a filter's range stands for, in epoch seconds. A relative one becomes a time when it is asked. */
function spanOf({ range, from, to }: TaskFilter, now: number): { start?: number; end?: number } {
  if (range === BETWEEN)
    return {
      ...(from === undefined ? {} : { start: Date.parse(from) / 1000 }),
      ...(to === undefined ? {} : { end: Date.parse(to) / 1000 }),
    };
  const seconds = range === undefined ? undefined : RANGES[range]?.seconds;
  return seconds === undefined ? {} : { start: Math.floor(now - seconds) };
}

/** The conditions as the API names them; shared by the list, the export and the bulk revoke. */
export function conditionsOf(filter: TaskFilter, now: number) {
  const { start, end } = spanOf(filter, now);
  return {
    state: filter.state,
    name: filter.name,
    worker: filter.worker,
    query: filter.search,
    received_start: start,
    received_end: end,
  };
}

/**
 * The order that the API is asked for. Tasks that run have no run time yet, but what is shown of them counts up: of a
 * list of these alone that which started first runs longest.
 */
function askedSort(filter: TaskFilter): Sort {
  const sort = sortOf(filter);
  const onlyRunning = filter.state?.length === 1 && filter.state[0] === 'STARTED';
  if (!onlyRunning || !sort.endsWith('runtime')) return sort;
  return sort === 'runtime' ? '-started' : 'started';
}

/** Whether tasks that run stand behind all others of a list by run time: those who look for the longest look for them. */
export function runningLast(filter: TaskFilter): boolean {
  const { state = [] } = filter;
  return (
    askedSort(filter) === '-runtime' &&
    (state.length === 0 || (state.length > 1 && state.includes('STARTED')))
  );
}

/** The request for a page of the list. */
export function toQuery(filter: TaskFilter, now: number): Query {
  return { ...conditionsOf(filter, now), sort: askedSort(filter) };
}

/** When a task came, as the server counts it: one that was not received yet when it was sent, or first heard of. */
export function placeInTime({ received, sent, timestamp }: Task): number {
  return received ?? sent ?? timestamp ?? 0;
}

/**
 * Whether a changed task belongs to the list: true, false, or null where only the server can tell (the grammar of the
 * search box is its own).
 */
export function matches(filter: TaskFilter, task: Task, now: number): boolean | null {
  if (filter.state?.length && !filter.state.includes(task.state)) return false;
  if (filter.name !== undefined && task.name !== filter.name) return false;
  if (filter.worker !== undefined && task.worker !== filter.worker) return false;
  const { start, end } = spanOf(filter, now);
  const at = placeInTime(task);
  if (start !== undefined && at < start) return false;
  if (end !== undefined && at >= end) return false;
  return filter.search === undefined ? true : null;
}
