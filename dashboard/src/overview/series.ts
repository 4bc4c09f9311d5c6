import type { ChartData, Series, Unseen } from '../charts/model';
import type { Counts, Distribution, History, Times } from './types';

/** Outcomes in the order of their stack, with the words and colours of their states. */
const OUTCOMES: readonly { readonly key: keyof Counts; readonly token: string }[] = [
  { key: 'succeeded', token: 'success' },
  { key: 'failed', token: 'failure' },
  { key: 'retried', token: 'retry' },
  { key: 'revoked', token: 'revoked' },
];

/** Percentiles are no states: told apart by lightness and dashes, not by colour. */
const PERCENTILES = [
  { key: 'p50', token: 'line-strong', dash: undefined },
  { key: 'p95', token: 'text', dash: undefined },
  { key: 'p99', token: 'text', dash: [5, 3] as const },
] as const;

/** Why a gap is a time of which nothing at all was seen; of others something was. */
const BLIND = new Set(['stopped', 'disconnected', 'cut-off']);

/** Times that were not seen: gaps, and all before the store was made. */
export function unseenOf({
  start,
  end,
  created,
  gaps,
}: Pick<History, 'start' | 'end' | 'created' | 'gaps'>): Unseen[] {
  const before = created > start ? [{ start, end: Math.min(created, end) }] : [];
  const blind = gaps.filter(({ why }) => BLIND.has(why));
  return [...before, ...blind.map((gap) => ({ start: gap.start, end: gap.end ?? end }))];
}

function frame(history: History, now: number): Omit<ChartData, 'series'> {
  const { start, end, step } = history;
  const unfinished = end > now ? Math.round((end - start) / step) - 1 : null;
  return { start, end, step, unfinished, unseen: unseenOf(history) };
}

/** Tasks a minute in each step, by outcome; `only` for a chart of some of them. */
export function throughput(history: History, now: number, only?: readonly (keyof Counts)[]): ChartData {
  const minutes = history.step / 60;
  const shown = OUTCOMES.filter(({ key }) => only === undefined || only.includes(key));
  const series = shown.map(({ key, token }): Series => ({
    key,
    label: key,
    token,
    kind: 'bar',
    values: history.points.map(({ counts }) => counts[key] / minutes),
  }));
  return { ...frame(history, now), series };
}

/** p50, p95 and p99 in each step. */
export function percentiles(history: History, of: keyof Times, now: number): ChartData {
  const series = PERCENTILES.map(({ key, token, dash }): Series => ({
    key,
    label: key,
    token,
    kind: 'line',
    values: history.points.map(({ times }) => times?.[of][key] ?? null),
    ...(dash ? { dash } : {}),
  }));
  return { ...frame(history, now), series };
}

/** The outcomes of a chart of them as texts. */
export function countTexts(counts: Counts, format: (value: number) => string): Record<string, string> {
  return Object.fromEntries(OUTCOMES.map(({ key }) => [key, format(counts[key])]));
}

/** The percentiles of a distribution as texts. */
export function percentileTexts(
  { p50, p95, p99 }: Distribution,
  format: (value: number | null) => string,
): Record<string, string> {
  return { p50: format(p50), p95: format(p95), p99: format(p99) };
}
