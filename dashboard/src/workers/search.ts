import * as v from 'valibot';

const word = v.optional(v.fallback(v.optional(v.pipe(v.string(), v.minLength(1))), undefined));

/** The URL of the workers. */
export const workersSearch = v.object({
  state: v.optional(v.fallback(v.optional(v.picklist(['online', 'lost', 'offline'])), undefined)),
  search: word,
  sort: word,
  view: v.optional(v.fallback(v.optional(v.picklist(['grid'])), undefined)),
});
export type WorkersSearch = v.InferOutput<typeof workersSearch>;
