import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FleetSearchResult } from '../api/types';
import { StateBadge } from '../components/Badge';
import { Failure } from '../components/States';
import { count } from '../format/number';
import { keyOf } from './fleet';
import { everywhereQuery } from './queries';
import { wayInto } from './ways';

/** The shortest text that is looked for in all monitors; the API takes none that is shorter. */
const SHORTEST = 2;

/** Looks for a text in the tasks and workers of all monitors, when it is asked to: each has to search for it. */
export function Everywhere({ text }: { readonly text: string }) {
  const [wanted, setWanted] = useState(false);
  const { data, error, isFetching } = useQuery({ ...everywhereQuery(text), enabled: wanted });
  if (text.trim().length < SHORTEST) return null;
  if (error) return <Failure what="The search" error={error} />;
  if (data) return <Results result={data} />;
  return (
    <p>
      <button type="button" className="button" disabled={isFetching} onClick={() => setWanted(true)}>
        {isFetching ? 'Asking all monitors…' : `Find “${text}” in tasks and workers of all monitors`}
      </button>
    </p>
  );
}

type At = FleetSearchResult['items'][number];

function Results({
  result: { query, items, unanswered, asked, clusters = [] },
}: {
  readonly result: FleetSearchResult;
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
        <Place key={keyOf(at)} at={at} query={query} />
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

function Place({ at, query }: { readonly at: At; readonly query: string }) {
  return (
    <>
      <h2>{keyOf(at)}</h2>
      <ul>
        {at.workers.map(({ hostname, state }) => (
          <li key={hostname}>
            <a href={wayInto(at, `worker/${encodeURIComponent(hostname)}`)} dir="auto">
              {hostname}
            </a>{' '}
            <StateBadge of="worker" state={state} />
          </li>
        ))}
        {at.tasks.map(({ uuid, name, state, worker }) => (
          <li key={uuid}>
            <a href={wayInto(at, `task/${encodeURIComponent(uuid)}`)}>{uuid}</a>{' '}
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
