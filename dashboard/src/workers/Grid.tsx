import { Link } from '@tanstack/react-router';
import { StateBadge } from '../components/Badge';
import { RelativeTime } from '../components/Time';
import { compact, count } from '../format/number';
import { lastWords } from './Busy';
import type { WorkerRow } from './rows';
import './Grid.css';

/** Slots drawn one by one; of a larger pool the rest is a number. */
const SLOTS = 48;

/** Every worker as a tile, with a cell for each process of its pool: for a screen on a wall. */
export function Grid({ rows, stale }: { readonly rows: readonly WorkerRow[]; readonly stale: boolean }) {
  return (
    <ul className="tiles" aria-label="Workers" data-stale={stale ? '' : undefined}>
      {rows.map((row) => (
        <Tile key={row.worker.hostname} row={row} />
      ))}
    </ul>
  );
}

function Tile({ row }: { readonly row: WorkerRow }) {
  const { worker, rates } = row;
  return (
    <li className="tile" data-state={worker.state}>
      <div className="tile-head">
        <Link to="/worker/$name" params={{ name: worker.hostname }} title={worker.hostname} dir="auto">
          {worker.hostname}
        </Link>
        <StateBadge of="worker" state={worker.state} />
      </div>
      {worker.state === 'online' ? (
        <Slots row={row} />
      ) : (
        <p className="tile-words soft">
          {lastWords(row)}, <RelativeTime time={worker.last_heartbeat} />.
        </p>
      )}
      <p className="tile-words soft">
        {rates ? `${compact(rates.ended)} ended / min` : `${count(worker.processed ?? 0, 'task')} processed`}
        {rates && rates.failed > 0 && (
          <span className="worker-failing"> {compact(rates.failed)} failed / min</span>
        )}
      </p>
    </li>
  );
}

function Slots({ row: { worker, pool } }: { readonly row: WorkerRow }) {
  const active = worker.active ?? 0;
  const size = Math.max(pool?.concurrency ?? 0, active);
  return (
    <p className="tile-slots" title={`${active} of ${pool ? size : 'an unknown number'} at work`}>
      {Array.from({ length: Math.min(size, SLOTS) }, (_, slot) => (
        <span key={slot} className="slot" data-busy={slot < active ? '' : undefined} aria-hidden="true" />
      ))}
      <span className="tile-busy">
        {active} / {pool ? size : '–'} busy
      </span>
    </p>
  );
}
