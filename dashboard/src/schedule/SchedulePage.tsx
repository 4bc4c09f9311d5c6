import { useNavigate } from '@tanstack/react-router';
import { getJson } from '../api/client';
import { useLiveState } from '../app/services';
import { useAsked } from '../app/useAsked';
import { useStale } from '../components/Connection';
import { DataTable } from '../components/DataTable';
import { Empty, Failure } from '../components/States';
import { TableSkeleton } from '../components/TableSkeleton';
import { count } from '../format/number';
import { scheduleColumns } from './columns';
import type { Schedule } from './types';
import { inOrder } from './words';

const START = `celery -A YOUR_APP flower

# or
flower-monitor -A YOUR_APP`;

/** Milliseconds between two looks: what is due changes slowly. */
const LOOK_AGAIN = 15_000;

/** Entries of Celery beat, where they can be known. */
export function SchedulePage() {
  const paused = useLiveState().phase === 'paused';
  const navigate = useNavigate({ from: '/schedule' });
  const { data, error, refetch } = useAsked({
    queryKey: ['schedule'],
    queryFn: ({ signal }) => getJson<Schedule>('api/v1/schedule', {}, signal),
    refetchInterval: paused ? false : LOOK_AGAIN,
  });
  const stale = useStale() || error !== null;
  if (data === undefined)
    return error ? (
      <Failure what="The schedule" error={error} retry={() => void refetch()} />
    ) : (
      <TableSkeleton label="the schedule" />
    );
  return (
    <>
      <h1 className="visually-hidden">Schedule</h1>
      {data.items.length === 0 ? (
        <Unknown schedule={data} />
      ) : (
        <DataTable
          label="Schedule"
          columns={scheduleColumns}
          items={inOrder(data.items)}
          idOf={({ name }) => name}
          onOpen={({ task }) => void navigate({ to: '/tasks', search: { name: task } })}
          stale={stale}
          foot={footOf(data)}
        />
      )}
    </>
  );
}

function footOf({ items, scheduler, timezone }: Schedule): string {
  const others = scheduler === null ? '' : ` ${scheduler} may have more, which only its database tells.`;
  return `${count(items.length, 'entry', 'entries')} of the app’s beat_schedule, crontabs in ${timezone}. Last seen is of any task of that name: beat does not tell of its entries.${others}`;
}

/** Why nothing is known, and what to do. */
function Unknown({ schedule: { known, scheduler } }: { readonly schedule: Schedule }) {
  if (!known)
    return (
      <Empty
        title="The schedule is not known"
        why="Celery beat sends no events of its entries: only the app tells them, and the monitor was started without it."
        lines={{ label: 'Start it with the app', text: START }}
      />
    );
  return (
    <Empty
      title="The app schedules nothing"
      why={
        scheduler === null
          ? 'Its beat_schedule is empty. Entries are read when the monitor starts.'
          : `Its beat_schedule is empty: ${scheduler} keeps its entries in a database, which the monitor does not read.`
      }
    />
  );
}
