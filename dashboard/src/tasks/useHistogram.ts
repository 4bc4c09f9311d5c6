import { keepPreviousData } from '@tanstack/react-query';
import { getJson } from '../api/client';
import { useLiveState, useServices } from '../app/services';
import { useAsked } from '../app/useAsked';
import { conditionsOf, type TaskFilter } from './filter';
import { type Histogram, refreshAfter } from './histogram';

/** Steps: as many as a hand can tell apart. */
const POINTS = 120;

/** When the tasks of a filter were received. Words that are searched for are left out: they are in no index. */
export function useHistogram(filter: TaskFilter) {
  const { clock } = useServices();
  const paused = useLiveState().phase === 'paused';
  const { state, name, worker, range, from, to } = filter;
  const asked: TaskFilter = { state, name, worker, range, from, to };
  return useAsked({
    queryKey: ['histogram', asked],
    queryFn: ({ signal }) => {
      const conditions = { ...conditionsOf(asked, clock.now()), points: POINTS };
      return getJson<Histogram>('api/v1/task-histogram', conditions, signal);
    },
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => !paused && data !== undefined && refreshAfter(data.step),
  });
}
