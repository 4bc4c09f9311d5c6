import { queryOptions } from '@tanstack/react-query';
import { ApiError, getJson } from '../api/client';
import { part, sendJson } from '../api/send';
import type { Items } from '../api/types';

/** One of `GET /api/v1/queues/{name}/messages`; what a message does not say is null. */
export interface Message {
  readonly id: string | null;
  /** Null: it is no message of Celery's protocol 2. */
  readonly task: string | null;
  readonly args: string | null;
  readonly kwargs: string | null;
  /** ISO 8601, as the sender wrote it. */
  readonly eta: string | null;
  /** Epoch seconds; null: no task-sent event told. */
  readonly sent: number | null;
  readonly redelivered: boolean;
  readonly bytes: number;
}

/** Messages that are shown: those that are delivered next. */
export const SHOWN = 20;
/** Milliseconds between two looks into a queue that is open. */
const LOOK_AGAIN = 10_000;

/** The broker can't show messages without moving them (409), and never will. */
export function isUnshowable(error: Error | null): error is ApiError {
  return error instanceof ApiError && error.status === 409;
}

/** The messages that are delivered next, none of them moved. */
export const messagesQuery = (name: string) =>
  queryOptions({
    queryKey: ['queue-messages', name],
    queryFn: ({ signal }) =>
      getJson<Items<Message>>(`api/v1/queues/${part(name)}/messages`, { limit: SHOWN }, signal),
    refetchInterval: ({ state: { error } }) => (isUnshowable(error) ? false : LOOK_AGAIN),
  });

/** Deletes what waits, unless that is more than was seen; how many it were. */
export async function purge(name: string, expect: number): Promise<number> {
  const path = `api/v1/queues/${part(name)}/purge`;
  return (await sendJson<{ readonly purged: number }>('POST', path, JSON.stringify({ expect }))).purged;
}

/** Why there is nothing to purge whoever asks; null: there is. */
export function unpurgeable(ready: number | null): string | null {
  if (ready === null) return 'The broker does not tell how many messages wait.';
  return ready === 0 ? 'No message waits in it.' : null;
}
