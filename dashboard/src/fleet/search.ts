import * as v from 'valibot';
import { type RangeSearch, rangeSearch } from '../app/range';
import { FLEET_SORTS } from './fleet';

const word = v.optional(v.fallback(v.optional(v.pipe(v.string(), v.minLength(1))), undefined));

/** Two monitors that are marked or compared, as `NAMESPACE/NAME`. */
const pair = { a: word, b: word };

/** The URL of all monitors. The range is that which a monitor is opened with. */
export const fleetSearch = v.object({
  ...rangeSearch.entries,
  ...pair,
  search: word,
  sort: v.optional(v.fallback(v.optional(v.picklist(FLEET_SORTS)), undefined)),
  /** `everywhere`: the text is looked for in tasks and workers of all monitors, too. */
  look: v.optional(v.fallback(v.optional(v.picklist(['everywhere'])), undefined)),
  view: v.optional(v.fallback(v.optional(v.picklist(['map'])), undefined)),
});
export type FleetSearch = v.InferOutput<typeof fleetSearch>;

/** The URL of two monitors side by side. */
export const compareSearch = v.object({ ...rangeSearch.entries, ...pair });
export type CompareSearch = v.InferOutput<typeof compareSearch>;

/** The part of a URL that says the range. */
export function rangeOf({ range, start, end }: RangeSearch): RangeSearch {
  return { range, start, end };
}

/** Both that are marked, the one that was marked first in front. */
export function pairOf({ a, b }: Pick<FleetSearch, 'a' | 'b'>): readonly string[] {
  return [...new Set([a, b])].filter((key) => key !== undefined);
}

/** The URL of what is marked: of more than two the last two. */
export function marked(keys: Iterable<string>): Pick<FleetSearch, 'a' | 'b'> {
  const [a, b] = [...keys].slice(-2);
  return { a, b };
}
