import { queryOptions } from '@tanstack/react-query';
import { getJson } from '../../api/client';
import type { MonitorRef } from '../../api/types';
import type { RangeSearch, Span } from '../../app/range';
import { POINTS, refreshAfter } from '../../app/useRange';
import { keyOf } from '../fleet';
import { pathInto } from '../ways';
import { readHistory, readQueues } from './answers';

/** Milliseconds between two looks at the queues of a monitor: each asks its broker. */
const LOOK = 10_000;

export interface Asked {
  readonly monitor: MonitorRef;
  readonly search: RangeSearch;
  readonly span: () => Span;
  /** Nothing is asked for again by itself. */
  readonly paused: boolean;
  /** It can answer at all: it is not suspended. */
  readonly enabled: boolean;
}

/** What ended at a monitor over a range. While another range is on its way the old one stays, but no other monitor’s. */
export const historyOf = ({ monitor, search, span, paused, enabled }: Asked) => {
  const key = keyOf(monitor);
  return queryOptions({
    queryKey: ['history of', key, search.start ?? '', search.end ?? '', span().word],
    queryFn: async ({ signal }) => {
      const { start, end } = span();
      const query = { start, end, points: POINTS };
      return readHistory(await getJson<unknown>(pathInto(monitor, 'api/v1/history'), query, signal));
    },
    placeholderData: (old, query) => (query?.queryKey[1] === key ? old : undefined),
    refetchInterval: paused ? false : refreshAfter(span().word),
    enabled,
  });
};

/** How long the queues of a monitor are now. */
export const queuesOf = ({ monitor, paused, enabled }: Asked) =>
  queryOptions({
    queryKey: ['queues of', keyOf(monitor)],
    queryFn: async ({ signal }) =>
      readQueues(await getJson<unknown>(pathInto(monitor, 'api/v1/queues'), {}, signal)),
    refetchInterval: paused ? false : LOOK,
    enabled,
  });
