import { queryOptions, useQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { getJson } from '../api/client';
import { useLiveState } from '../app/services';
import { useStale } from '../components/Connection';
import { Sentence } from '../components/Sentence';
import { Failure, Skeleton } from '../components/States';
import { RelativeTime } from '../components/Time';
import { CheckList } from './CheckList';
import { inPlace, verdict } from './checks';
import type { Report } from './types';
import './DoctorPage.css';

/** Milliseconds between two looks: each asks the broker and others, so it is not as often as it could be. */
const LOOK_AGAIN = 15_000;

const doctorQuery = (paused: boolean) =>
  queryOptions({
    queryKey: ['doctor'],
    queryFn: ({ signal }) => getJson<Report>('api/v1/doctor', {}, signal),
    refetchInterval: paused ? false : LOOK_AGAIN,
  });

/** Why do I see nothing: what was looked at, what was found, and what to do about it. */
export function DoctorPage() {
  const paused = useLiveState().phase === 'paused';
  const { data, error: last, failureReason, refetch, isFetching } = useQuery(doctorQuery(paused));
  // While it is tried again (queryClient.ts) there is no error yet.
  const error = last ?? failureReason;
  const stale = useStale() || error !== null;
  // As the server has it when the reader asks for it; a look that comes by itself moves nothing under the eye.
  const [order, setOrder] = useState<readonly string[]>([]);
  if (data !== undefined && order.length === 0) setOrder(data.checks.map(({ id }) => id));
  const again = () =>
    void refetch().then(({ data: found }) => setOrder(found?.checks.map(({ id }) => id) ?? []));
  if (data === undefined)
    return error ? (
      <Failure what="The doctor's report" error={error} retry={() => void refetch()} />
    ) : (
      <Skeleton rows={12} label="the doctor's report" />
    );
  return (
    <>
      <div className="doctor-head">
        <h1>Doctor</h1>
        <Sentence clauses={verdict(data.checks)} />
        <span className="soft">
          Looked <RelativeTime time={data.at} />
        </span>
        <button
          type="button"
          className="button"
          onClick={again}
          aria-disabled={isFetching}
          aria-busy={isFetching}
        >
          <RefreshCw size={14} aria-hidden="true" />
          Look again
        </button>
      </div>
      <div data-stale={stale ? '' : undefined} className="doctor-report">
        <CheckList checks={inPlace(order, data.checks)} />
      </div>
    </>
  );
}
