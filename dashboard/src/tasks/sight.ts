/**
 * What of a long list is in memory: its beginning, and the rows near those in sight. Of the others only where they stand
 * is kept, and the cursor of the page that brings them back. Pure functions.
 */
import type { Task, TaskPage } from '../api/types';
import { type Away, isAway, type Sight } from '../components/table';
import { placeInTime } from './filter';

/** Rows kept on either side of those in sight. */
const NEAR = 500;
/** Rows loaded beyond those before any are let go: each look goes through the whole list. */
const SLACK = 500;

/** A task that was let go. */
export interface AwayTask extends Away {
  readonly uuid: string;
  /** Its place in the order of time. */
  readonly at: number;
  /** Of the page that it is in. */
  readonly cursor: string;
  /** None is known. */
  readonly state?: undefined;
}

export type Listed = Task | AwayTask;

/** Where a page begins that was asked for by a cursor. The first page has none: asked for again it would be another. */
export interface Start {
  readonly cursor: string;
  /** The first of its tasks. */
  readonly uuid: string;
}

interface Rows {
  readonly rows: readonly Listed[];
  readonly starts: readonly Start[];
}

export function isGone(task: Listed): task is AwayTask {
  return isAway(task);
}

/** Where a task stands in the order of time. */
export function placeOf(task: Listed): number {
  return isGone(task) ? task.at : placeInTime(task);
}

/** Lets go of what is far from the rows in sight. The same rows come back where that would not be much. */
export function letGo<Feed extends Rows>(feed: Feed, sight: Sight): Feed {
  if (feed.rows.length < sight.last - sight.first + 2 * NEAR + SLACK) return feed;
  const cursors = new Map(feed.starts.map(({ uuid, cursor }) => [uuid, cursor]));
  let cursor: string | undefined;
  let gone = 0;
  const rows = feed.rows.map((task, index) => {
    cursor = cursors.get(task.uuid) ?? cursor;
    const near = index >= sight.first - NEAR && index <= sight.last + NEAR;
    if (cursor === undefined || near || isGone(task)) return task;
    gone += 1;
    return { away: task.uuid, uuid: task.uuid, at: placeOf(task), cursor };
  });
  return gone < SLACK ? feed : { ...feed, rows };
}

/** The cursor of the first page that is wanted again: rows of it are in sight, or nearly. */
export function wantedAgain({ rows }: Rows, { first, last }: Sight): string | undefined {
  const margin = 2 * (last - first);
  return rows.slice(Math.max(0, first - margin), last + margin).find(isGone)?.cursor;
}

/**
 * Brings tasks of a page back. Those that the answer passes over are gone from the list; it may end before the last of
 * them, as a search does whose time was up: these come with the page after it.
 */
export function bringBack<Feed extends Rows>(feed: Feed, cursor: string, page: TaskPage): Feed {
  const found = new Map(page.items.map((task) => [task.uuid, task]));
  const isMissing = (task: Listed): task is AwayTask => isGone(task) && task.cursor === cursor;
  const end = feed.rows.findLastIndex((task) => isMissing(task) && found.has(task.uuid));
  const rows = feed.rows.flatMap((task, index): readonly Listed[] => {
    if (!isMissing(task)) return [task];
    const back = found.get(task.uuid);
    if (back !== undefined) return [back];
    return index < end || page.next_cursor === null ? [] : [{ ...task, cursor: page.next_cursor }];
  });
  return { ...feed, rows, starts: stillThere(feed, rows) };
}

/** Starts of pages, each at a row that is there: the next one of the page where its first is gone. */
function stillThere(before: Rows, rows: readonly Listed[]): readonly Start[] {
  if (rows.length === before.rows.length) return before.starts;
  const kept = new Set(rows.map(({ uuid }) => uuid));
  const pending = new Map(before.starts.map((start) => [start.uuid, start]));
  let open: Start | undefined;
  return before.rows.flatMap(({ uuid }) => {
    open = pending.get(uuid) ?? open;
    if (open === undefined || !kept.has(uuid)) return [];
    const start = { ...open, uuid };
    open = undefined;
    return [start];
  });
}
