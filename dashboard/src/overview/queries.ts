import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getJson } from '../api/client';
import type { RangeSearch, Span } from '../app/range';
import { POINTS, refreshAfter } from '../app/useRange';
import type { Failures } from '../failures/types';
import type { History } from './types';

interface Asked {
  readonly search: RangeSearch;
  readonly span: () => Span;
  /** Live updates are paused: nothing is asked for again by itself. */
  readonly paused: boolean;
}

function keyOf({ search, span }: Asked): readonly unknown[] {
  return [search.start ?? '', search.end ?? '', span().word];
}

function refresh({ paused, span }: Asked): number | false {
  return paused ? false : refreshAfter(span().word);
}

/** What ended over a range. What was there stays, dimmed, while another range is on its way. */
export const historyQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['history', ...keyOf(asked)],
    queryFn: ({ signal }) => {
      const { start, end } = asked.span();
      return getJson<History>('api/v1/history', { start, end, points: POINTS }, signal);
    },
    placeholderData: keepPreviousData,
    refetchInterval: refresh(asked),
  });

/** What failed over a range. */
export const failuresQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['failures', ...keyOf(asked)],
    queryFn: ({ signal }) => {
      const { start, end } = asked.span();
      return getJson<Failures>('api/v1/failures', { start, end }, signal);
    },
    placeholderData: keepPreviousData,
    refetchInterval: refresh(asked),
  });
