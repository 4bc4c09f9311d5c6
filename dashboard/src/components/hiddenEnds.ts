/** At which ends of a row something is out of sight. */
export interface Scrolled {
  readonly start: boolean;
  readonly end: boolean;
}

/** Pixels that a browser's rounding may leave. */
const ROUNDING = 1;

export function hiddenEnds(
  row: Readonly<Pick<Element, 'scrollLeft' | 'scrollWidth' | 'clientWidth'>>,
): Scrolled {
  // Negative where the writing goes to the left.
  const before = Math.abs(row.scrollLeft);
  return {
    start: before > ROUNDING,
    end: row.scrollWidth - row.clientWidth - before > ROUNDING,
  };
}
