import { describe, expect, it } from 'vitest';
import { consumers, depth, isKnown, type QueueHistory } from './history';

function history(known: Partial<QueueHistory> = {}): QueueHistory {
  return {
    name: 'mail',
    start: 600,
    end: 900,
    step: 60,
    ready: [1, null, null, 4, null],
    unacknowledged: [0, null, null, null, null],
    consumers: [2, null, null, 1, null],
    most_ready: [1, null, null, 9, null],
    ...known,
  };
}

describe('where nobody looked', () => {
  it('are gaps of whole steps', () =>
    expect(depth(history(), 900).unseen).toEqual([
      { start: 660, end: 780 },
      { start: 840, end: 900 },
    ]));

  it('is not what is not over yet', () =>
    expect(depth(history(), 870).unseen).toEqual([{ start: 660, end: 780 }]));

  it('is no 0', () => expect(consumers(history(), 900).series[0]?.values).toEqual([2, null, null, 1, null]));
});

describe('a chart of a queue', () => {
  const keys = (step: number) => depth(history({ step }), 0).series.map(({ key }) => key);

  it('shows messages by minute', () => expect(keys(60)).toEqual(['ready', 'unacknowledged']));
  it('shows the peaks of longer steps', () =>
    expect(keys(3600)).toEqual(['ready', 'most ready', 'unacknowledged']));
});

it('knows when nobody looked at all', () => {
  expect(isKnown(history())).toBe(true);
  expect(isKnown(history({ ready: [null, null] }))).toBe(false);
});
