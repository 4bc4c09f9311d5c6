import { useMatch } from '@tanstack/react-router';
import type { Summary } from '../api/types';
import { useTicking } from '../app/services';
import { useAsked } from '../app/useAsked';
import { Sentence } from '../components/Sentence';
import { Failure } from '../components/States';
import { type Clause, healthOf } from './health';
import { Notices } from './Notices';
import { summaryQuery } from './queries';
import { Throughput } from './Throughput';
import './Header.css';

/** How the monitor is, in a sentence, with the last hour beside it and what the monitor asks for below. */
export function Header() {
  const { data: summary, error } = useAsked(summaryQuery);
  // The overview has the same picture, larger, over any time.
  const pictured = useMatch({ from: '/overview', shouldThrow: false }) !== undefined;
  if (summary === undefined)
    return error ? <Failure what="The summary" error={error} /> : <div className="health" aria-busy="true" />;
  return (
    <>
      <div className="health" data-pictured={pictured ? '' : undefined}>
        <Words summary={summary} />
        {!pictured && <Throughput summary={summary} />}
      </div>
      <Notices current={summary.notices} />
    </>
  );
}

function Words({ summary }: { readonly summary: Summary }) {
  // As text, so that it is drawn again only when a word of it changed; the ages in it change with the clock.
  const json = useTicking((now) => JSON.stringify(healthOf(summary, now)));
  const cause = summary.broker.state === 'connected' ? null : summary.broker.last_error;
  return (
    <div className="health-words">
      <Sentence clauses={JSON.parse(json) as readonly Clause[]} />
      {cause !== null && <p className="health-cause soft">{cause}</p>}
    </div>
  );
}
