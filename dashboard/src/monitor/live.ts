import type { QueryClient } from '@tanstack/react-query';
import type { Items, Summary, TaskDelta, Worker } from '../api/types';
import type { Clock } from '../app/clock';
import type { LiveListener } from '../live/client';
import { applyTaskDelta, missedTaskDeltas } from '../tasks/live';
import { summaryQuery, workersQuery } from './queries';

export const TOPICS = 'summary,tasks,workers';

/** Puts what the stream brings into the cache, from where all pages read. */
export function monitorListener(queries: QueryClient, clock: Clock): LiveListener {
  return {
    message: ({ topic, data }) => {
      if (topic === 'summary') {
        const summary = data as Summary;
        clock.adjust(summary.monitor.now);
        queries.setQueryData(summaryQuery.queryKey, summary);
      }
      if (topic === 'workers') queries.setQueryData(workersQuery.queryKey, data as Items<Worker>);
      if (topic === 'tasks') applyTaskDelta(queries, data as TaskDelta, clock.now());
    },
    opened: (gap) => {
      if (gap) missedTaskDeltas(queries);
      void queries.invalidateQueries({ queryKey: summaryQuery.queryKey });
      void queries.invalidateQueries({ queryKey: workersQuery.queryKey });
    },
  };
}
