import { describe, expect, it } from 'vitest';
import { percent } from './figures';
import { backlog, extents, lag, seen, workers } from './samples';
import type { SummaryHistory } from './types';

/** Four minutes from 600 on; the monitor did not run in the second. */
function history(known: Partial<SummaryHistory> = {}): SummaryHistory {
  return {
    start: 600,
    end: 840,
    step: 60,
    workers: [2, null, 3, null],
    least_workers: [2, null, 1, null],
    waiting: [null, null, 7, null],
    most_waiting: [null, null, 9, null],
    lag: [0.2, null, null, null],
    most_lag: [0.3, null, null, null],
    seen: [1, null, 0.99, null],
    least_seen: [1, null, 0.98, null],
    ...known,
  };
}

const LATE = 830;

describe('a minute without a sample', () => {
  const hole = { start: 660, end: 720 };

  it('is hatched', () => expect(workers(history(), LATE).unseen).toEqual([hole]));
  it('is not told from one without events by the lag', () =>
    expect(lag(history(), LATE).unseen).toEqual([hole]));
  it('is hatched in the backlog where nobody looked', () =>
    expect(backlog(history(), LATE).unseen).toEqual([{ start: 600, end: 720 }]));
  it('is hatched when it is over', () =>
    expect(workers(history(), 840).unseen).toEqual([hole, { start: 780, end: 840 }]));
});

it.each([
  [60, ['online']],
  [120, ['online', 'fewest']],
])('shows in steps of %d s %o', (step, keys) => {
  expect(workers(history({ step }), LATE).series.map(({ key }) => key)).toEqual(keys);
});

describe('the share that was seen', () => {
  const lowest = (least_seen: SummaryHistory['least_seen']) => seen(history({ least_seen }), LATE).range?.[0];

  it('is drawn so that one in a hundred tells', () => expect(lowest([1, null, 0.98])).toBe(0.9));
  it('is drawn whole where much was missed', () => expect(lowest([1, null, 0.4])).toBe(0.4));
  it('is told in words', () =>
    expect(extents(seen(history(), LATE), (value) => percent(value ?? 0))).toEqual({
      seen: '99 % to 100 %',
    }));
});
