import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ApiError, getJson } from '../api/client';
import { useStale } from '../components/Connection';
import { DataTable } from '../components/DataTable';
import { FilterSelect, SearchBox } from '../components/FilterBar';
import { Empty, Failure } from '../components/States';
import { TableSkeleton } from '../components/TableSkeleton';
import { count } from '../format/number';
import { refusal, useMe } from '../api/me';
import { useLiveState } from '../app/services';
import { auditColumns } from './columns';
import { type AuditEntry, chosen } from './entries';

const route = getRouteApi('/audit');
const PAGE = 200;
const DONE = [
  { value: null, label: 'Done or refused' },
  { value: 'done', label: 'Done' },
  { value: 'refused', label: 'Refused or failed' },
];

interface Page {
  readonly items: readonly AuditEntry[];
  readonly next_before: number | null;
}

function useAudit(allowed: boolean) {
  const paused = useLiveState().phase === 'paused';
  return useInfiniteQuery({
    queryKey: ['audit'],
    enabled: allowed,
    queryFn: ({ signal, pageParam }) =>
      getJson<Page>('api/v1/audit', { limit: PAGE, before: pageParam }, signal),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next_before }) => next_before,
    refetchInterval: (query) => (paused || (query.state.data?.pages.length ?? 0) > 1 ? false : 10_000),
  });
}

/** Who did or tried what, newest first. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/audit' });
  const me = useMe();
  // Reading it changes nothing: a monitor that is read only shows it too.
  const why = me && refusal({ ...me, read_only: false }, 'administer');
  const audit = useAudit(why === null);
  const change = (next: Partial<typeof search>) => void navigate({ search: (old) => ({ ...old, ...next }) });
  const refused = audit.error instanceof ApiError && audit.error.status === 403 ? audit.error.message : null;
  if (why ?? refused)
    return (
      <Empty title="The audit is not for you" why={`It tells what everybody did. ${why ?? refused ?? ''}`} />
    );
  return (
    <>
      <h1 className="visually-hidden">Audit</h1>
      <div className="filters">
        <SearchBox
          label="Person, address, path or outcome"
          value={search.search}
          onChange={(text) => change({ search: text })}
        />
        <FilterSelect
          label="Done or refused"
          options={DONE}
          value={search.done}
          onChange={(done) => change({ done: done === 'done' || done === 'refused' ? done : undefined })}
        />
      </div>
      <AuditTable audit={audit} search={search} onClear={() => void navigate({ search: {} })} />
    </>
  );
}

interface AuditTableProps {
  readonly audit: ReturnType<typeof useAudit>;
  readonly search: Parameters<typeof chosen>[1];
  readonly onClear: () => void;
}

function AuditTable({ audit, search, onClear }: AuditTableProps) {
  const { data, failureReason, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = audit;
  // While it is tried again (queryClient.ts) there is no error yet.
  const error = audit.error ?? failureReason;
  // Once more pages are loaded it is not asked again: only the cut connection tells that it is old.
  const stale = useStale() || error !== null;
  const [near, setNear] = useState(true);
  const loaded = data?.pages.flatMap(({ items }) => items) ?? [];
  const entries = chosen(loaded, search);
  const filtered = entries.length < loaded.length;
  // Of a filter that fits next to nothing, more pages are looked through only as the reader asks for them.
  const more = near && hasNextPage && !isFetchingNextPage && !filtered && error === null;
  useEffect(() => {
    if (more) void fetchNextPage();
  }, [more, fetchNextPage]);
  if (data === undefined)
    return error ? (
      <Failure what="The audit" error={error} retry={() => void refetch()} />
    ) : (
      <TableSkeleton label="the audit" />
    );
  const further = hasNextPage && (
    <button type="button" className="button" onClick={() => void fetchNextPage()}>
      Look further back
    </button>
  );
  if (loaded.length === 0)
    return (
      <Empty
        title="Nothing was changed yet"
        why="Every request that changes something, or would have, is written down here: who, from where, what, and how it ended."
      />
    );
  if (entries.length === 0)
    return (
      <Empty
        title="No entry matches"
        why={`Of the newest ${count(loaded.length, 'entry', 'entries')} none does.`}
        action={
          <>
            <button type="button" className="button" onClick={onClear}>
              Clear the filters
            </button>
            {further}
          </>
        }
      />
    );
  return (
    <DataTable
      label="Audit"
      columns={auditColumns}
      items={entries}
      idOf={({ id }) => String(id)}
      onEnd={setNear}
      stale={stale}
      foot={further && filtered ? further : hasNextPage ? 'Loading more …' : 'These are all.'}
    />
  );
}
