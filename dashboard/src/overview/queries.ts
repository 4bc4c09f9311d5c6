import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getJson } from '../api/client';
import { type Asked, keyOf, refresh } from '../app/asked';
import { POINTS } from '../app/useRange';
import type { Failures } from '../failures/types';
import type { History, SummaryHistory } from './types';

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

/** Milliseconds: the summary is sampled once a minute. */
const SAMPLED = 20_000;

/** Backlog, workers, lag and the share that was seen over a range. */
export const summaryHistoryQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['summary-history', ...keyOf(asked)],
    queryFn: ({ signal }) => {
      const { start, end } = asked.span();
      return getJson<SummaryHistory>('api/v1/summary-history', { start, end, points: POINTS }, signal);
    },
    placeholderData: keepPreviousData,
    refetchInterval: refresh(asked, SAMPLED),
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
