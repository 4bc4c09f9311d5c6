/** Milliseconds before the first repeat. */
const FIRST = 500;
/** Milliseconds between repeats at most: a monitor that is back is seen soon by a person who waits. */
const LONGEST = 15_000;

/**
 * How long to wait before the attempt after `failures` failed ones, in milliseconds: doubling, capped, and anywhere in
 * the upper half (`random` gives 0 to 1), so that the pages of a whole office do not come back in one instant.
 */
export function backoff(failures: number, random: () => number): number {
  const full = Math.min(LONGEST, FIRST * 2 ** Math.max(0, failures - 1));
  return Math.round(full * (0.5 + random() / 2));
}
