import { useMemo, useRef } from 'react';
import type { Fleet, Monitor } from '../api/types';
import { spanOf } from '../app/range';
import { useServices } from '../app/services';
import { useShortcuts } from '../app/shortcuts';
import { useAsked } from '../app/useAsked';
import { FilterSelect, SearchBox } from '../components/FilterBar';
import { NoticeBar } from '../components/NoticeBar';
import { RangeBar } from '../components/RangeBar';
import { Sentence } from '../components/Sentence';
import { Empty, Failure } from '../components/States';
import { Everywhere } from './Everywhere';
import { fleetHealth, found, keyOf, sorted } from './fleet';
import { Monitors } from './Monitors';
import { PickBar } from './PickBar';
import { fleetQuery } from './queries';
import { type FleetSearch, rangeOf } from './search';
import { USUAL } from './ways';
import './FleetPage.css';

const FIRST_MONITOR = `apiVersion: flower-operator.io/v1alpha1
kind: FlowerMonitor
metadata:
  name: orders
  namespace: YOUR_NAMESPACE
spec:
  broker:
    urlSecretRef: {name: orders-broker, key: url}`;

const VIEWS = [
  { value: null, label: 'Table' },
  { value: 'map', label: 'Map' },
];

interface FleetPageProps {
  readonly search: FleetSearch;
  readonly onChange: (change: Partial<FleetSearch>) => void;
  /** Goes to the page that compares what is marked. */
  readonly onCompare: () => void;
}

/** Every monitor of the cluster. */
export function FleetPage({ search, onChange, onCompare }: FleetPageProps) {
  const { data, error, refetch } = useAsked(fleetQuery);
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
  if (data?.items.length === 0)
    return (
      <>
        <ClusterTroubles fleet={data} />
        <NoMonitor />
      </>
    );
  return (
    <>
      <h1 className="visually-hidden">Monitors</h1>
      {data ? <Sentence clauses={fleetHealth(data.items)} /> : <div className="sentence-place" />}
      {data && <ClusterTroubles fleet={data} />}
      {data && <Troubles monitors={data.items} />}
      <Filters search={search} onChange={onChange} onCompare={onCompare} />
      <PickBar search={search} onClear={() => onChange({ a: undefined, b: undefined })} />
      <Everywhere
        text={search.search ?? ''}
        wanted={search.look === 'everywhere'}
        onWanted={() => onChange({ look: 'everywhere' })}
        range={rangeOf(search)}
      />
      <Monitors data={data} monitors={monitors} search={search} onChange={onChange} />
    </>
  );
}

/** What is shown and how, and the range that a monitor is opened with. */
function Filters({ search, onChange, onCompare }: FleetPageProps) {
  const { clock } = useServices();
  const searchInput = useRef<HTMLInputElement>(null);
  const view = search.view === 'map' ? undefined : 'map';
  useShortcuts({
    '/': (event) => {
      event.preventDefault();
      searchInput.current?.select();
    },
    m: () => onChange({ view }),
    c: onCompare,
  });
  return (
    <div className="filters">
      <SearchBox
        label="Search in names, namespaces, reasons"
        value={search.search}
        onChange={(text) => onChange({ search: text, look: undefined })}
        onEnter={(text) => onChange({ search: text, look: 'everywhere' })}
        input={searchInput}
      />
      <FilterSelect
        label="View"
        options={VIEWS}
        value={search.view}
        onChange={(value) => onChange({ view: value === 'map' ? 'map' : undefined })}
      />
      <div title="The time range that a monitor is opened with">
        <RangeBar span={spanOf(search, USUAL, clock.now())} onChange={onChange} />
      </div>
    </div>
  );
}

/** Why the monitors of a cluster may be out of date, or lack. */
function ClusterTroubles({ fleet: { cluster, clusters = [] } }: { readonly fleet: Fleet }) {
  const troubles = [
    {
      code: 'cluster',
      message: cluster.trouble && `The list of monitors may be out of date: ${cluster.trouble}`,
    },
    ...clusters.map(({ name, trouble }) => ({
      code: `cluster ${name}`,
      message: trouble && `Cluster ${name} is not shown as it is: ${trouble}`,
    })),
  ];
  return troubles.map(
    ({ code, message }) =>
      message && <NoticeBar key={code} notice={{ code, severity: 'warning', message, fix: '' }} />,
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
        code: `${keyOf(monitor)} is not ready`,
        severity: 'error',
        message: `${keyOf(monitor)}: ${monitor.reason ?? 'not ready'}.`,
        fix: monitor.message ?? '',
      }}
    />
  ));
}

function NoMonitor() {
  return (
    <>
      <h1 className="visually-hidden">Monitors</h1>
      <Empty
        title="No FlowerMonitor in this cluster"
        why="The operator runs and watches all namespaces; none has a FlowerMonitor. One that is applied appears here within seconds."
        lines={{ label: 'Apply this', text: FIRST_MONITOR }}
      />
    </>
  );
}
