import { queryOptions } from '@tanstack/react-query';
import { getJson } from '../api/client';
import type { Items, Queue, Summary, TaskDetail, Worker } from '../api/types';
import { taskKeys } from '../tasks/live';

/** What the pages of a monitor ask for; the live stream keeps each of them fresh under the same key. */
export const summaryQuery = queryOptions({
  queryKey: ['summary'],
  queryFn: ({ signal }) => getJson<Summary>('api/v1/summary', {}, signal),
});

export const workersQuery = queryOptions({
  queryKey: ['workers'],
  queryFn: ({ signal }) => getJson<Items<Worker>>('api/v1/workers', {}, signal),
});

/** Queues are not in the stream: each look asks the broker. */
export const queuesQuery = queryOptions({
  queryKey: ['queues'],
  queryFn: ({ signal }) => getJson<Items<Queue>>('api/v1/queues', {}, signal),
  refetchInterval: 5_000,
});

export const taskNamesQuery = queryOptions({
  queryKey: ['task-names'],
  queryFn: ({ signal }) => getJson<Items<string>>('api/v1/task-names', {}, signal),
  staleTime: 30_000,
});

export const taskQuery = (uuid: string) =>
  queryOptions({
    queryKey: taskKeys.task(uuid),
    queryFn: ({ signal }) => getJson<TaskDetail>(`api/v1/tasks/${encodeURIComponent(uuid)}`, {}, signal),
  });
