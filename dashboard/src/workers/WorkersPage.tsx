import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useStale } from '../components/Connection';
import { DataTable } from '../components/DataTable';
import { Failure } from '../components/States';
import { TableSkeleton } from '../components/TableSkeleton';
import { summaryQuery, workersQuery } from '../monitor/queries';
import { EmptyTasks } from '../tasks/EmptyTasks';
import { workerColumns } from './columns';
import { byState } from './heartbeat';

const ALL = {};

export function WorkersPage() {
  const navigate = useNavigate();
  const stale = useStale();
  const { data, error, refetch } = useQuery(workersQuery);
  const summary = useQuery(summaryQuery).data;
  const workers = useMemo(() => [...(data?.items ?? [])].sort(byState), [data]);
  if (error && data === undefined)
    return <Failure what="The workers" error={error} retry={() => void refetch()} />;
  if (data !== undefined && workers.length === 0)
    return <EmptyTasks filter={ALL} summary={summary} onClear={() => void navigate({ to: '/tasks' })} />;
  return (
    <>
      <h1 className="visually-hidden">Workers</h1>
      {data === undefined ? (
        <TableSkeleton label="workers" />
      ) : (
        <DataTable
          label="Workers"
          columns={workerColumns}
          items={workers}
          idOf={({ hostname }) => hostname}
          onOpen={({ hostname }) => void navigate({ to: '/worker/$name', params: { name: hostname } })}
          stale={stale}
        />
      )}
    </>
  );
}
