import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ActingContext, useHeld } from '../actions/acting';
import { ApiError } from '../api/client';
import type { Worker } from '../api/types';
import { useLiveState } from '../app/services';
import { useAsked } from '../app/useAsked';
import { StateBadge } from '../components/Badge';
import { CodeBlock } from '../components/Copy';
import { Facts } from '../components/Facts';
import { Empty, Failure, Skeleton } from '../components/States';
import { exact } from '../format/number';
import { workersQuery } from '../monitor/queries';
import { eventFacts, poolFacts } from './facts';
import { HeldTasks } from './HeldTasks';
import { PoolControls } from './PoolControls';
import { QueueControls } from './QueueControls';
import { workerDetailQuery } from './queries';
import { ShutdownControl } from './ShutdownControl';
import { TaskLimits } from './TaskLimits';
import type { WorkerDetail } from './types';
import './WorkerPage.css';

const route = getRouteApi('/worker/$name');

export function WorkerPage() {
  const { name } = route.useParams();
  const { data, error, refetch } = useAsked(workersQuery);
  const paused = useLiveState().phase === 'paused';
  const seen = data?.items.find(({ hostname }) => hostname === name);
  // One that is gone is asked once, in case that only its heartbeats are, and not again and again.
  const gone = seen !== undefined && seen.state !== 'online';
  const detail = useAsked(workerDetailQuery(name, { once: paused || gone }));
  const worker = seen ?? detail.data?.worker ?? undefined;
  const unknown = detail.error instanceof ApiError && detail.error.status === 404;
  if (worker !== undefined || detail.data !== undefined)
    return <WorkerView name={name} worker={worker} detail={detail.data} error={detail.error} />;
  if (data !== undefined && unknown)
    return (
      <Empty
        title="This worker is not known"
        why={`No heartbeat of ${name} was seen since this monitor keeps its history, and nobody of that name answers.`}
        action={
          <Link to="/workers" search={{}} className="button">
            All workers
          </Link>
        }
      />
    );
  if (error ?? (unknown ? null : detail.error))
    return <Failure what="The worker" error={error ?? detail.error} retry={() => void refetch()} />;
  return <Skeleton rows={8} label="the worker" />;
}

interface ViewProps {
  readonly name: string;
  readonly worker: Worker | undefined;
  readonly detail: WorkerDetail | undefined;
  readonly error: Error | null;
}

function WorkerView({ name, worker, detail: latest, error }: ViewProps) {
  const [acting, setActing] = useState(false);
  const detail = useHeld(latest, acting);
  return (
    <ActingContext value={setActing}>
      <article className="detail">
        <div className="detail-head">
          <h1 dir="auto">{name}</h1>
          {worker && <StateBadge of="worker" state={worker.state} />}
          <Link to="/tasks" search={{ worker: name }}>
            Its tasks
          </Link>
          <Link to="/tasks" search={{ worker: name, state: ['FAILURE'] }}>
            Its failures
          </Link>
          <span className="worker-shutdown">
            <ShutdownControl name={name} />
          </span>
        </div>
        {worker && worker.state !== 'online' && <Gone worker={worker} />}
        {worker && !worker.task_events && worker.state === 'online' && <EventsOff hostname={name} />}
        <Silence detail={detail} error={error} />
        <Facts facts={[...(worker ? eventFacts(worker) : []), ...poolFacts(detail?.stats?.value)]} />
        {detail === undefined ? (
          error === null && <Skeleton rows={6} label="what the worker says of itself" />
        ) : (
          <Said name={name} detail={detail} />
        )}
        {worker && <EventCounts worker={worker} />}
      </article>
    </ActingContext>
  );
}

function Said({ name, detail }: { readonly name: string; readonly detail: WorkerDetail }) {
  return (
    <>
      <HeldTasks detail={detail} />
      <PoolControls name={name} detail={detail} />
      <QueueControls name={name} detail={detail} />
      <TaskLimits name={name} detail={detail} />
      <section>
        <h2>Settings that differ from Celery’s own</h2>
        {detail.conf === null ? (
          <p className="soft">It has not told of them.</p>
        ) : (
          <CodeBlock label="Settings" text={JSON.stringify(detail.conf.value, null, 2)} />
        )}
      </section>
    </>
  );
}

function EventCounts({ worker }: { readonly worker: Worker }) {
  const counters = Object.entries(worker.counters).sort(([left], [right]) => left.localeCompare(right));
  return (
    <section>
      <h2>Events of this worker</h2>
      <Facts facts={counters.map(([type, number]) => ({ name: type, value: exact(number) }))} />
    </section>
  );
}

/** Why what the worker says of itself is missing or old. */
function Silence({
  detail,
  error,
}: {
  readonly detail: WorkerDetail | undefined;
  readonly error: Error | null;
}) {
  const why = error?.message ?? detail?.problem;
  if (why == null) return null;
  return (
    <p className="detail-note" role="status">
      What it says of itself is missing or old: {why}
    </p>
  );
}

/** The last words of a worker that is gone. */
function Gone({ worker }: { readonly worker: Worker }) {
  const ran = worker.active ?? 0;
  return (
    <p className="detail-note">
      {worker.state === 'lost' ? 'Its heartbeats stopped without a word. ' : 'It said that it stops. '}
      {ran > 0 ? (
        <>
          It ran {exact(ran)} {ran === 1 ? 'task' : 'tasks'} then:{' '}
          <Link to="/tasks" search={{ worker: worker.hostname, state: ['STARTED', 'RECEIVED'] }}>
            what became of them
          </Link>
          .
        </>
      ) : (
        'It ran nothing then.'
      )}
    </p>
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
