import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type RangeSearch, spanOf, spanText } from '../app/range';
import { useLiveState, useServices, useZone } from '../app/services';
import { useSpan } from '../app/useRange';
import { useStale } from '../components/Connection';
import { DataTable } from '../components/DataTable';
import { FilterCombo } from '../components/FilterBar';
import { RangeBar } from '../components/RangeBar';
import { Empty, Failure } from '../components/States';
import { TableSkeleton } from '../components/TableSkeleton';
import { count } from '../format/number';
import { failuresQuery } from '../overview/queries';
import { failureColumns } from './columns';
import { idOf, namesOf, sorted } from './order';

const route = getRouteApi('/failures');

/** What fails, by task, exception and place: an inbox, not a list of each time. */
export function FailuresPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/failures' });
  const { clock } = useServices();
  const zone = useZone();
  const span = useSpan(search, '24h');
  const paused = useLiveState().phase === 'paused';
  const { data, error, refetch, isPlaceholderData } = useQuery(failuresQuery({ search, span, paused }));
  const stale = useStale() || isPlaceholderData || error !== null;
  const change = (next: Partial<typeof search>) => void navigate({ search: (old) => ({ ...old, ...next }) });
  const shown = spanOf(search, '24h', clock.now());
  const groups = sorted(data?.groups ?? [], search.sort).filter(
    ({ name }) => search.name === undefined || name === search.name,
  );
  return (
    <>
      <h1 className="visually-hidden">Failures</h1>
      <div className="filters">
        <RangeBar span={shown} onChange={(range: RangeSearch) => change(range)} />
        <FilterCombo
          label="Any task"
          items={namesOf(data?.groups ?? [])}
          value={search.name}
          onChange={(name) => change({ name })}
          empty="Nothing failed"
        />
      </div>
      {data === undefined ? (
        error ? (
          <Failure what="The failures" error={error} retry={() => void refetch()} />
        ) : (
          <TableSkeleton label="failures" />
        )
      ) : groups.length === 0 ? (
        <Empty
          title="Nothing failed"
          why={`No task${search.name === undefined ? '' : ` ${search.name}`} that was received in this time failed: ${spanText(shown, zone).toLowerCase()}.`}
        />
      ) : (
        <DataTable
          label="Failures"
          columns={failureColumns}
          items={groups}
          idOf={idOf}
          onOpen={({ task }) => void navigate({ to: '/task/$uuid', params: { uuid: task } })}
          sorting={{ value: search.sort ?? '-last', set: (sort) => change({ sort }) }}
          stale={stale}
          foot={
            data.more
              ? `Only the newest ${count(data.looked, 'failed task')} were looked at: choose a shorter time to see all.`
              : `${count(data.looked, 'failed task')} in all.`
          }
        />
      )}
    </>
  );
}
