import { useEffect } from 'react';
import type { Monitor } from '../../api/types';
import { spanOf, zoomed } from '../../app/range';
import { useServices } from '../../app/services';
import { useSpan } from '../../app/useRange';
import { useAsked } from '../../app/useAsked';
import { useStale } from '../../components/Connection';
import { RangeBar } from '../../components/RangeBar';
import { Empty, Failure, Skeleton } from '../../components/States';
import { keyOf } from '../fleet';
import { fleetQuery } from '../queries';
import { type CompareSearch, rangeOf } from '../search';
import { USUAL } from '../ways';
import { Chooser } from './Chooser';
import { CompareCharts } from './CompareCharts';
import { CompareTable } from './CompareTable';
import { useColumn } from './useColumn';
import './Compare.css';

interface ComparePageProps {
  readonly search: CompareSearch;
  readonly onChange: (change: Partial<CompareSearch>) => void;
}

/** Two monitors side by side, over the same range. */
export function ComparePage({ search, onChange }: ComparePageProps) {
  const { data, error, refetch } = useAsked(fleetQuery);
  const { clock } = useServices();
  useEffect(() => {
    document.title = [search.a, search.b].filter(Boolean).join(' and ') || 'Compare';
    return () => void (document.title = 'Fleet');
  }, [search.a, search.b]);
  if (data === undefined)
    return error ? (
      <Failure what="The monitors" error={error} retry={() => void refetch()} />
    ) : (
      <Skeleton rows={16} label="the monitors" />
    );
  return (
    <>
      <h1 className="visually-hidden">Compare two monitors</h1>
      <div className="filters">
        <Chooser search={search} monitors={data.items} onChange={onChange} />
        <RangeBar span={spanOf(search, USUAL, clock.now())} onChange={onChange} />
      </div>
      <Chosen search={search} monitors={data.items} onChange={onChange} />
    </>
  );
}

interface ChosenProps extends ComparePageProps {
  readonly monitors: readonly Monitor[];
}

/** Both, once two are chosen that are there. One that somebody may not see is in no list, and so is not there. */
function Chosen({ search, monitors, onChange }: ChosenProps) {
  const { a, b } = search;
  const found = (key: string) => monitors.find((monitor) => keyOf(monitor) === key);
  if (a === undefined || b === undefined)
    return (
      <Empty
        title="Choose two monitors"
        why="By name in the fields above; or mark two among all monitors, by their boxes or by x, and press c."
      />
    );
  const [first, second] = [found(a), found(b)];
  if (first === undefined || second === undefined)
    return <Missing keys={[a, b].filter((key) => found(key) === undefined)} />;
  return <Both first={first} second={second} search={search} onChange={onChange} />;
}

function Missing({ keys }: { readonly keys: readonly string[] }) {
  return (
    <Empty
      title={`There is no monitor ${[...new Set(keys)].join(' and no ')}`}
      why="Check namespace and name; or choose another above."
    />
  );
}

interface BothProps extends ComparePageProps {
  readonly first: Monitor;
  readonly second: Monitor;
}

function Both({ first, second, search, onChange }: BothProps) {
  const range = rangeOf(search);
  const span = useSpan(range, USUAL);
  const cut = useStale();
  const columns = [useColumn(first, range, span), useColumn(second, range, span)] as const;
  const now = Math.max(columns[0].now, columns[1].now);
  const drag = (start: number, end: number, step: number) => {
    const next = zoomed(start, Math.min(end, now), step);
    if (next !== null) onChange(next);
  };
  return (
    <div className="compare" data-stale={cut ? '' : undefined}>
      <CompareTable columns={columns} />
      <CompareCharts columns={columns} now={now} onDrag={drag} />
    </div>
  );
}
