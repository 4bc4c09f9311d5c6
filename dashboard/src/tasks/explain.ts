/** What is wrong with a query, where, and what to write instead. */
export interface Explanation {
  readonly message: string;
  /** The query before the place, the character at it, and the rest; null where it is the query as a whole. */
  readonly place: readonly [string, string, string] | null;
  readonly advice: string;
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /at least 3 characters/,
    'Go on typing. Shorter texts are found in a field of exact values: state:RETRY, kwargs:n=4.',
  ],
  [
    /NOT is not supported|Negation/,
    'Only what is wanted can be said: choose the other states, or sort the list.',
  ],
  [/Unterminated quoted/, 'Close the quotes; a quote within them is written \\".'],
  [/closing parenthesis/, 'Close the parenthesis, or put it into quotes to search for it: "(1".'],
  [
    /Unexpected|Expected a search term/,
    'A parenthesis or operator that is meant as text stands in quotes: "(1, 2)".',
  ],
  [/must be followed/, 'Go on typing, or put the word into quotes to search for it.'],
  [/Empty group|Empty search term/, 'Put a word into it, or take it away.'],
  [/requires a value/, 'Go on typing: a value follows the colon.'],
  [/exceeds/, 'Make it shorter: the fields beside it narrow the list too.'],
];

/** Explains an error of the server's, whose positions count characters from 0. */
export function explain(query: string, detail: string): Explanation {
  const found = /^(.*?)(?: at position (\d+))?\.?$/.exec(detail);
  const message = found?.[1] ?? detail;
  const advice = ADVICE.find(([pattern]) => pattern.test(message))?.[1] ?? '';
  const at = found?.[2] === undefined ? null : Number(found[2]);
  const points = Array.from(query);
  const place =
    at === null
      ? null
      : ([points.slice(0, at).join(''), points[at] ?? '', points.slice(at + 1).join('')] as const);
  return { message, place, advice };
}
