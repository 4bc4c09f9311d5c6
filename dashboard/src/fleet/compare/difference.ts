import { compact } from '../../format/number';

/** What is compared: a number, a word, or null where it is not known. */
export type Value = number | string | null;

export interface Difference {
  readonly differs: boolean;
  /** How the second is against the first, in a few words. */
  readonly text: string;
}

/** Numbers that differ by less than this share are called the same. */
const SAME = 0.01;
/** From this many times on it is said how many times, not by how many percent. */
const TIMES = 2;

const same = (text: string): Difference => ({ differs: false, text });
const differs = (text: string): Difference => ({ differs: true, text });

function ofNumbers(first: number, second: number): Difference {
  if (Math.abs(second - first) <= SAME * Math.max(Math.abs(first), Math.abs(second))) return same('same');
  if (first === 0) return differs('none at the first');
  if (second === 0) return differs('none at the second');
  const ratio = second / first;
  if (ratio >= TIMES) return differs(`${compact(ratio)} times`);
  const percent = Math.max(1, Math.round(Math.abs(ratio - 1) * 100));
  if (percent === 100 && ratio < 1) return differs('over 99 % less');
  return differs(`${percent} % ${ratio > 1 ? 'more' : 'less'}`);
}

/** How the second differs from the first. What is not known of one is no difference. */
export function difference(first: Value, second: Value): Difference {
  if (first === null && second === null) return same('');
  if (first === null) return same('not known of the first');
  if (second === null) return same('not known of the second');
  if (typeof first === 'number' && typeof second === 'number') return ofNumbers(first, second);
  return first === second ? same('same') : differs('differs');
}
