import { describe, expect, it } from 'vitest';
import {
  chartOf,
  countText,
  filterOfPart,
  type Histogram,
  partOf,
  refreshAfter,
  stepText,
} from './histogram';

/** Three minutes from noon, of which the first has one task and the second four, one of them failed. */
function made(known: Partial<Histogram> = {}): Histogram {
  return {
    start: 43_200,
    end: 43_380,
    step: 60,
    counted_from: 43_200,
    created: 1,
    points: [
      { start: 43_200, n: 1, failed: 0 },
      { start: 43_260, n: 4, failed: 1 },
      { start: 43_320, n: 0, failed: 0 },
    ],
    gaps: [],
    ...known,
  };
}
const CUT = made({
  counted_from: 43_260,
  points: [{ start: 43_200, n: null, failed: null }, ...made().points.slice(1)],
});
const WHOLE = { from: 43_200, to: 43_380 };

describe('the picture of a histogram', () => {
  const values = (histogram: Histogram, state?: string[]) =>
    chartOf(histogram, state, 50_000).series.map(({ token, values: all }) => [token, ...all]);

  it('has failed tasks in red below the others', () =>
    expect(values(made())).toEqual([
      ['failure', 0, 1, 0],
      ['line-strong', 1, 3, 0],
    ]));
  it('has the colour of a state that alone is listed', () =>
    expect(values(made(), ['RETRY'])[1]?.[0]).toBe('retry'));
  it('has no colour of a state where several are listed', () =>
    expect(values(made(), ['RETRY', 'SUCCESS'])[1]?.[0]).toBe('line-strong'));
  it('hatches what could not be counted', () =>
    expect(chartOf(CUT, undefined, 50_000).unseen).toEqual([{ start: 43_200, end: 43_260 }]));
  it('knows that its last step is not over', () => {
    expect(chartOf(made(), undefined, 43_379).unfinished).toBe(2);
    expect(chartOf(made(), undefined, 43_380).unfinished).toBeNull();
  });
});

describe('its counts in words', () => {
  it.each([
    [made(), WHOLE, '5 tasks, 1 failed'],
    [made(), { from: 43_200, to: 43_260 }, '1 task'],
    [CUT, WHOLE, 'more than 4 tasks, 1 failed'],
    [CUT, { from: 43_200, to: 43_260 }, 'too many to count'],
  ])('%#', (histogram, part, words) => expect(countText(histogram, part)).toBe(words));
  it('does not tell twice of tasks that all failed', () =>
    expect(countText(made({ points: [{ start: 43_200, n: 3, failed: 3 }] }), WHOLE)).toBe('3 tasks'));
});

it.each([
  [60, 'by minute'],
  [300, 'by 5 minutes'],
  [3600, 'by hour'],
  [172_800, 'by 2 days'],
])('says that a step of %d is %s', (step, words) => expect(stepText(step)).toBe(words));

describe('a stretch that was dragged over', () => {
  it('is widened to whole steps', () =>
    expect(partOf(made(), 43_219, 43_261)).toEqual({ from: 43_200, to: 43_320 }));
  it('does not reach out of the picture', () => expect(partOf(made(), 40_000, 50_000)).toEqual(WHOLE));
  it('is none where it was only a press', () => expect(partOf(made(), 43_219, 43_220)).toBeNull());
});

describe('the filter of a part', () => {
  it('is between two moments', () =>
    expect(filterOfPart(WHOLE, 50_000)).toEqual({
      range: 'between',
      from: '1970-01-01T12:00:00Z',
      to: '1970-01-01T12:03:00Z',
    }));
  it('goes on with the time where it reaches until now', () =>
    expect(filterOfPart(WHOLE, 43_350).to).toBeUndefined());
});

it('is asked for again every ten to sixty seconds', () =>
  expect([60, 600, 86_400].map(refreshAfter)).toEqual([10_000, 30_000, 60_000]));
