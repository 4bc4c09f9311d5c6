/**
 * The list of tasks as it is kept in the browser, and how live changes fold into it. Pure functions; who fetches,
 * and when rows may move, is decided in `useTaskFeed.ts`.
 *
 * Rows that are listed are replaced where they stand. Tasks that are new to the list wait in `waiting` until
 * `release`, so that nothing moves under a reader.
 */
import type { Task, TaskDelta, TaskPage } from '../api/types';
import { DEFAULT_SORT, matches, sortOf, type TaskFilter } from './filter';
import { type Listed, placeOf, type Start } from './sight';

/** New tasks kept waiting at most; beyond that the list is outdated and asked for anew. */
const WAITING = 200;
/** Rows that a live list at its top may grow to before it starts again with the first page: memory stays flat. */
const GROWN = 1000;

export interface TaskFeed {
  /** In their order; of a long list not all are in memory (see `sight.ts`). */
  readonly rows: readonly Listed[];
  /** Where the pages begin that follow the first. */
  readonly starts: readonly Start[];
  /** Continues the list after its last row; null at its end. */
  readonly next: string | null;
  /** New to the list, newest first. */
  readonly waiting: readonly Task[];
  /** Something new came that can't be put in its place here: `release` is not enough, the list must be asked anew. */
  readonly outdated: boolean;
  /** Only the server can say what is new: its first page is wanted (see `mergeHead`). */
  readonly headWanted: boolean;
}

export function feedOf(page: TaskPage): TaskFeed {
  return {
    rows: page.items,
    starts: [],
    next: page.next_cursor,
    waiting: [],
    outdated: false,
    headWanted: false,
  };
}

/** Adds the page that `feed.next` pointed to; a task that moved between two requests is not listed twice. */
export function append(feed: TaskFeed, page: TaskPage): TaskFeed {
  const listed = new Set(feed.rows.map((task) => task.uuid));
  const fresh = page.items.filter((task) => !listed.has(task.uuid));
  const [first] = fresh;
  const starts =
    first === undefined || feed.next === null
      ? feed.starts
      : [...feed.starts, { cursor: feed.next, uuid: first.uuid }];
  return { ...feed, rows: [...feed.rows, ...fresh], starts, next: page.next_cursor };
}

/** The server's order: a task that was not received yet counts from when it was sent or first heard of. */
function newestFirst(left: Listed, right: Listed): number {
  return placeOf(right) - placeOf(left);
}

function replaceIn<Any extends Listed>(
  tasks: readonly Any[],
  changed: ReadonlyMap<string, Task>,
): readonly (Any | Task)[] {
  if (!tasks.some((task) => changed.has(task.uuid))) return tasks;
  return tasks.map((task) => changed.get(task.uuid) ?? task);
}

/** Whether the place of a new task lies within the rows that are loaded: what is older comes with its page. */
function withinLoaded(feed: TaskFeed, task: Task): boolean {
  const last = feed.rows.at(-1);
  return feed.next === null || last === undefined || newestFirst(task, last) <= 0;
}

function wait(feed: TaskFeed, fresh: readonly Task[]): TaskFeed {
  if (fresh.length === 0) return feed;
  const waiting = [...fresh, ...feed.waiting].sort(newestFirst);
  const outdated = feed.outdated || waiting.length > WAITING;
  return { ...feed, waiting: waiting.slice(0, WAITING), outdated };
}

/** Folds one delta of the stream in. The same feed comes back where nothing of it changed. */
export function fold(feed: TaskFeed, delta: TaskDelta, filter: TaskFilter, now: number): TaskFeed {
  const changed = new Map(delta.items.map((task) => [task.uuid, task]));
  const rows = replaceIn(feed.rows, changed);
  const waiting = replaceIn(feed.waiting, changed);
  for (const task of [...rows, ...waiting]) changed.delete(task.uuid);
  const strangers = [...changed.values()].map((task) => ({ task, belongs: matches(filter, task, now) }));
  const fresh = strangers.filter(({ belongs }) => belongs === true).map(({ task }) => task);
  const unsure = delta.truncated || strangers.some(({ belongs }) => belongs === null);
  const touched = rows !== feed.rows || waiting !== feed.waiting;
  const base = touched ? { ...feed, rows, waiting } : feed;
  return place(unsure && !base.headWanted ? { ...base, headWanted: true } : base, fresh, filter);
}

function place(feed: TaskFeed, fresh: readonly Task[], filter: TaskFilter): TaskFeed {
  if (sortOf(filter) === DEFAULT_SORT)
    return wait(
      feed,
      fresh.filter((task) => withinLoaded(feed, task)),
    );
  return fresh.length > 0 && !feed.outdated ? { ...feed, outdated: true } : feed;
}

/**
 * Merges the server's own first rows: known ones are replaced, others are new. When none is known although there is
 * more behind them, the list and the rows do not touch any more and the list is outdated.
 */
export function mergeHead(feed: TaskFeed, page: TaskPage, filter: TaskFilter): TaskFeed {
  const known = new Set([...feed.rows, ...feed.waiting].map((task) => task.uuid));
  const fresh = page.items.filter((task) => !known.has(task.uuid));
  const changed = new Map(page.items.map((task) => [task.uuid, task]));
  const rows = replaceIn(feed.rows, changed);
  const waiting = replaceIn(feed.waiting, changed);
  const apart = fresh.length > 0 && fresh.length === page.items.length && page.next_cursor !== null;
  const merged = { ...feed, rows, waiting, headWanted: false, outdated: feed.outdated || apart };
  return place(merged, fresh, filter);
}

/** How many new tasks wait; `atLeast` when there are more than could be kept. */
export function waitingCount(feed: TaskFeed): { readonly count: number; readonly atLeast: boolean } {
  return { count: feed.waiting.length, atLeast: feed.outdated };
}

/** Puts the waiting tasks into their places. */
export function release(feed: TaskFeed): TaskFeed {
  if (feed.waiting.length === 0) return feed;
  return { ...feed, rows: [...feed.waiting, ...feed.rows].sort(newestFirst), waiting: [] };
}

/** What to do with a feed while no reader holds its rows: bring the waiting in, ask for the list anew, or nothing. */
export function nextStep(feed: TaskFeed, filter: TaskFilter): 'release' | 'reload' | 'nothing' {
  // Any other order would shuffle by itself: it waits for the reader's press.
  if (sortOf(filter) !== DEFAULT_SORT) return 'nothing';
  if (feed.outdated || (feed.waiting.length > 0 && feed.rows.length > GROWN)) return 'reload';
  return feed.waiting.length > 0 ? 'release' : 'nothing';
}
