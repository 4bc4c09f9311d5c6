import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getJson } from '../api/client';
import { part } from '../api/send';
import type { Items } from '../api/types';
import { type Asked, keyOf, refresh } from '../app/asked';
import { POINTS } from '../app/useRange';
import { type ChartData, holes, type Series } from '../charts/model';

/** `GET /api/v1/queues/{name}/history`: values by step; null where nobody looked, or the broker does not tell. */
export interface QueueHistory {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly step: number;
  /** Means of a step. */
  readonly ready: readonly (number | null)[];
  readonly unacknowledged: readonly (number | null)[];
  readonly consumers: readonly (number | null)[];
  readonly most_ready: readonly (number | null)[];
}

/** One of `GET /api/v1/queue-history`. */
export interface QueueLine {
  readonly name: string;
  readonly ready: readonly (number | null)[];
}

/** Steps of a small picture. */
const PARTS = 24;

/** Milliseconds: what was looked at is stored every ten seconds. */
const LEAST = 10_000;

/** How long each queue was, in short. */
export const linesQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['queue-lines', ...keyOf(asked)],
    queryFn: ({ signal }) => {
      const { start, end } = asked.span();
      return getJson<Items<QueueLine>>('api/v1/queue-history', { start, end, points: PARTS }, signal);
    },
    placeholderData: keepPreviousData,
    refetchInterval: refresh(asked, LEAST),
  });

/** How long one queue was. */
export const queueHistoryQuery = (name: string, asked: Asked) =>
  queryOptions({
    queryKey: ['queue-history', name, ...keyOf(asked)],
    queryFn: ({ signal }) => {
      const { start, end } = asked.span();
      const path = `api/v1/queues/${part(name)}/history`;
      return getJson<QueueHistory>(path, { start, end, points: POINTS }, signal);
    },
    // The old range stays while the new one is on its way; another queue's numbers never do.
    placeholderData: (before) => (before?.name === name ? before : undefined),
    refetchInterval: refresh(asked, LEAST),
  });

function line(key: string, token: string, values: Series['values'], dash?: Series['dash']): Series {
  return { key, label: key, token, kind: 'line', values, ...(dash ? { dash } : {}) };
}

function frame(history: QueueHistory, now: number): Omit<ChartData, 'series'> {
  const { start, end, step } = history;
  const unfinished = end > now ? Math.round((end - start) / step) - 1 : null;
  return { start, end, step, unfinished, unseen: holes({ start, step, unfinished }, history.ready) };
}

/** Messages of a queue. Where a step is long, its mean hides a peak: then that is a line too. */
export function depth(history: QueueHistory, now: number): ChartData {
  const { ready, unacknowledged, most_ready, step } = history;
  return {
    ...frame(history, now),
    series: [
      line('ready', 'text', ready),
      ...(step > 60 ? [line('most ready', 'text', most_ready, [5, 3])] : []),
      line('unacknowledged', 'line-strong', unacknowledged),
    ],
  };
}

export function consumers(history: QueueHistory, now: number): ChartData {
  return { ...frame(history, now), series: [line('consumers', 'text', history.consumers)] };
}

/** Whether anything at all is known of a range. */
export function isKnown({ ready }: QueueHistory): boolean {
  return ready.some((value) => value !== null);
}
