import type { HistoryEntry } from '../api/types';

/** Why a task was revoked, as its worker told; null where it was told to, or nothing is known. */
export function whyRevoked(history: readonly HistoryEntry[]): string | null {
  const told = history.filter(({ type }) => type === 'task-revoked').at(-1)?.fields;
  if (told?.['expired'] === true) return 'It had expired before it could be started.';
  if (told?.['terminated'] === true) return `Its process was ended${by(told['signum'])} while it ran.`;
  return null;
}

/** The signal: a number, or what the pool said of the end of its process. */
function by(signal: unknown): string {
  if (typeof signal === 'number') return ` by signal ${signal}`;
  return typeof signal === 'string' ? ` (${signal})` : '';
}
