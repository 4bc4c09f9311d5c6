import { count, exact, UNKNOWN } from '../format/number';
import { busyShare, type WorkerRow } from './rows';
import './Busy.css';

/** How many of its processes are at work: `2 / 8` and a bar. */
export function Busy({ row }: { readonly row: WorkerRow }) {
  const { worker, pool } = row;
  const share = busyShare(row);
  if (worker.active === null || worker.state !== 'online')
    return (
      <span className="faint" title={lastWords(row)}>
        {worker.active ? `had ${exact(worker.active)}` : UNKNOWN}
      </span>
    );
  const title = `${exact(worker.active)} running${pool ? ` of ${exact(pool.concurrency)}` : ''}`;
  return (
    <span className="busy" title={title}>
      <span className="busy-text">
        {worker.active} / {pool ? pool.concurrency : UNKNOWN}
      </span>
      <span className="busy-bar" aria-hidden="true">
        <span style={{ width: `${(share ?? 0) * 100}%` }} />
      </span>
    </span>
  );
}

/** What a worker that is gone had when it was last heard of. */
export function lastWords({ worker: { active } }: WorkerRow): string {
  if (active === null) return 'It never told how much it ran';
  return active === 0
    ? 'It ran nothing when it was last heard of'
    : `It ran ${count(active, 'task')} when it was last heard of`;
}
