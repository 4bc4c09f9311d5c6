import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getJson } from '../api/client';
import { type Asked, keyOf, refresh } from '../app/asked';
import { POINTS } from '../app/useRange';
import type { Failures } from '../failures/types';
import type { History } from './types';

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
