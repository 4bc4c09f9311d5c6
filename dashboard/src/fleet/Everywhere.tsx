import { useQuery } from '@tanstack/react-query';
import type { FleetSearchResult } from '../api/types';
import type { RangeSearch } from '../app/range';
import { StateBadge } from '../components/Badge';
import { Failure } from '../components/States';
import { count } from '../format/number';
import { keyOf } from './fleet';
import { everywhereQuery } from './queries';
import { pageOf, wayInto } from './ways';

/** The shortest text that is looked for in all monitors; the API takes none that is shorter. */
const SHORTEST = 2;

interface EverywhereProps {
  readonly text: string;
  /** Whether it was asked for: the address says so, and who comes back from what was found finds it again. */
  readonly wanted: boolean;
  readonly onWanted: () => void;
  /** What a monitor is opened with. */
  readonly range: RangeSearch;
}

/** Looks for a text in the tasks and workers of all monitors, when it is asked to: each has to search for it. */
export function Everywhere({ text, wanted, onWanted, range }: EverywhereProps) {
  const long = text.trim().length >= SHORTEST;
  const { data, error, isFetching } = useQuery({ ...everywhereQuery(text), enabled: wanted && long });
  if (!long) return null;
  if (error) return <Failure what="The search" error={error} />;
  if (data) return <Results result={data} range={range} />;
  return (
    <p>
      <button type="button" className="button" disabled={isFetching} onClick={onWanted}>
        {isFetching ? 'Asking all monitors…' : `Find “${text}” in tasks and workers of all monitors (Enter)`}
      </button>
    </p>
  );
}

type At = FleetSearchResult['items'][number];

function Results({
  result: { query, items, unanswered, asked, clusters = [] },
  range,
}: {
  readonly result: FleetSearchResult;
  readonly range: RangeSearch;
}) {
  return (
    <section className="everywhere" aria-label={`Found in all monitors: ${query}`}>
      {items.length === 0 && (
        <p role="status">
          None of {count(asked, 'monitor')} has “{query}” in a task or worker
          {unanswered.length + clusters.length > 0 && ', as far as they answered'}.
        </p>
      )}
      {items.map((at) => (
        <Place key={keyOf(at)} at={at} query={query} range={range} />
      ))}
      {unanswered.map((one) => (
        <p key={keyOf(one)} className="stale">
          {keyOf(one)} was not searched to the end: {one.reason}
        </p>
      ))}
      {clusters.map(({ cluster, reason }) => (
        <p key={cluster} className="stale">
          Cluster {cluster} was not searched to the end: {reason}
        </p>
      ))}
    </section>
  );
}

interface PlaceProps {
  readonly at: At;
  readonly query: string;
  readonly range: RangeSearch;
}

function Place({ at, query, range }: PlaceProps) {
  return (
    <>
      <h2>{keyOf(at)}</h2>
      <ul>
        {at.workers.map(({ hostname, state }) => (
          <li key={hostname}>
            <a href={pageOf(at, range, `worker/${encodeURIComponent(hostname)}`)} dir="auto">
              {hostname}
            </a>{' '}
            <StateBadge of="worker" state={state} />
          </li>
        ))}
        {at.tasks.map(({ uuid, name, state, worker }) => (
          <li key={uuid}>
            <a href={pageOf(at, range, `task/${encodeURIComponent(uuid)}`)}>{uuid}</a>{' '}
            <span dir="auto">{name}</span> <StateBadge of="task" state={state} />{' '}
            <span className="soft" dir="auto">
              {worker}
            </span>
          </li>
        ))}
        {at.more && (
          <li>
            <a href={wayInto(at, `tasks?search=${encodeURIComponent(query)}`)}>There may be more there</a>
          </li>
        )}
      </ul>
    </>
  );
}
