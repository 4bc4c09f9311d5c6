/**
 * A list as it is kept: pages, in the server's order. Of a page that was let go there is only how many tasks it had, and
 * what brings them back, so that a long list takes hardly more memory than a short one. Pure functions.
 */
import type { Task } from '../api/types';
import type { Rows } from '../components/table';
import { placeInTime } from './filter';

/** A page whose tasks are in memory; it has some. */
export interface KeptPage {
  /** What it was asked for by; null: it is the first. Asked for again it would be another. */
  readonly cursor: string | null;
  readonly tasks: readonly Task[];
}

/** A page that was let go. */
export interface AwayPage {
  readonly cursor: string;
  readonly count: number;
  /** The uuid of its first task, where it is known: the page before it ends there. */
  readonly first: string | undefined;
  /** The place of its first task in the order of time, or of the one before it. */
  readonly newest: number;
}

export type Page = KeptPage | AwayPage;

export interface Paged {
  readonly pages: readonly Page[];
}

export function isAway(page: Page): page is AwayPage {
  return 'count' in page;
}

/** Pages of an answer: none where it is empty, which a search's may be before its end. */
export function pagesOf(cursor: string | null, tasks: readonly Task[]): readonly KeptPage[] {
  return tasks.length > 0 ? [{ cursor, tasks }] : [];
}

export function sizeOf(page: Page): number {
  return isAway(page) ? page.count : page.tasks.length;
}

/** The tasks that are in memory. */
export function keptOf(pages: readonly Page[]): readonly Task[] {
  return pages.flatMap((page) => (isAway(page) ? [] : page.tasks));
}

export function firstOf(page: Page | undefined): string | undefined {
  return page && (isAway(page) ? page.first : page.tasks[0]?.uuid);
}

function newestOf(page: Page): number {
  if (isAway(page)) return page.newest;
  const [first] = page.tasks;
  return first === undefined ? -Infinity : placeInTime(first);
}

/** The number of the page in which a task stands by its place in time, in a list that is in this order. */
export function pageAt(pages: readonly Page[], place: number): number {
  return Math.max(
    0,
    pages.findLastIndex((page) => newestOf(page) >= place),
  );
}

/** Changes pages one by one; the same list comes back where none of them changed. */
export function mapPages(
  pages: readonly Page[],
  change: (page: Page, start: number, index: number) => Page,
): readonly Page[] {
  let start = 0;
  const changed = pages.map((page, index) => {
    const from = start;
    start += sizeOf(page);
    return change(page, from, index);
  });
  return changed.some((page, index) => page !== pages[index]) ? changed : pages;
}

/** The rows of the list. */
export function rowsOf(pages: readonly Page[]): Rows<Task> {
  const starts: number[] = [];
  let length = 0;
  for (const page of pages) {
    starts.push(length);
    length += sizeOf(page);
  }
  const at = (index: number) => {
    const number = starts.findLastIndex((start) => start <= index);
    const page = pages[number];
    return page === undefined || isAway(page) ? undefined : page.tasks[index - (starts[number] ?? 0)];
  };
  const findIndex = (is: (task: Task) => boolean) => {
    for (const [number, page] of pages.entries()) {
      const found = isAway(page) ? -1 : page.tasks.findIndex(is);
      if (found >= 0) return found + (starts[number] ?? 0);
    }
    return -1;
  };
  return { length, at, findIndex };
}
