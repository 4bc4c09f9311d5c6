import { queryOptions } from '@tanstack/react-query';
import { getJson } from '../api/client';
import { part } from '../api/send';
import type { Items } from '../api/types';
import type { WorkerDetail, WorkerPool } from './types';

/** Pools as workers last told of them: asking for this asks only workers that never told. */
export const poolsQuery = queryOptions({
  queryKey: ['worker-pools'],
  queryFn: ({ signal }) => getJson<Items<WorkerPool>>('api/v1/worker-pools', {}, signal),
  refetchInterval: 30_000,
});

/** Milliseconds between two questions to a worker whose page is open; all who look share one. */
const ASK_EVERY = 15_000;

interface Asked {
  /** It is not asked again by itself. */
  readonly once?: boolean;
  /** Seconds for which what it said the last time will do; the server's own 10 without it. */
  readonly maxAge?: number;
}

export const workerDetailQuery = (name: string, { once = false, maxAge }: Asked = {}) =>
  queryOptions({
    queryKey: ['worker', name],
    queryFn: ({ signal }) =>
      getJson<WorkerDetail>(`api/v1/workers/${part(name)}`, { max_age: maxAge }, signal),
    refetchInterval: once ? false : ASK_EVERY,
  });
