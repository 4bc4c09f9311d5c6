import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { useShortcuts } from '../app/shortcuts';
import { useStale } from '../components/Connection';
import { DataTable } from '../components/DataTable';
import { NewRowsPill } from '../components/NewRowsPill';
import { Empty, Failure } from '../components/States';
import { TableSkeleton } from '../components/TableSkeleton';
import { summaryQuery } from '../monitor/queries';
import { taskColumns } from './columns';
import { EmptyTasks } from './EmptyTasks';
import { waitingCount } from './feed';
import { filterOf, SORTS, sortOf, type TaskSearch } from './filter';
import { SelectionBar } from './SelectionBar';
import { TaskFilters } from './TaskFilters';
import { useTaskFeed } from './useTaskFeed';
import './TasksPage.css';

const route = getRouteApi('/tasks');
const EMPTY: TaskSearch = {};

export function TasksPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/tasks' });
  const filter = filterOf(search);
  const change = (next: Partial<TaskSearch>) => void navigate({ search: (old) => ({ ...old, ...next }) });
  const searchInput = useRef<HTMLInputElement>(null);
  useShortcuts({
    '/': (event) => {
      event.preventDefault();
      searchInput.current?.select();
    },
  });
  return (
    <>
      <h1 className="visually-hidden">Tasks</h1>
      <TaskFilters filter={filter} onChange={change} searchInput={searchInput} />
      <TaskTable search={search} onChange={change} onClear={() => void navigate({ search: EMPTY })} />
    </>
  );
}

interface TaskTableProps {
  readonly search: TaskSearch;
  readonly onChange: (change: Partial<TaskSearch>) => void;
  readonly onClear: () => void;
}

function TaskTable({ search, onChange, onClear }: TaskTableProps) {
  const filter = filterOf(search);
  const navigate = useNavigate();
  const stale = useStale();
  const summary = useQuery(summaryQuery).data;
  const [held, setHeld] = useState(false);
  const [nearEnd, setNearEnd] = useState(true);
  const [topRequests, setTopRequests] = useState(0);
  const { query, more, showNew } = useTaskFeed(filter, { held, nearEnd });
  const marked = useMemo(() => new Set(search.selected), [search.selected]);
  const feed = query.data;
  const toTop = () => {
    setTopRequests((count) => count + 1);
    showNew();
  };
  if (feed === undefined)
    return query.error ? (
      <Failure what="The tasks" error={query.error} retry={() => void query.refetch()} />
    ) : (
      <TableSkeleton label="tasks" />
    );
  if (feed.rows.length === 0 && !query.isPlaceholderData && !more.error)
    return feed.next === null ? (
      <EmptyTasks filter={filter} summary={summary} onClear={onClear} />
    ) : (
      <Empty
        title="Searching older tasks"
        why="None of the newer ones matches. The search goes on by itself to the oldest."
      />
    );
  return (
    <DataTable
      label="Tasks"
      columns={taskColumns}
      items={feed.rows}
      idOf={(task) => task.uuid}
      onOpen={(task) => void navigate({ to: '/task/$uuid', params: { uuid: task.uuid } })}
      sorting={{
        value: sortOf(filter),
        set: (sort) => onChange({ sort: SORTS.find((known) => known === sort) }),
      }}
      selection={{ ids: marked, set: (ids) => onChange({ selected: ids.size > 0 ? [...ids] : undefined }) }}
      onHold={setHeld}
      onEnd={setNearEnd}
      stale={stale || query.isPlaceholderData}
      topKey={`${JSON.stringify(filter)} ${topRequests}`}
      overlay={
        <>
          <NewRowsPill {...waitingCount(feed)} onShow={toTop} />
          <SelectionBar ids={[...marked]} onClear={() => onChange({ selected: undefined })} />
        </>
      }
      foot={
        more.error ? (
          <Failure what="More tasks" error={more.error} retry={() => more.reset()} />
        ) : (
          footOf(feed.next)
        )
      }
    />
  );
}

function footOf(next: string | null): string {
  return next === null ? 'These are all.' : 'Loading more …';
}
