import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { Worker } from '../api/types';
import { useServices } from '../app/services';
import { useAsked } from '../app/useAsked';
import { useStale } from '../components/Connection';
import { DataTable } from '../components/DataTable';
import { FilterSelect, SearchBox } from '../components/FilterBar';
import { Empty, Failure } from '../components/States';
import { TableSkeleton } from '../components/TableSkeleton';
import { summaryQuery, workersQuery } from '../monitor/queries';
import { EmptyTasks } from '../tasks/EmptyTasks';
import { workerColumns } from './columns';
import { Grid } from './Grid';
import { poolsQuery } from './queries';
import { ratesOf, type Sample, sampled } from './rates';
import { counts, rowsOf, shown } from './rows';
import type { WorkersSearch } from './search';

const route = getRouteApi('/workers');
const ALL = {};
const VIEWS = [
  { value: null, label: 'Table' },
  { value: 'grid', label: 'Grid' },
];

/** Rates while the page is open: what the monitor keeps is sums since a worker came. */
function useRates(workers: readonly Worker[] | undefined) {
  const { clock } = useServices();
  const [seen, setSeen] = useState<readonly Worker[] | undefined>();
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  if (workers !== undefined && seen !== workers) {
    setSeen(workers);
    setSamples(sampled(samples, workers, clock.now()));
  }
  return useMemo(() => ratesOf(samples), [samples]);
}

export function WorkersPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/workers' });
  const { data, error, refetch } = useAsked(workersQuery);
  const stale = useStale() || error !== null;
  const pools = useAsked(poolsQuery).data;
  const summary = useQuery(summaryQuery).data;
  const rates = useRates(data?.items);
  const rows = useMemo(() => rowsOf(data?.items ?? [], pools?.items ?? [], rates), [data, pools, rates]);
  const change = (next: WorkersSearch) => void navigate({ search: (old) => ({ ...old, ...next }) });
  if (error && data === undefined)
    return <Failure what="The workers" error={error} retry={() => void refetch()} />;
  if (data !== undefined && rows.length === 0)
    return <EmptyTasks filter={ALL} summary={summary} onClear={() => void navigate({ to: '/tasks' })} />;
  const chosen = shown(rows, search);
  return (
    <>
      <h1 className="visually-hidden">Workers</h1>
      <WorkerFilters search={search} workers={data?.items ?? []} onChange={change} />
      {data === undefined ? (
        <TableSkeleton label="workers" />
      ) : chosen.length === 0 ? (
        <Empty
          title="No worker matches"
          why={`None of the ${data.items.length} workers has this state and this in its name or queues.`}
          action={
            <button
              type="button"
              className="button"
              onClick={() => change({ state: undefined, search: undefined })}
            >
              Clear the filters
            </button>
          }
        />
      ) : search.view === 'grid' ? (
        <Grid rows={chosen} stale={stale} />
      ) : (
        <DataTable
          label="Workers"
          columns={workerColumns}
          items={chosen}
          idOf={({ worker }) => worker.hostname}
          onOpen={({ worker }) => void navigate({ to: '/worker/$name', params: { name: worker.hostname } })}
          sorting={{ value: search.sort ?? '', set: (sort) => change({ sort }) }}
          stale={stale}
        />
      )}
    </>
  );
}

interface FiltersProps {
  readonly search: WorkersSearch;
  readonly workers: readonly Worker[];
  readonly onChange: (change: WorkersSearch) => void;
}

function WorkerFilters({ search, workers, onChange }: FiltersProps) {
  const { online, lost, offline } = counts(workers);
  const states = [
    { value: null, label: `All ${workers.length} workers` },
    { value: 'online', label: `${online} online` },
    { value: 'lost', label: `${lost} lost` },
    { value: 'offline', label: `${offline} offline` },
  ];
  const state = (value: string | undefined) =>
    (['online', 'lost', 'offline'] as const).find((one) => one === value);
  return (
    <div className="filters">
      <SearchBox
        label="Name or queue"
        value={search.search}
        onChange={(text) => onChange({ search: text })}
      />
      <FilterSelect
        label="State"
        options={states}
        value={search.state}
        onChange={(value) => onChange({ state: state(value) })}
      />
      <FilterSelect
        label="View"
        options={VIEWS}
        value={search.view}
        onChange={(value) => onChange({ view: value === 'grid' ? 'grid' : undefined })}
      />
    </div>
  );
}
