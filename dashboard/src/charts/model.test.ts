import { describe, expect, it } from 'vitest';
import { compact } from '../format/number';
import { type ChartData, extent, isEmpty, middles, type Series, split, stacked, stepAt } from './model';

function series(values: Series['values'], kind: Series['kind'] = 'bar'): Series {
  return { key: 'k', label: 'k', token: 'success', kind, values };
}

const DATA: ChartData = { start: 60, end: 240, step: 60, series: [], unfinished: 2, unseen: [] };

it('puts a point into the middle of each step', () => {
  expect(middles(DATA)).toEqual([90, 150, 210]);
});

it('lays series one upon the other', () => {
  expect(stacked([series([1, 2, null]), series([4, 0, 5])])).toEqual([
    [1, 2, 0],
    [5, 2, 5],
  ]);
});

describe('the end of a line', () => {
  it('is apart from what is over, and joined to it', () => {
    expect(split([1, 2, 3], 2)).toEqual({ done: [1, 2, null], rest: [null, 2, 3] });
  });

  it('is none where all is over', () => {
    expect(split([1, 2], null)).toEqual({ done: [1, 2], rest: [null, null] });
  });
});

it.each([
  [59, null],
  [60, 0],
  [239, 2],
  [240, null],
])('finds the step of the time %d', (time, index) => {
  expect(stepAt(DATA, time)).toBe(index);
});

it('knows when there is nothing to show', () => {
  expect(isEmpty({ ...DATA, series: [series([0, null, 0])] })).toBe(true);
  expect(isEmpty({ ...DATA, series: [series([0, null, 2])] })).toBe(false);
});

it.each([
  [[1, null, 4], '1 to 4'],
  [[3, 3], '3'],
  [[null], '–'],
])('says of %o what it reached: %s', (values, text) => expect(extent(values, compact)).toBe(text));
