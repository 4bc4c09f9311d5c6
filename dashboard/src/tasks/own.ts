import type { HistoryEntry } from '../api/types';

/** Celery's own events: attempts tell of them. */
const CELERYS: ReadonlySet<string> = new Set(
  ['sent', 'received', 'started', 'succeeded', 'failed', 'retried', 'revoked', 'rejected'].map(
    (word) => `task-${word}`,
  ),
);

/** An event that a task sent of its own. */
export interface Own {
  /** `Half done` of `task-half-done`. */
  readonly word: string;
  readonly timestamp: number;
  /** `current: 3, total: 10`; empty for nothing. */
  readonly told: string;
}

/** The custom events of a task, newest first. */
export function ownOf(history: readonly HistoryEntry[]): readonly Own[] {
  return history
    .filter(({ type }) => !CELERYS.has(type))
    .sort((left, right) => right.timestamp - left.timestamp)
    .map(({ type, timestamp, fields }) => ({ word: wordOf(type), timestamp, told: toldOf(fields ?? {}) }));
}

function wordOf(type: string): string {
  const word = type.replace(/^task-/, '').replaceAll('-', ' ');
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function toldOf(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
