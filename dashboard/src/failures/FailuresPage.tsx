import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { type RangeSearch, type Span, spanOf, spanText } from '../app/range';
import { useLiveState, useServices, useZone } from '../app/services';
import { useSpan } from '../app/useRange';
import { useAsked } from '../app/useAsked';
import { useStale } from '../components/Connection';
import { DataTable } from '../components/DataTable';
import { FilterCombo } from '../components/FilterBar';
import { RangeBar } from '../components/RangeBar';
import { Empty, Failure } from '../components/States';
import { TableSkeleton } from '../components/TableSkeleton';
import { count } from '../format/number';
import { failuresQuery } from '../overview/queries';
import { failureColumns } from './columns';
import { namesOf, sorted } from './order';
import { type Question, Questions } from './Questions';
import { Silenced } from './Silenced';
import { apart, silencesQuery } from './silences';
import type { Failures, FailureGroup } from './types';
import './FailuresPage.css';

const route = getRouteApi('/failures');

/** What fails, by task, exception and place: an inbox, not a list of each time. */
export function FailuresPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/failures' });
  const { clock } = useServices();
  const span = useSpan(search, '24h');
  const paused = useLiveState().phase === 'paused';
  const { data, error, refetch, isPlaceholderData } = useAsked(failuresQuery({ search, span, paused }));
  const silences = useQuery(silencesQuery(paused)).data?.items ?? [];
  const stale = useStale() || isPlaceholderData || error !== null;
  const change = (next: Partial<typeof search>) => void navigate({ search: (old) => ({ ...old, ...next }) });
  const named = ({ name }: { readonly name: string | null }) =>
    search.name === undefined || name === search.name;
  const { loud, quiet } = apart((data?.groups ?? []).filter(named), silences.filter(named), clock.now());
  return (
    <>
      <h1 className="visually-hidden">Failures</h1>
      <div className="filters">
        <RangeBar
          span={spanOf(search, '24h', clock.now())}
          onChange={(range: RangeSearch) => change(range)}
        />
        <FilterCombo
          label="Any task"
          items={namesOf(data?.groups ?? [])}
          value={search.name}
          onChange={(name) => change({ name })}
          empty="Nothing failed"
        />
      </div>
      {data !== undefined ? (
        <Inbox
          failures={data}
          groups={loud}
          span={span}
          name={search.name}
          sorting={{ value: search.sort ?? '-last', set: (sort) => change({ sort }) }}
          stale={stale}
        />
      ) : error ? (
        <Failure what="The failures" error={error} retry={() => void refetch()} />
      ) : (
        <TableSkeleton label="failures" />
      )}
      <Silenced quiet={data === undefined ? [] : quiet} />
    </>
  );
}

interface InboxProps {
  readonly failures: Failures;
  /** Those that are not silenced. */
  readonly groups: readonly FailureGroup[];
  readonly span: () => Span;
  readonly name: string | undefined;
  readonly sorting: { readonly value: string; readonly set: (value: string) => void };
  readonly stale: boolean;
}

function Inbox({ failures, groups, span, name, sorting, stale }: InboxProps) {
  const navigate = useNavigate();
  const zone = useZone();
  const [asked, setAsked] = useState<Question | null>(null);
  const columns = useMemo(() => failureColumns((what, group) => setAsked({ what, group })), []);
  const when = spanText(span(), zone).toLowerCase();
  const of = name === undefined ? '' : ` ${name}`;
  const all = failures.groups.some((group) => group.silence !== null && (name ?? group.name) === group.name);
  return (
    <>
      {groups.length === 0 ? (
        <Empty
          title={all ? 'Nothing else failed' : 'Nothing failed'}
          why={
            all
              ? `All that failed of the tasks${of} received in this time is silenced: ${when}.`
              : `No task${of} that was received in this time failed: ${when}.`
          }
        />
      ) : (
        <DataTable
          label="Failures"
          columns={columns}
          items={sorted(groups, sorting.value)}
          idOf={({ id }) => id}
          onOpen={({ task }) => void navigate({ to: '/task/$uuid', params: { uuid: task } })}
          sorting={sorting}
          stale={stale}
          foot={
            failures.more
              ? `Only the newest ${count(failures.looked, 'failed task')} were looked at: choose a shorter time to see all.`
              : `${count(failures.looked, 'failed task')} in all.`
          }
        />
      )}
      <Questions asked={asked} span={span} onClose={() => setAsked(null)} />
    </>
  );
}
