import type { Notice } from '../api/types';

/** A notice in its place on the page; `over` once the monitor no longer gives it. */
export interface Placed {
  readonly notice: Notice;
  readonly over: boolean;
}

/** What a page shows of the monitor's notices, each known by its code. */
export interface Notices {
  readonly placed: readonly Placed[];
  /** Came after the page was drawn: to put them above a table would move its rows under a reader's hand. */
  readonly waiting: readonly Notice[];
  /** Codes that the reader has closed, until the monitor stops giving them. */
  readonly closed: readonly string[];
}

/** The notices of a page that is drawn for the first time. */
export function begin(current: readonly Notice[]): Notices {
  return { placed: current.map((notice) => ({ notice, over: false })), waiting: [], closed: [] };
}

/** The monitor gives these now: those in place change in place, new ones wait, those that ended stay and say so. */
export function follow(before: Notices, current: readonly Notice[]): Notices {
  const now = new Map(current.map((notice) => [notice.code, notice]));
  const placed = before.placed.map((old) => {
    const notice = now.get(old.notice.code);
    return notice === undefined ? { ...old, over: true } : { notice, over: false };
  });
  const closed = before.closed.filter((code) => now.has(code));
  const known = new Set([...placed.map(({ notice }) => notice.code), ...closed]);
  return { placed, waiting: current.filter(({ code }) => !known.has(code)), closed };
}

/** Puts those that wait into place. */
export function bringIn(before: Notices): Notices {
  return { ...before, placed: [...before.placed, ...begin(before.waiting).placed], waiting: [] };
}

/** Takes one away; it comes back only when the monitor gives it anew. */
export function close(before: Notices, code: string): Notices {
  const placed = before.placed.filter(({ notice }) => notice.code !== code);
  return { ...before, placed, closed: [...before.closed, code] };
}
