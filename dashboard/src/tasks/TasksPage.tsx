import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo, useRef, useState } from 'react';
import { ApiError } from '../api/client';
import { refusal, useMe } from '../api/me';
import { useServices } from '../app/services';
import { useShortcuts } from '../app/shortcuts';
import { useSame } from '../app/useSame';
import { useStale } from '../components/Connection';
import { sizesText } from '../components/columnSizes';
import { DataTable } from '../components/DataTable';
import { NewRowsPill } from '../components/NewRowsPill';
import { Empty, Failure } from '../components/States';
import { TableSkeleton } from '../components/TableSkeleton';
import { summaryQuery } from '../monitor/queries';
import { taskColumns, taskSizes } from './columns';
import { EmptyTasks } from './EmptyTasks';
import { lengthOf, waitingCount } from './feed';
import { filterOf, SORTS, sortOf, type TaskSearch } from './filter';
import { keep } from './keptColumns';
import { MissingRows } from './MissingRows';
import { NotUnderstood } from './NotUnderstood';
import { keptOf, rowsOf } from './pages';
import { type Asked, Questions } from './Questions';
import { SelectionBar } from './SelectionBar';
import { BEGINNING } from './sight';
import { TaskPreview } from './TaskPreview';
import { TasksHead } from './TasksHead';
import { usePreview } from './usePreview';
import { useSight } from './useSight';
import { useTaskFeed } from './useTaskFeed';
import './TasksPage.css';

const route = getRouteApi('/tasks');
/** Rows that are marked at once: their ids are in the URL, and a URL has an end. */
const MOST_MARKED = BEGINNING;

export function TasksPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/tasks' });
  const filter = useMemo(() => filterOf(search), [search]);
  const { preferences } = useServices();
  const change = useCallback(
    (next: Partial<TaskSearch>, replace = false) => {
      keep(next, preferences);
      void navigate({ search: (old) => ({ ...old, ...next }), replace });
    },
    [navigate, preferences],
  );
  const searchInput = useRef<HTMLInputElement>(null);
  const [held, setHeld] = useState(false);
  const [nearEnd, setNearEnd] = useState(true);
  const [asked, setAsked] = useState<Asked>(null);
  const feed = useTaskFeed(filter, { held: held || asked !== null, nearEnd });
  const refused = refusal(useMe(), 'control');
  const list = feed.query.data;
  const loaded = list ? lengthOf(list) : 0;
  const markLoaded = useSame(() => {
    const first = keptOf(list?.pages ?? []).slice(0, MOST_MARKED);
    change({ selected: first.map((task) => task.uuid) });
  });
  useShortcuts({
    '/': (event) => {
      event.preventDefault();
      searchInput.current?.select();
    },
    a: () => loaded > 0 && markLoaded(),
  });
  return (
    <>
      <h1 className="visually-hidden">Tasks</h1>
      <TasksHead
        search={search}
        filter={filter}
        onChange={change}
        searchInput={searchInput}
        wrong={wrongSearch(feed.query.error)}
        loaded={Math.min(loaded, MOST_MARKED + 1)}
        most={MOST_MARKED}
        onSelect={markLoaded}
        onRevoke={useSame(() => setAsked('revoke all'))}
        refused={refused}
      />
      <TaskTable
        feed={feed}
        search={search}
        onChange={change}
        onClear={() => void navigate({ search: { columns: search.columns, widths: search.widths } })}
        onAsk={setAsked}
        onHold={setHeld}
        onEnd={setNearEnd}
      />
      <Questions asked={asked} search={search} onClose={() => setAsked(null)} />
    </>
  );
}

/** What the server says of a search that it does not understand; null: that is not what is wrong. */
function wrongSearch(error: unknown): string | null {
  return error instanceof ApiError && error.problem.field === 'query' ? error.message : null;
}

interface TaskTableProps {
  readonly feed: ReturnType<typeof useTaskFeed>;
  readonly search: TaskSearch;
  readonly onChange: (change: Partial<TaskSearch>, replace?: boolean) => void;
  readonly onClear: () => void;
  readonly onAsk: (asked: Asked) => void;
  readonly onHold: (held: boolean) => void;
  readonly onEnd: (near: boolean) => void;
}

function TaskTable(props: TaskTableProps) {
  const { search, onChange, onClear, onAsk, onHold, onEnd } = props;
  const { query, more, showNew } = props.feed;
  const filter = filterOf(search);
  const navigate = useNavigate({ from: '/tasks' });
  const stale = useStale();
  const summary = useQuery(summaryQuery).data;
  const [topRequests, setTopRequests] = useState(0);
  const looked = usePreview(
    search.preview,
    (preview, replace) => void navigate({ search: (old) => ({ ...old, preview }), replace }),
  );
  const marked = useMemo(() => new Set(search.selected), [search.selected]);
  const columns = useMemo(() => taskColumns(search.columns), [search.columns]);
  const sizes = useMemo(() => taskSizes(search.widths), [search.widths]);
  const feed = query.data;
  const rows = useMemo(() => rowsOf(feed?.pages ?? []), [feed?.pages]);
  const { onSight, missing } = useSight(filter, query.isPlaceholderData ? undefined : feed);
  const toTop = () => {
    setTopRequests((before) => before + 1);
    showNew();
  };
  if (wrongSearch(query.error) !== null) return <NotUnderstood />;
  // Also while it is asked again by itself: bones would say nothing of why.
  const trouble = query.error ?? query.failureReason;
  if (feed === undefined)
    return trouble ? (
      <Failure what="The tasks" error={trouble} retry={() => void query.refetch()} />
    ) : (
      <TableSkeleton label="tasks" />
    );
  if (rows.length === 0 && !query.isPlaceholderData && !more.error)
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
      columns={columns}
      items={rows}
      idOf={(task) => task.uuid}
      onOpen={(task) => void navigate({ to: '/task/$uuid', params: { uuid: task.uuid } })}
      sorting={{
        value: sortOf(filter),
        set: (sort) => onChange({ sort: SORTS.find((known) => known === sort) }),
      }}
      selection={{
        ids: marked,
        set: (ids) => onChange({ selected: ids.size > 0 ? [...ids].slice(0, MOST_MARKED) : undefined }),
      }}
      sizing={{ value: sizes, set: (next) => onChange({ widths: sizesText(next) }, true) }}
      preview={{
        id: looked.id,
        set: looked.set,
        panel: looked.id !== undefined && (
          <TaskPreview uuid={looked.id} settled={looked.settled} rows={rows} onShow={looked.set} />
        ),
      }}
      onHold={onHold}
      onEnd={onEnd}
      onSight={onSight}
      missing={missing && 'It could not be loaded again'}
      stale={stale || query.isPlaceholderData}
      topKey={`${JSON.stringify(filter)} ${topRequests}`}
      overlay={
        <>
          <NewRowsPill {...waitingCount(feed)} onShow={toTop} />
          {missing && <MissingRows {...missing} />}
          <SelectionBar
            ids={[...marked]}
            onClear={() => onChange({ selected: undefined })}
            onRevoke={() => onAsk('revoke marked')}
            onRerun={() => onAsk('rerun marked')}
          />
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
