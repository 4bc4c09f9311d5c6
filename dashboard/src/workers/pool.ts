import type { Stats } from './types';

/** `celery.concurrency.prefork:TaskPool` as `prefork`. */
export function poolWord(kind: string | null | undefined): string | null {
  if (!kind) return null;
  return kind.split(':')[0]?.split('.').at(-1) ?? kind;
}

/** Processes, threads or greenlets; prefork's own list is what counts, as more may have been added since its start. */
export function sizeOf({ pool }: Stats): number | null {
  if (Array.isArray(pool?.processes)) return pool.processes.length;
  return pool?.['max-concurrency'] ?? null;
}

/** Why a pool can't be made another size; null: it can. */
export function sizeObjection(stats: Stats | undefined): string | null {
  if (stats === undefined) return 'The worker has not told of its pool yet.';
  const kind = poolWord(stats.pool?.implementation);
  if (kind === 'solo' || kind === 'thread') return `The pool ${kind} can’t change its size.`;
  if (stats.autoscaler) return 'It sizes its pool by itself: set the range instead.';
  return null;
}

/** Why a pool can't be restarted; null: it can, as far as is known. */
export function restartObjection(
  stats: Stats | undefined,
  conf: Readonly<Record<string, unknown>> | undefined,
): string | null {
  const kind = poolWord(stats?.pool?.implementation);
  if (stats === undefined || conf === undefined) return 'The worker has not told of its settings yet.';
  // Celery's other pools have no `restart`, and the worker then says that it is done.
  if (kind !== null && kind !== 'prefork') return `The pool ${kind} has no processes to restart.`;
  return conf['worker_pool_restarts'] === true
    ? null
    : 'It takes worker_pool_restarts = True in its settings.';
}

export interface Registered {
  readonly name: string;
  /** Such as `10/m`; null: no limit. */
  readonly rate: string | null;
}

/** `shop.mail.send [rate_limit=10/m]` as name and limit. */
export function registered(text: string): Registered {
  const found = /^(\S+)(?: \[(.*)\])?$/.exec(text);
  const rate = /rate_limit=(\S+)/.exec(found?.[2] ?? '')?.[1];
  return { name: found?.[1] ?? text, rate: rate === undefined || rate === 'None' ? null : rate };
}
