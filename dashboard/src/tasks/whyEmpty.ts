import type { Summary } from '../api/types';
import { conditions, type TaskFilter } from './filter';

export type Why = 'filtered' | 'not-connected' | 'no-worker' | 'no-events' | 'nothing-ran';

/** The nearest reason why a list of tasks is empty, from what the monitor knows. */
export function whyEmpty(filter: TaskFilter, summary: Summary | undefined): Why {
  if (summary === undefined) return conditions(filter) > 0 ? 'filtered' : 'nothing-ran';
  if (conditions(filter) > 0 && summary.tasks.kept > 0) return 'filtered';
  if (summary.broker.state !== 'connected') return 'not-connected';
  const { online, offline, lost } = summary.workers;
  if (online + offline + lost === 0) return 'no-worker';
  if (summary.notices.some(({ code }) => code === 'events-disabled')) return 'no-events';
  return conditions(filter) > 0 ? 'filtered' : 'nothing-ran';
}
