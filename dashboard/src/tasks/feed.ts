/**
 * The list of tasks as it is kept in the browser, and how live changes fold into it. Pure functions; who fetches,
 * and when rows may move, is decided in `useTaskFeed.ts`.
 *
 * Rows that are listed are replaced where they stand. Tasks that are new to the list wait in `waiting` until
 * `release`, so that nothing moves under a reader.
 */
import type { Task, TaskDelta, TaskPage } from '../api/types';
import { DEFAULT_SORT, matches, placeInTime, sortOf, type TaskFilter } from './filter';
import { isAway, keptOf, mapPages, type Page, pageAt, pagesOf, sizeOf } from './pages';

/** New tasks kept waiting at most; beyond that the list is outdated and asked for anew. */
const WAITING = 200;
/** Rows that a live list at its top may grow to before it starts again with the first page: memory stays flat. */
const GROWN = 1000;

export interface TaskFeed {
  /** In their order; of a long list not all are in memory (see `sight.ts`). */
  readonly pages: readonly Page[];
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
    pages: pagesOf(null, page.items),
    next: page.next_cursor,
    waiting: [],
    outdated: false,
    headWanted: false,
  };
}

/** Adds the page that `feed.next` pointed to; a task that moved between two requests is not listed twice. */
export function append(feed: TaskFeed, page: TaskPage): TaskFeed {
  const listed = new Set(keptOf(feed.pages).map((task) => task.uuid));
  const fresh = page.items.filter((task) => !listed.has(task.uuid));
  return { ...feed, pages: [...feed.pages, ...pagesOf(feed.next, fresh)], next: page.next_cursor };
}

/** The server's order: a task that was not received yet counts from when it was sent or first heard of. */
function newestFirst(left: Task, right: Task): number {
  return placeInTime(right) - placeInTime(left);
}

function replaceIn(tasks: readonly Task[], changed: ReadonlyMap<string, Task>): readonly Task[] {
  if (!tasks.some((task) => changed.has(task.uuid))) return tasks;
  return tasks.map((task) => changed.get(task.uuid) ?? task);
}

function replaceInPages(pages: readonly Page[], changed: ReadonlyMap<string, Task>): readonly Page[] {
  return mapPages(pages, (page) => {
    if (isAway(page)) return page;
    const tasks = replaceIn(page.tasks, changed);
    return tasks === page.tasks ? page : { ...page, tasks };
  });
}

/** Whether a new task comes with a page that is still to come, or to come back. */
function comesWithPage({ pages, next }: TaskFeed, task: Task): boolean {
  const place = placeInTime(task);
  const page = pages[pageAt(pages, place)];
  if (page === undefined) return false;
  if (isAway(page)) return true;
  const last = page === pages.at(-1) ? page.tasks.at(-1) : undefined;
  return next !== null && last !== undefined && place < placeInTime(last);
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
  const pages = replaceInPages(feed.pages, changed);
  const waiting = replaceIn(feed.waiting, changed);
  for (const task of [...keptOf(pages), ...waiting]) changed.delete(task.uuid);
  const strangers = [...changed.values()].map((task) => ({ task, belongs: matches(filter, task, now) }));
  const fresh = strangers.filter(({ belongs }) => belongs === true).map(({ task }) => task);
  const unsure = delta.truncated || strangers.some(({ belongs }) => belongs === null);
  const touched = pages !== feed.pages || waiting !== feed.waiting;
  const base = touched ? { ...feed, pages, waiting } : feed;
  return place(unsure && !base.headWanted ? { ...base, headWanted: true } : base, fresh, filter);
}

function place(feed: TaskFeed, fresh: readonly Task[], filter: TaskFilter): TaskFeed {
  if (sortOf(filter) === DEFAULT_SORT)
    return wait(
      feed,
      fresh.filter((task) => !comesWithPage(feed, task)),
    );
  return fresh.length > 0 && !feed.outdated ? { ...feed, outdated: true } : feed;
}

/**
 * Merges the server's own first rows: known ones are replaced, others are new. When none is known although there is
 * more behind them, the list and the rows do not touch any more and the list is outdated.
 */
export function mergeHead(feed: TaskFeed, page: TaskPage, filter: TaskFilter): TaskFeed {
  const known = new Set([...keptOf(feed.pages), ...feed.waiting].map((task) => task.uuid));
  const fresh = page.items.filter((task) => !known.has(task.uuid));
  const changed = new Map(page.items.map((task) => [task.uuid, task]));
  const pages = replaceInPages(feed.pages, changed);
  const waiting = replaceIn(feed.waiting, changed);
  const apart = fresh.length > 0 && fresh.length === page.items.length && page.next_cursor !== null;
  const merged = { ...feed, pages, waiting, headWanted: false, outdated: feed.outdated || apart };
  return place(merged, fresh, filter);
}

/** How many new tasks wait; `atLeast` when there are more than could be kept. */
export function waitingCount(feed: TaskFeed): { readonly count: number; readonly atLeast: boolean } {
  return { count: feed.waiting.length, atLeast: feed.outdated };
}

/** Puts the waiting tasks into their places. */
export function release(feed: TaskFeed): TaskFeed {
  if (feed.waiting.length === 0) return feed;
  const known: readonly Page[] = feed.pages.length > 0 ? feed.pages : [{ cursor: null, tasks: [] }];
  const places = feed.waiting.map((task) => pageAt(known, placeInTime(task)));
  const pages = mapPages(known, (page, _start, index) => {
    const come = feed.waiting.filter((_task, at) => places[at] === index);
    // What belongs to a page that was let go meanwhile comes back with it.
    if (isAway(page) || come.length === 0) return page;
    return { ...page, tasks: [...come, ...page.tasks].sort(newestFirst) };
  });
  return { ...feed, pages, waiting: [] };
}

/** How many rows the list has, in memory or not. */
export function lengthOf({ pages }: TaskFeed): number {
  return pages.reduce((sum, page) => sum + sizeOf(page), 0);
}

/** What to do with a feed while no reader holds its rows: bring the waiting in, ask for the list anew, or nothing. */
export function nextStep(feed: TaskFeed, filter: TaskFilter): 'release' | 'reload' | 'nothing' {
  // Any other order would shuffle by itself: it waits for the reader's press.
  if (sortOf(filter) !== DEFAULT_SORT) return 'nothing';
  if (feed.outdated || (feed.waiting.length > 0 && lengthOf(feed) > GROWN)) return 'reload';
  return feed.waiting.length > 0 ? 'release' : 'nothing';
}
