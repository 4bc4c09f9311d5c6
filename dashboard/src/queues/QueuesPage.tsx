import { useQuery } from '@tanstack/react-query';
import { useStale } from '../components/Connection';
import { DataTable } from '../components/DataTable';
import { Empty, Failure } from '../components/States';
import { TableSkeleton } from '../components/TableSkeleton';
import { queuesQuery } from '../monitor/queries';
import { queueColumns } from './columns';

/** The broker's queues. Looks at the broker are shared by all who watch, so asking now and then costs it little. */
export function QueuesPage() {
  const stale = useStale();
  const { data, error, refetch } = useQuery(queuesQuery);
  if (error && data === undefined)
    return <Failure what="The queues" error={error} retry={() => void refetch()} />;
  if (data?.items.length === 0)
    return (
      <Empty
        title="No queue is known"
        why="Workers tell which queues they consume from, and task-sent events where tasks go. Queues that nobody told of are shown when --queues names them."
      />
    );
  return (
    <>
      <h1 className="visually-hidden">Queues</h1>
      {data === undefined ? (
        <TableSkeleton label="queues" />
      ) : (
        <DataTable
          label="Queues"
          columns={queueColumns}
          items={data.items}
          idOf={({ name }) => name}
          stale={stale || error !== null}
        />
      )}
    </>
  );
}
