import type { ChartData, Series } from '../charts/model';
import { compact, count } from '../format/number';
import { unseenOf } from '../overview/series';
import type { Gap } from '../overview/types';
import { BETWEEN, type TaskFilter } from './filter';
import { iso } from './instants';

/** One step of `GET /api/v1/task-histogram`; null: there are too many tasks after it for it to be counted. */
export interface Bar {
  readonly start: number;
  readonly n: number | null;
  readonly failed: number | null;
}

/** When tasks were received; epoch seconds. */
export interface Histogram {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly counted_from: number;
  readonly created: number;
  readonly points: readonly Bar[];
  readonly gaps: readonly Gap[];
}

/** A part of it, in whole steps. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/** Colours of what is listed, where that is one state. */
const STATE_TOKENS: Readonly<Record<string, string>> = {
  SUCCESS: 'success',
  FAILURE: 'failure',
  RETRY: 'retry',
  STARTED: 'started',
  RECEIVED: 'received',
  REVOKED: 'revoked',
};

/** The picture: those that failed below the others. */
export function chartOf(histogram: Histogram, state: TaskFilter['state'], now: number): ChartData {
  const { start, end, step, points, counted_from } = histogram;
  const [only, ...more] = state ?? [];
  const token = (more.length === 0 && STATE_TOKENS[only ?? '']) || 'line-strong';
  const others = points.map(({ n, failed }) => (n === null ? null : n - (failed ?? 0)));
  const series: readonly Series[] = [
    {
      key: 'failed',
      label: 'failed',
      token: 'failure',
      kind: 'bar',
      values: points.map(({ failed }) => failed),
    },
    { key: 'others', label: 'others', token, kind: 'bar', values: others },
  ];
  const uncounted = counted_from > start ? [{ start, end: counted_from }] : [];
  const unfinished = end > now ? points.length - 1 : null;
  return { start, end, step, series, unfinished, unseen: [...uncounted, ...unseenOf(histogram)] };
}

/** How many of a part there are, in words. */
export function countText({ points }: Histogram, { from, to }: Part): string {
  const inside = points.filter(({ start }) => start >= from && start < to);
  const counted = inside.filter(({ n }) => n !== null);
  if (inside.length > 0 && counted.length === 0) return 'too many to count';
  const sum = (of: 'n' | 'failed') => counted.reduce((all, bar) => all + (bar[of] ?? 0), 0);
  const [n, failed] = [sum('n'), sum('failed')];
  const tasks = `${counted.length < inside.length ? 'more than ' : ''}${count(n, 'task')}`;
  return failed > 0 && failed < n ? `${tasks}, ${compact(failed)} failed` : tasks;
}

/** `by minute`, `by 2 hours`. */
export function stepText(step: number): string {
  const units = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
  ] as const;
  const [seconds, unit] = units.find(([length]) => step % length === 0) ?? [1, 'second'];
  const many = step / seconds;
  return many === 1 ? `by ${unit}` : `by ${many} ${unit}s`;
}

/** The steps that a stretch touches; null where it was only a press. */
export function partOf({ start, end, step }: Histogram, from: number, to: number): Part | null {
  if (to - from < step / 2) return null;
  const [first, last] = [Math.floor((from - start) / step), Math.ceil((to - start) / step)];
  return { from: start + Math.max(0, first) * step, to: Math.min(end, start + last * step) };
}

/** The filter of a part. One that reaches until now goes on with the time. */
export function filterOfPart({ from, to }: Part, now: number): Pick<TaskFilter, 'range' | 'from' | 'to'> {
  return { range: BETWEEN, from: iso(from), to: to >= now ? undefined : iso(to) };
}

/** Milliseconds until it is asked for again: a twentieth of its last step, and no more often than every ten seconds. */
export function refreshAfter(step: number): number {
  return Math.min(60_000, Math.max(10_000, step * 50));
}
