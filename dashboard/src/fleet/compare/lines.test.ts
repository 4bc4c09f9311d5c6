import { describe, expect, it } from 'vitest';
import { finished } from '../../overview/figures';
import { makeGap, makeHistory } from '../../testing/history';
import { compared } from './lines';

const LATER = 200_000;
const side = (name: string, history: ReturnType<typeof makeHistory> | null) => ({ name, history });
const minute = (n: number) => ({ succeeded: n });

describe('two monitors in one chart', () => {
  it('have the same steps', () => {
    const a = makeHistory({ points: [minute(1), minute(2)] });
    const b = makeHistory({ points: [minute(3), minute(4)] });
    const data = compared([side('t/a', a), side('t/b', b)], LATER, finished);
    expect(data).toMatchObject({ start: a.start, end: a.end, step: 60 });
    expect(data?.series.map(({ label, values }) => [label, values])).toEqual([
      ['t/a', [1, 2]],
      ['t/b', [3, 4]],
    ]);
  });

  it('have them too where one keeps longer ones: what is shown is a minute’s worth', () => {
    const points = Array.from({ length: 4 }, () => minute(5));
    const fine = { ...makeHistory({ points }), start: 96_000, end: 96_240 };
    const coarse = {
      ...makeHistory({ points: [minute(8), minute(8)] }),
      start: 96_000,
      end: 96_240,
      step: 120,
    };
    coarse.points.forEach((point, index) => Object.assign(point, { start: 96_000 + index * 120 }));
    const data = compared([side('t/a', fine), side('t/b', coarse)], LATER, finished);
    expect(data?.series.map(({ values }) => values)).toEqual([
      [5, 5],
      [4, 4],
    ]);
  });

  it('have no zero where one has no step', () => {
    const early = makeHistory({ points: [minute(1), minute(1)] });
    const late = makeHistory({ points: [minute(7)] });
    Object.assign(late, { start: 96_060, end: 96_120 });
    Object.assign(late.points[0] ?? {}, { start: 96_060 });
    const data = compared([side('t/a', early), side('t/b', late)], LATER, finished);
    expect(data?.series[1]?.values).toEqual([null, 7]);
  });

  it('have none where one saw nothing, and that time is hatched', () => {
    const blind = makeHistory({ points: [{}, minute(2)], gaps: [makeGap()] });
    const data = compared(
      [side('t/a', blind), side('t/b', makeHistory({ points: [{}, {}] }))],
      LATER,
      finished,
    );
    expect(data?.series.map(({ values }) => values)).toEqual([
      [null, 2],
      [0, 0],
    ]);
    expect(data?.unseen).toEqual([{ start: 96_000, end: 96_060 }]);
  });

  it('leave out one that did not answer, and are none without any', () => {
    const data = compared([side('t/a', null), side('t/b', makeHistory())], LATER, finished);
    expect(data?.series.map(({ key }) => key)).toEqual(['b']);
    expect(compared([side('t/a', null), side('t/b', null)], LATER, finished)).toBeNull();
  });

  it('know which step is not over', () =>
    expect(compared([side('t/a', makeHistory({ points: [{}, {}] }))], 96_100, finished)?.unfinished).toBe(1));
});
