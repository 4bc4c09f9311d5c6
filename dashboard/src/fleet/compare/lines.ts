import type { ChartData, Series, Unseen } from '../../charts/model';
import { unseenOf } from '../../overview/series';
import type { Counts, History } from '../../overview/types';

/** The two are told apart by their dashes: colour means a state, and neither is one. */
const LOOKS = [
  { key: 'a', token: 'text' },
  { key: 'b', token: 'text', dash: [5, 3] },
] as const satisfies readonly Partial<Series>[];

interface Frame {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Steps that hold both: as long as the longer ones, from the earlier start to the later end. */
function frameOf(histories: readonly History[]): Frame {
  const step = Math.max(...histories.map((history) => history.step));
  const start = Math.floor(Math.min(...histories.map((history) => history.start)) / step) * step;
  const end = Math.max(...histories.map((history) => history.end));
  return { start, end: start + Math.ceil((end - start) / step) * step, step };
}

function within({ start, step }: Frame, index: number, gaps: readonly Unseen[]): boolean {
  const [from, to] = [start + index * step, start + (index + 1) * step];
  return gaps.some((gap) => gap.start <= from && gap.end >= to);
}

/** A minute's worth in each step of the frame; null where the monitor has no step or saw nothing of it. */
function values(history: History, frame: Frame, of: (counts: Counts) => number): (number | null)[] {
  const steps = Math.round((frame.end - frame.start) / frame.step);
  const sums = Array<number | null>(steps).fill(null);
  for (const { start, counts } of history.points) {
    const index = Math.floor((start - frame.start) / frame.step);
    if (index >= 0 && index < steps) sums[index] = (sums[index] ?? 0) + of(counts);
  }
  const blind = unseenOf(history);
  return sums.map((sum, index) =>
    sum === null || (sum === 0 && within(frame, index, blind)) ? null : (sum * 60) / frame.step,
  );
}

/** One of the two, by its name; its history is null where it did not answer. */
export interface Side {
  readonly name: string;
  readonly history: History | null;
}

/**
 * Both in one chart: tasks a minute over the same steps, though each monitor may have answered in steps of its own.
 * What either did not see is hatched. Null where neither answered.
 */
export function compared(
  sides: readonly Side[],
  now: number,
  of: (counts: Counts) => number,
): ChartData | null {
  const answered = sides.flatMap(({ history }) => (history === null ? [] : [history]));
  if (answered.length === 0) return null;
  const frame = frameOf(answered);
  const series = sides.flatMap(({ name, history }, index): Series[] => {
    const look = LOOKS[index];
    if (history === null || look === undefined) return [];
    return [{ ...look, label: name, kind: 'line', values: values(history, frame, of) }];
  });
  const unfinished = frame.end > now ? Math.round((frame.end - frame.start) / frame.step) - 1 : null;
  return { ...frame, series, unfinished, unseen: answered.flatMap(unseenOf) };
}
