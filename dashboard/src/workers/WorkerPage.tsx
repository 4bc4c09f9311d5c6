import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Worker } from '../api/types';
import { StateBadge } from '../components/Badge';
import { CodeBlock } from '../components/Copy';
import { type Fact, Facts } from '../components/Facts';
import { Empty, Failure, Skeleton } from '../components/States';
import { Duration, ExactTime, RelativeTime } from '../components/Time';
import { exact, UNKNOWN } from '../format/number';
import { workersQuery } from '../monitor/queries';
import { loadText } from './columns';

const route = getRouteApi('/worker/$name');

export function WorkerPage() {
  const { name } = route.useParams();
  const { data, error, refetch } = useQuery(workersQuery);
  const worker = data?.items.find(({ hostname }) => hostname === name);
  if (worker !== undefined) return <WorkerView worker={worker} />;
  if (data !== undefined)
    return (
      <Empty
        title="This worker is not known"
        why={`No heartbeat of ${name} was seen since this monitor keeps its history.`}
        action={
          <Link to="/workers" className="button">
            All workers
          </Link>
        }
      />
    );
  if (error) return <Failure what="The worker" error={error} retry={() => void refetch()} />;
  return <Skeleton rows={8} label="the worker" />;
}

function factsOf(worker: Worker): Fact[] {
  const load = loadText(worker.loadavg);
  return [
    { name: 'Heartbeat', value: <RelativeTime time={worker.last_heartbeat} /> },
    { name: 'Sent every', value: <Duration seconds={worker.freq} /> },
    { name: 'First seen', value: <ExactTime time={worker.first_seen} /> },
    { name: 'Active tasks', value: exact(worker.active) },
    { name: 'Processed since its start', value: exact(worker.processed) },
    { name: 'Load 1, 5, 15 min', value: load },
    { name: 'Process', value: worker.pid === null ? UNKNOWN : String(worker.pid) },
    { name: 'Software', value: [worker.sw_ident, worker.sw_ver].filter(Boolean).join(' ') || UNKNOWN },
    { name: 'System', value: worker.sw_sys ?? UNKNOWN },
  ];
}

function WorkerView({ worker }: { readonly worker: Worker }) {
  const counters = Object.entries(worker.counters).sort(([left], [right]) => left.localeCompare(right));
  return (
    <article className="detail">
      <div className="detail-head">
        <h1 dir="auto">{worker.hostname}</h1>
        <StateBadge of="worker" state={worker.state} />
        <Link to="/tasks" search={{ worker: worker.hostname }}>
          Its tasks
        </Link>
        <Link to="/tasks" search={{ worker: worker.hostname, state: ['FAILURE'] }}>
          Its failures
        </Link>
      </div>
      {!worker.task_events && worker.state === 'online' && <EventsOff hostname={worker.hostname} />}
      <Facts facts={factsOf(worker)} />
      <section>
        <h2>Events of this worker</h2>
        <Facts facts={counters.map(([type, number]) => ({ name: type, value: exact(number) }))} />
      </section>
    </article>
  );
}

/** Heartbeats without a task event: the worker is idle, or its events are off. The monitor can't tell which. */
function EventsOff({ hostname }: { readonly hostname: string }) {
  return (
    <section className="detail-note">
      <p>No task event of this worker was seen: it ran nothing since, or its task events are off.</p>
      <CodeBlock
        label="Switch them on"
        text={`celery -A YOUR_APP control enable_events --destination ${hostname}`}
      />
    </section>
  );
}
