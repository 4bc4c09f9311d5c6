import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import type { Fleet, Monitor } from '../api/types';
import { useShortcuts } from '../app/shortcuts';
import { useStale } from '../components/Connection';
import { DataTable } from '../components/DataTable';
import { SearchBox } from '../components/FilterBar';
import { NoticeBar } from '../components/NoticeBar';
import { Sentence } from '../components/Sentence';
import { Empty, Failure } from '../components/States';
import { TableSkeleton } from '../components/TableSkeleton';
import { fleetColumns } from './columns';
import { Everywhere } from './Everywhere';
import { FLEET_SORTS, type FleetSort, fleetHealth, found, keyOf, sorted, wayInto } from './fleet';
import { fleetQuery } from './queries';
import './FleetPage.css';

const FIRST_MONITOR = `apiVersion: flower-operator.io/v1alpha1
kind: FlowerMonitor
metadata:
  name: orders
  namespace: YOUR_NAMESPACE
spec:
  broker:
    urlSecretRef: {name: orders-broker, key: url}`;

export interface FleetSearch {
  readonly search?: string | undefined;
  readonly sort?: FleetSort | undefined;
}

interface FleetPageProps {
  readonly search: FleetSearch;
  readonly onChange: (change: FleetSearch) => void;
}

/** Every monitor of the cluster. */
export function FleetPage({ search, onChange }: FleetPageProps) {
  const { data, error, refetch } = useQuery(fleetQuery);
  const stale = useStale();
  const searchInput = useRef<HTMLInputElement>(null);
  useShortcuts({
    '/': (event) => {
      event.preventDefault();
      searchInput.current?.select();
    },
  });
  const monitors = useMemo(
    () =>
      sorted(
        (data?.items ?? []).filter((monitor) => found(monitor, search.search)),
        search.sort,
      ),
    [data, search.search, search.sort],
  );
  if (error && data === undefined)
    return <Failure what="The monitors" error={error} retry={() => void refetch()} />;
  if (data?.items.length === 0) return <NoMonitor />;
  return (
    <>
      <h1 className="visually-hidden">Monitors</h1>
      {data ? <Sentence clauses={fleetHealth(data.items)} /> : <div className="sentence-place" />}
      {data?.cluster.trouble && (
        <NoticeBar
          notice={{
            code: 'cluster',
            severity: 'warning',
            message: `The list of monitors may be out of date: ${data.cluster.trouble}`,
            fix: '',
          }}
        />
      )}
      {data && <Troubles monitors={data.items} />}
      <div className="filters">
        <SearchBox
          label="Search in names, namespaces, reasons"
          value={search.search}
          onChange={(text) => onChange({ search: text })}
          input={searchInput}
        />
      </div>
      <Everywhere key={search.search} text={search.search ?? ''} />
      <Monitors data={data} monitors={monitors} search={search} onChange={onChange} stale={stale} />
    </>
  );
}

/** Monitors not ready whose whole message is shown above the table. */
const TOLD = 3;

/** Why monitors are not ready, in full: a cell of the table has no room for it. */
function Troubles({ monitors }: { readonly monitors: readonly Monitor[] }) {
  const wanting = sorted(monitors, undefined).filter(({ ready, suspended }) => !ready && !suspended);
  return wanting.slice(0, TOLD).map((monitor) => (
    <NoticeBar
      key={keyOf(monitor)}
      notice={{
        code: 'not-ready',
        severity: 'error',
        message: `${keyOf(monitor)}: ${monitor.reason ?? 'not ready'}.`,
        fix: monitor.message ?? '',
      }}
    />
  ));
}

interface MonitorsProps extends FleetPageProps {
  readonly data: Fleet | undefined;
  /** Those of `data` that the search finds, in their order. */
  readonly monitors: readonly Monitor[];
  readonly stale: boolean;
}

function Monitors({ data, monitors, search, onChange, stale }: MonitorsProps) {
  if (data === undefined) return <TableSkeleton label="monitors" />;
  if (monitors.length === 0)
    return (
      <Empty
        title="No monitor matches"
        why={`None of the ${data.items.length} monitors has “${search.search ?? ''}” in its name, namespace or reason.`}
        action={
          <button type="button" className="button" onClick={() => onChange({ search: undefined })}>
            Clear the search
          </button>
        }
      />
    );
  return (
    <DataTable
      label="Monitors"
      columns={fleetColumns}
      items={monitors}
      idOf={keyOf}
      onOpen={(monitor) => !monitor.suspended && window.location.assign(wayInto(monitor))}
      sorting={{
        value: search.sort ?? 'ready',
        set: (sort) => onChange({ sort: FLEET_SORTS.find((known) => known === sort) }),
      }}
      stale={stale}
    />
  );
}

function NoMonitor() {
  return (
    <Empty
      title="No FlowerMonitor in this cluster"
      why="The operator runs and watches all namespaces; none has a FlowerMonitor. One that is applied appears here within seconds."
      lines={{ label: 'Apply this', text: FIRST_MONITOR }}
    />
  );
}
