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

export const workerDetailQuery = (name: string, paused: boolean) =>
  queryOptions({
    queryKey: ['worker', name],
    queryFn: ({ signal }) => getJson<WorkerDetail>(`api/v1/workers/${part(name)}`, {}, signal),
    refetchInterval: paused ? false : ASK_EVERY,
  });
