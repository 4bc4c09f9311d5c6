import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type RangeSearch, type Span, spanOf, zoomed } from '../app/range';
import { useLiveState, useServices } from '../app/services';
import { useSpan } from '../app/useRange';
import { useAsked } from '../app/useAsked';
import { useStale } from '../components/Connection';
import { RangeBar } from '../components/RangeBar';
import { Failure, Skeleton } from '../components/States';
import { useWide } from '../components/useWide';
import { queuesQuery, workersQuery } from '../monitor/queries';
import { Changes } from './Changes';
import { changesOf } from './changes';
import { Charts } from './Charts';
import { Failing } from './Failing';
import { Figures } from './Figures';
import { Samples } from './Samples';
import { failuresQuery, historyQuery } from './queries';
import type { History } from './types';
import './OverviewPage.css';

const route = getRouteApi('/overview');

export function OverviewPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/overview' });
  const { clock } = useServices();
  const change = (next: RangeSearch) => void navigate({ search: next });
  const span = useSpan(search, '1h');
  const paused = useLiveState().phase === 'paused';
  const { data, error, refetch, isPlaceholderData } = useAsked(historyQuery({ search, span, paused }));
  const stale = useStale() || isPlaceholderData || error !== null;
  return (
    <>
      <h1 className="visually-hidden">Overview</h1>
      <RangeBar span={spanOf(search, '1h', clock.now())} onChange={change} />
      {data !== undefined ? (
        <Overview history={data} search={search} stale={stale} onChange={change} />
      ) : error ? (
        <Failure what="The overview" error={error} retry={() => void refetch()} />
      ) : (
        <Skeleton rows={16} label="the overview" />
      )}
    </>
  );
}

interface OverviewProps {
  readonly history: History;
  readonly search: RangeSearch;
  readonly stale: boolean;
  readonly onChange: (search: RangeSearch) => void;
}

function Overview({ history, search, stale, onChange }: OverviewProps) {
  const { clock } = useServices();
  // The time of the answer, not of the drawing: a chart that is drawn anew each second would flicker.
  const now = useMemo(() => Math.max(clock.now(), history.start), [clock, history]);
  const span = spanOf(search, '1h', now);
  const drag = (start: number, end: number) => {
    const next = zoomed(start, Math.min(end, now), history.step);
    if (next !== null) onChange(next);
  };
  const charts = (
    <div key="charts" className="overview-charts" data-stale={stale ? '' : undefined}>
      <Charts history={history} now={now} onDrag={drag} />
    </div>
  );
  const latest = <Latest key="latest" history={history} search={search} span={span} />;
  // Where charts stand in one column, four of them would keep what changed out of sight; in the page's own order, not
  // by the style sheet, so that the keyboard and a screen reader go the same way.
  const wide = useWide();
  return (
    <>
      <Figures history={history} span={span} now={now} stale={stale} />
      {wide ? [charts, latest] : [latest, charts]}
      <Samples search={search} onChange={onChange} />
    </>
  );
}

interface LatestProps {
  readonly history: History;
  readonly search: RangeSearch;
  readonly span: Span;
}

/** What changed, and what fails, side by side where there is room. */
function Latest({ history, search, span }: LatestProps) {
  const ask = useSpan(search, '1h');
  const paused = useLiveState().phase === 'paused';
  const failures = useAsked(failuresQuery({ search, span: ask, paused }));
  const workers = useQuery(workersQuery).data?.items ?? [];
  const queues = useAsked(queuesQuery);
  const groups = failures.data?.groups ?? [];
  const live = span.word !== null;
  const changes = changesOf({
    ...span,
    workers,
    gaps: history.gaps,
    failures: groups,
    // What waited before the broker went is no news.
    queues: live && queues.error === null ? (queues.data?.items ?? []) : [],
  });
  return (
    <div className="latest">
      <section aria-labelledby="changes">
        <h2 id="changes">What changed</h2>
        <Changes changes={changes} />
      </section>
      <section aria-labelledby="failing">
        <h2 id="failing">What fails most</h2>
        {failures.data !== undefined ? (
          <Failing failures={failures.data} search={search} />
        ) : failures.error ? (
          <Failure what="The failures" error={failures.error} retry={() => void failures.refetch()} />
        ) : (
          <Skeleton rows={4} label="the failures" />
        )}
      </section>
    </div>
  );
}
