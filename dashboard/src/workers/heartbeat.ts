import type { Worker } from '../api/types';

/** Task events that end a task; their sum is what the monitor saw of `processed`. */
const ENDS = ['task-succeeded', 'task-failed', 'task-revoked', 'task-rejected', 'task-retried'];

/** Failures among the ends that were seen, as a share; null when none was. */
export function failureShare({ counters }: Worker): number | null {
  const ends = ENDS.reduce((sum, type) => sum + (counters[type] ?? 0), 0);
  return ends === 0 ? null : (counters['task-failed'] ?? 0) / ends;
}

/** Who is there first, then by name. */
export function byState(left: Worker, right: Worker): number {
  const rank = { lost: 0, online: 1, offline: 2 } as const;
  return rank[left.state] - rank[right.state] || left.hostname.localeCompare(right.hostname);
}
