import type { RangeSearch, Span } from './range';
import { refreshAfter } from './useRange';

/** What is asked for of the range of a page. */
export interface Asked {
  readonly search: RangeSearch;
  readonly span: () => Span;
  /** Live updates are paused: nothing is asked for again by itself. */
  readonly paused: boolean;
}

/** The part of a query's key that the range is. */
export function keyOf({ search, span }: Asked): readonly unknown[] {
  return [search.start ?? '', search.end ?? '', span().word];
}

/** Milliseconds after which it is asked for again, at least; false: not by itself. */
export function refresh({ paused, span }: Asked, least = 0): number | false {
  const after = refreshAfter(span().word);
  return paused || after === false ? false : Math.max(least, after);
}
