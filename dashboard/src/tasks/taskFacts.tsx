import { Link } from '@tanstack/react-router';
import type { TaskDetail } from '../api/types';
import type { Fact } from '../components/Facts';
import { Duration, ExactTime, RelativeTime } from '../components/Time';
import { UNKNOWN } from '../format/number';
import { attemptsOf, ran } from './attempts';
import { endOf, secondsOf, waitOf } from './columns';

/** Workers tell how long a task ran only when it succeeded; of others its last attempt says it, by two events. */
function lastRun(task: TaskDetail): number | null {
  const last = attemptsOf(task.history).at(-1);
  return last === undefined ? null : ran(last);
}

function maybe(value: string | number | null): string {
  return value === null || value === '' ? UNKNOWN : String(value);
}

function runtimeOf(task: TaskDetail): Fact {
  const running = task.state === 'STARTED' ? task.started : null;
  return { name: 'Runtime', value: <Duration seconds={task.runtime ?? lastRun(task)} since={running} /> };
}

function workerOf({ worker }: TaskDetail): Fact {
  const link = worker && (
    <Link to="/worker/$name" params={{ name: worker }}>
      {worker}
    </Link>
  );
  return { name: 'Worker', value: link ?? UNKNOWN };
}

/** What is known of a task, but for its attempts and its texts. */
export function factsOf(task: TaskDetail): readonly Fact[] {
  return [
    runtimeOf(task),
    { name: 'Waited for a worker', value: <Duration seconds={waitOf(task)} /> },
    workerOf(task),
    { name: 'Queue', value: maybe(task.queue) },
    { name: 'Retries', value: maybe(task.retries) },
    { name: 'Earliest start (ETA)', value: <Point time={task.eta} /> },
    { name: 'Expires', value: <Point time={task.expires} /> },
    { name: 'Exchange, routing key', value: `${maybe(task.exchange)}, ${maybe(task.routing_key)}` },
    { name: 'Sent by', value: maybe(task.client) },
    { name: 'Newest event', value: <ExactTime time={task.timestamp} /> },
  ];
}

/** What is asked of a task first: who has it, when, and for how long. */
export function essentialsOf(task: TaskDetail): readonly Fact[] {
  return [
    workerOf(task),
    { name: 'Queue', value: maybe(task.queue) },
    { name: 'Sent', value: <ExactTime time={task.sent} /> },
    { name: 'Received', value: <ExactTime time={task.received} /> },
    { name: 'Started', value: <ExactTime time={task.started} /> },
    { name: 'Ended', value: <ExactTime time={endOf(task)} /> },
    runtimeOf(task),
    { name: 'Waited', value: <Duration seconds={waitOf(task)} /> },
    { name: 'Retries', value: maybe(task.retries) },
  ];
}

/** Celery sends ETA and expiry as ISO texts; the API may have them as numbers. */
function Point({ time }: { readonly time: string | number | null }) {
  if (time === null) return UNKNOWN;
  const seconds = secondsOf(time);
  if (seconds === null) return String(time);
  return (
    <>
      <ExactTime time={seconds} />{' '}
      <span className="soft">
        (<RelativeTime time={seconds} />)
      </span>
    </>
  );
}
