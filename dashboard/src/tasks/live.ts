import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { TaskDelta } from '../api/types';
import { fold, type TaskFeed } from './feed';
import type { TaskFilter } from './filter';

/** The keys under which the lists and the single tasks are cached. */
export const taskKeys = {
  feeds: ['tasks'] as const,
  feed: (filter: TaskFilter) => ['tasks', filter] as const,
  task: (uuid: string) => ['task', uuid] as const,
  workflow: (root: string) => ['workflow', root] as const,
};

/** Changes a list that is cached. Nobody is told where the same one comes back. */
export function changeFeed(queries: QueryClient, key: QueryKey, change: (feed: TaskFeed) => TaskFeed): void {
  const feed = queries.getQueryData<TaskFeed>(key);
  const next = feed && change(feed);
  if (next !== feed) queries.setQueryData(key, next);
}

function updateFeeds(queries: QueryClient, change: (feed: TaskFeed, filter: TaskFilter) => TaskFeed): void {
  for (const [key] of queries.getQueriesData<TaskFeed>({ queryKey: taskKeys.feeds }))
    changeFeed(queries, key, (feed) => change(feed, key[1] as TaskFilter));
}

/** Folds a delta into every list that is cached, shown or not: the way back to a list finds it as it is now. */
export function applyTaskDelta(queries: QueryClient, delta: TaskDelta, now: number): void {
  updateFeeds(queries, (feed, filter) => fold(feed, delta, filter, now));
  const changed = new Set(delta.items.map((task) => task.uuid));
  void queries.invalidateQueries({
    predicate: ({ queryKey: [kind, uuid] }) =>
      kind === 'task' && (delta.truncated || (typeof uuid === 'string' && changed.has(uuid))),
  });
  const roots = new Set(delta.items.map((task) => task.root_id));
  // Only marked as old: its page asks for all of it when it is time, not each time that one of its tasks changes.
  void queries.invalidateQueries({
    refetchType: 'none',
    predicate: ({ queryKey: [kind, root] }) =>
      kind === 'workflow' && (delta.truncated || (typeof root === 'string' && roots.has(root))),
  });
}

/** Changes may have been missed: every list asks for its first rows again. */
export function missedTaskDeltas(queries: QueryClient): void {
  updateFeeds(queries, (feed) => ({ ...feed, headWanted: true }));
  void queries.invalidateQueries({ queryKey: ['task'] });
  void queries.invalidateQueries({ queryKey: ['workflow'] });
}
