/**
 * What of a long list is in memory: its beginning, and the pages near the rows in sight. The others are let go, and
 * brought back by their cursors. Pure functions.
 */
import type { Task, TaskPage } from '../api/types';
import type { Sight } from '../components/table';
import { placeInTime } from './filter';
import {
  type AwayPage,
  firstOf,
  isAway,
  keptOf,
  mapPages,
  type Page,
  type Paged,
  pagesOf,
  sizeOf,
} from './pages';

/** Rows at the top that are never let go: as many can be marked at once. */
export const BEGINNING = 500;
/** Rows kept on either side of those in sight. */
const NEAR = 500;
/** Tasks asked for beyond those that a page had: some may have come to it since. */
export const SPARE = 20;

/** Lets go of the pages that are far from the rows in sight. The same list comes back where there are none. */
export function letGo<Feed extends Paged>(feed: Feed, { first, last }: Sight): Feed {
  const pages = mapPages(feed.pages, (page, start) => {
    const far = start > last + NEAR || start + sizeOf(page) <= first - NEAR;
    return far && start >= BEGINNING ? awayOf(page) : page;
  });
  return pages === feed.pages ? feed : { ...feed, pages };
}

function awayOf(page: Page): Page {
  if (isAway(page) || page.cursor === null) return page;
  const { cursor, tasks } = page;
  const [first] = tasks;
  if (first === undefined) return page;
  return { cursor, count: tasks.length, first: first.uuid, newest: placeInTime(first) };
}

/** The page that is wanted again: rows of it are in sight, or nearly. */
export function wantedAgain({ pages }: Paged, { first, last }: Sight): AwayPage | undefined {
  const margin = 2 * (last - first);
  return awayWithin(pages, first, last) ?? awayWithin(pages, first - margin, last + margin);
}

function awayWithin(pages: readonly Page[], from: number, to: number): AwayPage | undefined {
  let start = 0;
  for (const page of pages) {
    const end = start + sizeOf(page);
    if (isAway(page) && start < to && end > from) return page;
    start = end;
  }
  return undefined;
}

/** How many rows from the top on are in memory without a gap. */
export function keptFromTop(pages: readonly Page[]): number {
  const gap = pages.findIndex(isAway);
  return keptOf(gap < 0 ? pages : pages.slice(0, gap)).length;
}

/**
 * Brings a page back. It ends where the next one begins, or after as many tasks as it had. The answer may end before
 * that, as a search's does whose time was up: the rest is then a page of its own.
 */
export function bringBack<Feed extends Paged>(feed: Feed, cursor: string, answer: TaskPage): Feed {
  const index = feed.pages.findIndex((page) => isAway(page) && page.cursor === cursor);
  const page = feed.pages[index];
  if (page === undefined || !isAway(page)) return feed;
  const next = firstOf(feed.pages[index + 1]);
  const end = answer.items.findIndex((task) => task.uuid === next);
  const tasks = answer.items.slice(0, end < 0 ? page.count : end);
  const rest = end < 0 ? restOf(page, tasks, answer.next_cursor) : [];
  const back = [...pagesOf(cursor, unlisted(feed.pages, tasks)), ...rest];
  return { ...feed, pages: feed.pages.toSpliced(index, 1, ...back) };
}

/** What is still to come of a page of which some tasks came. */
function restOf(page: AwayPage, tasks: readonly Task[], next: string | null): readonly AwayPage[] {
  const count = page.count - tasks.length;
  if (next === null || count <= 0) return [];
  const last = tasks.at(-1);
  if (last === undefined) return [{ ...page, cursor: next }];
  return [{ cursor: next, count, first: undefined, newest: placeInTime(last) }];
}

/** Without those that stand elsewhere meanwhile: no task is listed twice. */
function unlisted(pages: readonly Page[], tasks: readonly Task[]): readonly Task[] {
  const listed = new Set(keptOf(pages).map((task) => task.uuid));
  return tasks.filter((task) => !listed.has(task.uuid));
}
