import type { Worker } from '../api/types';
import { byState } from './heartbeat';
import type { Rates } from './rates';
import type { WorkersSearch } from './search';
import type { WorkerPool } from './types';

/** A worker with all that is shown of it in the list. */
export interface WorkerRow {
  readonly worker: Worker;
  readonly pool: WorkerPool | undefined;
  readonly rates: Rates | undefined;
}

export function rowsOf(
  workers: readonly Worker[],
  pools: readonly WorkerPool[],
  rates: ReadonlyMap<string, Rates>,
): WorkerRow[] {
  const known = new Map(pools.map((pool) => [pool.hostname, pool]));
  return workers.map((worker) => ({
    worker,
    pool: known.get(worker.hostname),
    rates: rates.get(worker.hostname),
  }));
}

/** Part of a pool that is busy, 0 to 1; null where its size is not known. */
export function busyShare({ worker, pool }: WorkerRow): number | null {
  if (worker.state !== 'online' || worker.active === null || !pool?.concurrency) return null;
  return Math.min(1, worker.active / pool.concurrency);
}

const VALUES: Readonly<Record<string, (row: WorkerRow) => number | string | null>> = {
  worker: ({ worker }) => worker.hostname,
  busy: busyShare,
  ended: ({ rates }) => rates?.ended ?? null,
  failed: ({ rates }) => rates?.failed ?? null,
  processed: ({ worker }) => worker.processed,
  restarts: ({ worker }) => worker.restarts,
  heartbeat: ({ worker }) => worker.last_heartbeat,
};

function compare(left: number | string | null, right: number | string | null): number {
  if (left === null || right === null || left === right) return 0;
  return left < right ? -1 : 1;
}

/** The rows that the URL asks for, in its order; without one those that need a look first. */
export function shown(rows: readonly WorkerRow[], { state, search, sort }: WorkersSearch): WorkerRow[] {
  const text = (search ?? '').toLowerCase();
  const fitting = rows.filter(
    ({ worker, pool }) =>
      (state === undefined || worker.state === state) &&
      [worker.hostname, ...(pool?.queues ?? [])].some((name) => name.toLowerCase().includes(text)),
  );
  const value = VALUES[sort?.replace('-', '') ?? ''];
  if (value === undefined) return fitting.sort((left, right) => byState(left.worker, right.worker));
  const sign = sort?.startsWith('-') ? -1 : 1;
  // What is not known stands last, whatever the order.
  const known = fitting.filter((row) => value(row) !== null);
  const unknown = fitting.filter((row) => value(row) === null);
  return [...known.sort((left, right) => sign * compare(value(left), value(right))), ...unknown];
}

/** How many workers are in each state. */
export function counts(workers: readonly Worker[]): Readonly<Record<Worker['state'], number>> {
  const found = { online: 0, lost: 0, offline: 0 };
  for (const { state } of workers) found[state] += 1;
  return found;
}
