import { useQueryClient } from '@tanstack/react-query';
import { getJson } from '../api/client';
import type { TaskPage } from '../api/types';
import { useServices } from '../app/services';
import type { TaskFeed } from './feed';
import { type TaskFilter, toQuery } from './filter';
import { changeFeed, taskKeys } from './live';

/** The list of a filter in the cache of queries, and what asks the server for tasks of it. */
export function useFeedCache(filter: TaskFilter) {
  const { clock } = useServices();
  const queries = useQueryClient();
  const key = taskKeys.feed(filter);
  return {
    key,
    ask: (limit: number, cursor?: string, signal?: AbortSignal) =>
      getJson<TaskPage>('api/v1/tasks', { ...toQuery(filter, clock.now()), limit, cursor }, signal),
    update: (change: (feed: TaskFeed) => TaskFeed) => changeFeed(queries, key, change),
  };
}
