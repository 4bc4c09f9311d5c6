import { describe, expect, it } from 'vitest';
import { hiddenEnds } from './hiddenEnds';

describe('the ends of a row that are out of sight', () => {
  it.each([
    ['none where all fits', 0, 300, { start: false, end: false }],
    ['the last at the beginning', 0, 500, { start: false, end: true }],
    ['both in the middle', 80, 500, { start: true, end: true }],
    ['the first at the end', 200, 500, { start: true, end: false }],
    ['the first at the end, by fractions of a pixel', 199.4, 500, { start: true, end: false }],
    ['the same where one writes to the left', -200, 500, { start: true, end: false }],
  ])('are %s', (_, scrollLeft, scrollWidth, ends) =>
    expect(hiddenEnds({ scrollLeft, scrollWidth, clientWidth: 300 })).toEqual(ends),
  );
});
