import { queryOptions } from '@tanstack/react-query';
import { getJson } from '../api/client';
import { part } from '../api/send';
import { taskKeys } from '../tasks/live';
import { isUnfinished } from './states';
import type { Workflow } from './types';

/** Milliseconds after which a change that the stream told of is asked for: thousands of tasks come at a time. */
const CHANGED = 2_000;
/** And while something is unfinished, whatever the stream told: a change may come while an answer is on its way. */
const UNFINISHED = 10_000;

interface Asked {
  readonly root: string;
  readonly paused: boolean;
}

export const workflowQuery = ({ root, paused }: Asked) =>
  queryOptions({
    queryKey: taskKeys.workflow(root),
    queryFn: ({ signal }) => getJson<Workflow>(`api/v1/workflows/${part(root)}`, {}, signal),
    refetchInterval: ({ state: { data, isInvalidated } }) => {
      if (paused) return false;
      if (isInvalidated) return CHANGED;
      return data?.items.some(isUnfinished) ? UNFINISHED : false;
    },
  });
