import type { Monitor } from '../api/types';
import { compact, count, exact, UNKNOWN } from '../format/number';

export interface Words {
  readonly text: string;
  /** What the number is made of, or why there is none. */
  readonly title: string;
}

/** Tasks that are known to wait; null where nothing is known of queues and none waits at a worker. */
export function waiting({ backlog: { tasks, unknown } }: Monitor): number | null {
  return tasks === 0 && unknown !== null ? null : tasks;
}

/** The backlog in words: a number, at least a number, or that nobody tells. */
export function backlogWords(monitor: Monitor): Words {
  const { tasks, sent, received, unknown } = monitor.backlog;
  if (tasks === null) return { text: UNKNOWN, title: unknown ?? '' };
  if (unknown === null)
    return {
      text: compact(tasks),
      title: `${count(sent ?? 0, 'task')} sent and at no worker, ${exact(received)} at a worker and not begun`,
    };
  if (tasks === 0) return { text: 'not told', title: unknown };
  return {
    text: `≥ ${compact(tasks)}`,
    title: `${count(tasks, 'task')} at a worker and not begun. ${unknown}`,
  };
}
