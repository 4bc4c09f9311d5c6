import { useMemo } from 'react';
import { type RangeSearch, zoomed } from '../app/range';
import { useLiveState, useServices } from '../app/services';
import { useAsked } from '../app/useAsked';
import { useSpan } from '../app/useRange';
import { Chart } from '../charts/Chart';
import { useStale } from '../components/Connection';
import { Failure, Skeleton } from '../components/States';
import { compact, UNKNOWN } from '../format/number';
import { duration } from '../format/time';
import { percent } from './figures';
import { summaryHistoryQuery } from './queries';
import { backlog, extents, isKnown, lag, seen, workers } from './samples';
import type { SummaryHistory } from './types';

interface SamplesProps {
  readonly search: RangeSearch;
  readonly onChange: (search: RangeSearch) => void;
}

/** What was sampled once a minute, over the range of the page. */
export function Samples({ search, onChange }: SamplesProps) {
  const span = useSpan(search, '1h');
  const paused = useLiveState().phase === 'paused';
  const asked = useAsked(summaryHistoryQuery({ search, span, paused }));
  const { data, error, refetch, isPlaceholderData } = asked;
  const stale = useStale() || isPlaceholderData || error !== null;
  if (data === undefined)
    return error ? (
      <Failure what="Backlog, workers, lag and share seen" error={error} retry={() => void refetch()} />
    ) : (
      <Skeleton rows={8} label="backlog, workers, lag and share seen" />
    );
  return (
    <div className="overview-charts" data-stale={stale ? '' : undefined}>
      <Pictures history={data} onChange={onChange} />
      <p className="samples-why soft">
        Sampled once a minute. Hatched: the monitor did not run or had no broker; in the backlog, nobody
        looked at queues then (this page, that of queues, a scrape of /metrics that shows them, what scales by
        them). A break that is not hatched: no event came, or workers started nothing.
      </p>
    </div>
  );
}

interface PicturesProps {
  readonly history: SummaryHistory;
  readonly onChange: (search: RangeSearch) => void;
}

function Pictures({ history, onChange }: PicturesProps) {
  const { clock } = useServices();
  // The time of the answer, not of the drawing, as in OverviewPage.
  const now = useMemo(() => Math.max(clock.now(), history.start), [clock, history]);
  const data = useMemo(
    () => ({
      backlog: backlog(history, now),
      workers: workers(history, now),
      lag: lag(history, now),
      seen: seen(history, now),
    }),
    [history, now],
  );
  const picture = (of: keyof typeof data, format: (value: number | null) => string) => ({
    group: 'overview',
    data: data[of],
    format,
    totals: extents(data[of], format),
    onDrag: (start: number, end: number) => {
      const next = zoomed(start, Math.min(end, now), history.step);
      if (next !== null) onChange(next);
    },
  });
  const heard = isKnown(history.workers);
  const unheard = 'Not known: the monitor did not run, or had no broker, in this time';
  const looked = isKnown(history.waiting);
  return (
    <div className="charts">
      <Chart
        {...picture('backlog', compact)}
        title="Backlog"
        unit="messages ready, in all queues"
        link={{ to: '/queues' }}
        empty={looked ? 'Nothing waited whenever somebody looked' : 'Nobody looked at queues in this time'}
      />
      <Chart
        {...picture('workers', compact)}
        title="Workers"
        unit="online"
        link={{ to: '/workers' }}
        empty={heard ? 'No worker was online in this time' : unheard}
      />
      <Chart
        {...picture('lag', duration)}
        title="Lag"
        unit="from a worker’s clock to the store"
        link={{ to: '/doctor' }}
        empty={heard ? 'No event came in this time' : unheard}
      />
      <Chart
        {...picture('seen', share)}
        title="Share seen"
        unit="of what workers started in the hour before"
        link={{ to: '/doctor' }}
        empty={heard ? 'Workers started nothing in this time' : unheard}
      />
    </div>
  );
}

function share(value: number | null): string {
  return value === null ? UNKNOWN : percent(value);
}
