import { type ChartData, extent, holes, type Series } from '../charts/model';
import type { SummaryHistory } from './types';

type Values = Series['values'];

/** Part that was seen from which on the picture begins, unless less was: of a picture from 0 on, 1 % is one pixel. */
const FLOOR = 0.9;

function line(key: string, values: Values): Series {
  return { key, label: key, token: 'text', kind: 'line', values };
}

/** The mean of each step and, where a step is long enough to hide it, the worst within it. */
function lines(step: number, mean: Series, worst: Series): Series[] {
  return step > 60 ? [mean, { ...worst, token: 'line-strong', dash: [5, 3] }] : [mean];
}

/** A chart; hatched where `sampled` was not known. */
function chart(history: SummaryHistory, now: number, sampled: Values, series: Series[]): ChartData {
  const { start, end, step } = history;
  const unfinished = end > now ? Math.round((end - start) / step) - 1 : null;
  return { start, end, step, unfinished, unseen: holes({ start, step, unfinished }, sampled), series };
}

export function workers(history: SummaryHistory, now: number): ChartData {
  const { step, workers: mean, least_workers: least } = history;
  return chart(history, now, mean, lines(step, line('online', mean), line('fewest', least)));
}

export function backlog(history: SummaryHistory, now: number): ChartData {
  const { step, waiting, most_waiting: most } = history;
  return chart(history, now, waiting, lines(step, line('ready', waiting), line('most ready', most)));
}

/** Where no event came there is no line, but the monitor listened: that is told by the number of workers. */
export function lag(history: SummaryHistory, now: number): ChartData {
  const { step, lag: mean, most_lag: most } = history;
  return chart(history, now, history.workers, lines(step, line('lag', mean), line('highest', most)));
}

export function seen(history: SummaryHistory, now: number): ChartData {
  const { step, seen: mean, least_seen: least } = history;
  const series = lines(step, line('seen', mean), line('lowest', least));
  const lowest = Math.min(FLOOR, ...least.filter((value) => value !== null));
  // A little more than all, or half of a line that stands there would be cut off.
  const highest = 1 + (1 - lowest) * 0.05;
  return { ...chart(history, now, history.workers, series), range: [lowest, highest] };
}

/** Whether a number was known at all. */
export function isKnown(values: Values): boolean {
  return values.some((value) => value !== null);
}

/** What stands for each series while nothing is pointed at. */
export function extents(
  { series }: ChartData,
  format: (value: number | null) => string,
): Record<string, string> {
  return Object.fromEntries(series.map(({ key, values }) => [key, extent(values, format)]));
}
