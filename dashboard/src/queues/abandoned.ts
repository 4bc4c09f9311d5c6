import type { Queue } from '../api/types';

/** Messages wait and nobody takes them: no worker is told to, or those that were are gone. */
export function isAbandoned({ ready, consumers }: Pick<Queue, 'ready' | 'consumers'>): boolean {
  return consumers === 0 && ready !== null && ready > 0;
}
