import { describe, expect, it } from 'vitest';
import { makeGap, makeHistory } from '../testing/history';
import { percentiles, throughput, unseenOf } from './series';

const HISTORY = makeHistory({ points: [{ succeeded: 120, failed: 4 }, { succeeded: 60 }] });

describe('throughput', () => {
  it('is in tasks a minute, whatever the step', () => {
    const { series } = throughput({ ...HISTORY, step: 120, end: HISTORY.start + 240 }, HISTORY.end);
    expect(series.map(({ key, values }) => [key, values])).toEqual([
      ['succeeded', [60, 30]],
      ['failed', [2, 0]],
      ['retried', [0, 0]],
      ['revoked', [0, 0]],
    ]);
  });

  it('shows only some outcomes when asked', () => {
    expect(throughput(HISTORY, 0, ['failed']).series.map(({ key }) => key)).toEqual(['failed']);
  });

  it('knows the step that is not over', () => {
    expect(throughput(HISTORY, HISTORY.end - 10).unfinished).toBe(1);
    expect(throughput(HISTORY, HISTORY.end).unfinished).toBeNull();
  });
});

it('percentiles are unknown where they were not told', () => {
  const { series } = percentiles(HISTORY, 'run', HISTORY.end);
  expect(series.map(({ values }) => values)).toEqual([
    [1, null],
    [2, null],
    [3, null],
  ]);
});

describe('what was not seen', () => {
  it('is all before the store was made', () => {
    expect(unseenOf({ ...HISTORY, created: HISTORY.start + 30 })).toEqual([
      { start: HISTORY.start, end: HISTORY.start + 30 },
    ]);
  });

  it('is what the monitor did not run for, up to the end where it goes on', () => {
    const gaps = [makeGap({ start: HISTORY.start + 5, end: null })];
    expect(unseenOf({ ...HISTORY, gaps })).toEqual([{ start: HISTORY.start + 5, end: HISTORY.end }]);
  });

  it('is not a time of which something was seen', () => {
    expect(unseenOf({ ...HISTORY, gaps: [makeGap({ why: 'dropped' })] })).toEqual([]);
  });
});
