import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { type RangeSearch, spanOf } from '../app/range';
import { useLiveState, useServices } from '../app/services';
import { useSpan } from '../app/useRange';
import { useAsked } from '../app/useAsked';
import { useStale } from '../components/Connection';
import { DataTable } from '../components/DataTable';
import { RangeBar } from '../components/RangeBar';
import { Empty, Failure } from '../components/States';
import { TableSkeleton } from '../components/TableSkeleton';
import { queuesQuery } from '../monitor/queries';
import { queueColumns, type QueueItem } from './columns';
import { linesQuery } from './history';

/** Loaded with its charts when the first queue is opened. */
const QueueDetail = lazy(() => import('./QueueDetail'));

const route = getRouteApi('/queues');

/** The broker's queues. Looks at the broker are shared by all who watch, so asking now and then costs it little. */
export function QueuesPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/queues' });
  const { clock } = useServices();
  const change = (next: Partial<typeof search>) => void navigate({ search: (old) => ({ ...old, ...next }) });
  const stale = useStale();
  const { data, error, refetch } = useAsked(queuesQuery);
  const items = useItems(search, data?.items);
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
      <RangeBar span={spanOf(search, '1h', clock.now())} onChange={(range: RangeSearch) => change(range)} />
      {items === undefined ? (
        <TableSkeleton label="queues" />
      ) : (
        <DataTable
          label="Queues"
          columns={queueColumns}
          items={items}
          idOf={({ name }) => name}
          onOpen={({ name }) => change({ queue: name })}
          stale={stale || error !== null}
        />
      )}
      {search.queue !== undefined && (
        <Suspense fallback={null}>
          <QueueDetail
            name={search.queue}
            ready={items?.find(({ name }) => name === search.queue)?.ready ?? null}
            search={search}
            onRange={change}
            onClose={() => change({ queue: undefined })}
          />
        </Suspense>
      )}
    </>
  );
}

/** The queues, each with how long it was over the range of the page. */
function useItems(
  search: RangeSearch,
  queues: readonly Omit<QueueItem, 'line'>[] | undefined,
): readonly QueueItem[] | undefined {
  const span = useSpan(search, '1h');
  const paused = useLiveState().phase === 'paused';
  const lines = useQuery(linesQuery({ search, span, paused })).data?.items;
  return useMemo(() => {
    const known = new Map(lines?.map(({ name, ready }) => [name, ready]));
    return queues?.map((queue) => ({ ...queue, line: known.get(queue.name) ?? [] }));
  }, [queues, lines]);
}
