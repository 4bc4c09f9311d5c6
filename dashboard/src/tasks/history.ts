import type { HistoryEntry } from '../api/types';

/** What an event made of the task: `task-failed` is FAILURE. Used for its colour and its word. */
const STATE_OF: Readonly<Record<string, string>> = {
  'task-sent': 'PENDING',
  'task-received': 'RECEIVED',
  'task-started': 'STARTED',
  'task-succeeded': 'SUCCESS',
  'task-failed': 'FAILURE',
  'task-retried': 'RETRY',
  'task-revoked': 'REVOKED',
  'task-rejected': 'REJECTED',
};

export interface Step {
  readonly word: string;
  readonly state: string;
  readonly timestamp: number;
  readonly worker: string | null;
  /** Seconds since the step before; null for the first. */
  readonly after: number | null;
}

/** The events of a task as the steps of its life, oldest first. */
export function stepsOf(history: readonly HistoryEntry[]): readonly Step[] {
  const ordered = [...history].sort((left, right) => left.timestamp - right.timestamp);
  return ordered.map(({ type, timestamp, worker }, index) => {
    const before = ordered[index - 1];
    const word = type.replace(/^task-/, '').replaceAll('-', ' ');
    return {
      word: word.charAt(0).toUpperCase() + word.slice(1),
      state: STATE_OF[type] ?? type.replace(/^task-/, '').toUpperCase(),
      timestamp,
      worker,
      after: before === undefined ? null : timestamp - before.timestamp,
    };
  });
}
