import { X } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useRefusal } from '../api/me';
import { type RangeSearch, zoomed } from '../app/range';
import { useLiveState, useServices } from '../app/services';
import { useSpan } from '../app/useRange';
import { useAsked } from '../app/useAsked';
import { Chart } from '../charts/Chart';
import { extent } from '../charts/model';
import { useStale } from '../components/Connection';
import { Failure, Skeleton } from '../components/States';
import { compact } from '../format/number';
import { consumers, depth, isKnown, type QueueHistory, queueHistoryQuery } from './history';
import { Messages } from './Messages';
import { unpurgeable } from './messages';
import { PurgeDialog } from './PurgeDialog';
import './QueueDetail.css';

interface DetailProps {
  readonly name: string;
  /** Messages that wait in it; null: the broker does not tell, or does not know it. */
  readonly ready: number | null;
  readonly search: RangeSearch;
  readonly onRange: (search: RangeSearch) => void;
  readonly onClose: () => void;
}

/** How long a queue was, below the table that it was opened in. */
export default function QueueDetail({ name, ready, search, onRange, onClose }: DetailProps) {
  const heading = useId();
  const section = useRef<HTMLElement>(null);
  const span = useSpan(search, '1h');
  const paused = useLiveState().phase === 'paused';
  const { data, error, refetch, isPlaceholderData } = useAsked(
    queueHistoryQuery(name, { search, span, paused }),
  );
  const stale = useStale() || isPlaceholderData || error !== null;
  const there = data !== undefined;
  // On a narrow page it would open out of sight.
  useEffect(() => {
    section.current?.scrollIntoView({ block: 'nearest' });
  }, [name, there]);
  return (
    <section ref={section} className="queue-detail" aria-labelledby={heading}>
      <div className="queue-detail-head">
        <h2 id={heading} dir="auto" title={name}>
          {name}
        </h2>
        <PurgeButton key={name} name={name} ready={ready} />
        <button type="button" className="icon-button" aria-label={`Close ${name}`} onClick={onClose}>
          <X size={16} aria-hidden="true" />
        </button>
      </div>
      {data !== undefined ? (
        <Charts history={data} stale={stale} onRange={onRange} />
      ) : error ? (
        <Failure what="Its history" error={error} retry={() => void refetch()} />
      ) : (
        <Skeleton rows={7} label="its history" />
      )}
      <Messages name={name} />
    </section>
  );
}

/** Opens the question; who may not is told who may. */
function PurgeButton({ name, ready }: Pick<DetailProps, 'name' | 'ready'>) {
  const [asked, setAsked] = useState(false);
  const objection = useRefusal('administer') ?? unpurgeable(ready);
  return (
    <>
      {objection !== null && <span className="soft queue-why">{objection}</span>}
      <button
        type="button"
        className="button"
        data-kind="danger"
        aria-label={`Purge ${name} …`}
        disabled={objection !== null}
        onClick={() => setAsked(true)}
      >
        Purge …
      </button>
      {asked && <PurgeDialog name={name} ready={ready ?? 0} onClose={() => setAsked(false)} />}
    </>
  );
}

interface ChartsProps {
  readonly history: QueueHistory;
  readonly stale: boolean;
  readonly onRange: (search: RangeSearch) => void;
}

function Charts({ history, stale, onRange }: ChartsProps) {
  const { clock } = useServices();
  // The time of the answer, not of the drawing: a chart that is drawn anew each second would flicker.
  const now = useMemo(() => Math.max(clock.now(), history.start), [clock, history]);
  const data = useMemo(
    () => ({ depth: depth(history, now), consumers: consumers(history, now) }),
    [history, now],
  );
  const drag = (start: number, end: number) => {
    const next = zoomed(start, Math.min(end, now), history.step);
    if (next !== null) onRange(next);
  };
  const common = { group: 'queue', format: compact, onDrag: drag };
  const known = isKnown(history);
  const nobody = 'Nobody looked at it in this time';
  return (
    <>
      <div className="queue-charts" data-stale={stale ? '' : undefined}>
        <Chart
          {...common}
          title="Messages"
          unit="mean of each step"
          data={data.depth}
          totals={totalsOf(data.depth.series)}
          empty={known ? 'It was empty whenever somebody looked' : nobody}
        />
        <Chart
          {...common}
          title="Consumers"
          unit="mean of each step"
          data={data.consumers}
          totals={totalsOf(data.consumers.series)}
          empty={known ? 'It had no consumer whenever somebody looked' : nobody}
        />
      </div>
      <p className="soft">
        Kept whenever somebody looks: this page, the overview, a scrape of /metrics that shows queues, what
        scales by them. Hatched: nobody looked.
      </p>
    </>
  );
}

function totalsOf(series: ReturnType<typeof depth>['series']): Record<string, string> {
  return Object.fromEntries(series.map(({ key, values }) => [key, extent(values, compact)]));
}
