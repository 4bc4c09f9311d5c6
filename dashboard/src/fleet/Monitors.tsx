import { useEffect, useMemo, useRef } from 'react';
import type { Fleet, Monitor } from '../api/types';
import { useStale } from '../components/Connection';
import { DataTable } from '../components/DataTable';
import { Empty } from '../components/States';
import { toggled } from '../components/table';
import { TableSkeleton } from '../components/TableSkeleton';
import { fleetColumns } from './columns';
import { FLEET_SORTS, keyOf } from './fleet';
import { FleetMap } from './FleetMap';
import { type FleetSearch, marked, pairOf, rangeOf } from './search';
import { pageOf } from './ways';

interface MonitorsProps {
  readonly data: Fleet | undefined;
  /** Those of `data` that the search finds, in their order. */
  readonly monitors: readonly Monitor[];
  readonly search: FleetSearch;
  readonly onChange: (change: Partial<FleetSearch>) => void;
}

/** The monitors, as a table or as a map; any two can be marked in either. */
export function Monitors({ data, monitors, search, onChange }: MonitorsProps) {
  const stale = useStale();
  const pair = useMemo(() => new Set(pairOf(search)), [search]);
  const mark = useMark(pair, onChange);
  const range = useMemo(() => rangeOf(search), [search]);
  const own = data?.clusters?.length ? (data.cluster.name ?? 'here') : null;
  const columns = useMemo(() => fleetColumns(range, own), [range, own]);
  if (data === undefined) return <TableSkeleton label="monitors" />;
  if (monitors.length === 0) return <NoMatch of={data.items.length} search={search} onChange={onChange} />;
  if (search.view === 'map')
    return <FleetMap monitors={monitors} range={range} marked={pair} onMark={mark} stale={stale} />;
  return (
    <DataTable
      label="Monitors"
      columns={columns}
      items={monitors}
      idOf={keyOf}
      onOpen={(monitor) => !monitor.suspended && window.location.assign(pageOf(monitor, range))}
      selection={{ ids: pair, set: (ids) => onChange(marked(ids)) }}
      sorting={{
        value: search.sort ?? 'ready',
        set: (sort) => onChange({ sort: FLEET_SORTS.find((known) => known === sort) }),
      }}
      stale={stale}
    />
  );
}

/** Marks a tile or takes its mark away. Keeps its identity, so that tiles need not be drawn again for it. */
function useMark(pair: ReadonlySet<string>, onChange: MonitorsProps['onChange']): (key: string) => void {
  const latest = useRef({ pair, onChange });
  useEffect(() => {
    latest.current = { pair, onChange };
  });
  return useMemo(
    () => (key: string) => latest.current.onChange(marked(toggled(latest.current.pair, [], key, null))),
    [],
  );
}

interface NoMatchProps extends Pick<MonitorsProps, 'search' | 'onChange'> {
  readonly of: number;
}

function NoMatch({ of, search, onChange }: NoMatchProps) {
  return (
    <Empty
      title="No monitor matches"
      why={`None of the ${of} monitors has “${search.search ?? ''}” in its name, namespace or reason.`}
      action={
        <button
          type="button"
          className="button"
          onClick={() => onChange({ search: undefined, look: undefined })}
        >
          Clear the search
        </button>
      }
    />
  );
}
