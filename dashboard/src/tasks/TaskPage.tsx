import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Info } from 'lucide-react';
import { ApiError } from '../api/client';
import type { TaskDetail, Verdict } from '../api/types';
import { StateBadge, stateWord } from '../components/Badge';
import { CopyButton } from '../components/Copy';
import { type Fact, Facts } from '../components/Facts';
import { Empty, Failure, Skeleton } from '../components/States';
import { Duration, ExactTime, RelativeTime } from '../components/Time';
import { UNKNOWN } from '../format/number';
import { taskQuery } from '../monitor/queries';
import { AttemptList } from './AttemptList';
import { attemptsOf, ran } from './attempts';
import { waitOf } from './columns';
import { Family, WorkflowLink } from './Family';
import { OwnEvents } from './OwnEvents';
import { Progress } from './Progress';
import { TaskActions } from './TaskActions';
import { Texts } from './Texts';
import { Usual } from './Usual';
import { WholeResult } from './WholeResult';
import '../components/Form.css';
import './AttemptList.css';

const route = getRouteApi('/task/$uuid');

export function TaskPage() {
  const { uuid } = route.useParams();
  const { data: task, error, refetch } = useQuery(taskQuery(uuid));
  if (task !== undefined) return <TaskView task={task} />;
  if (error instanceof ApiError && error.status === 404)
    return (
      <Empty
        title="This task is not known"
        why="The monitor keeps no task with this id: none of its events was seen, or it was removed by the retention."
        action={
          <Link to="/tasks" className="button">
            All tasks
          </Link>
        }
      />
    );
  if (error) return <Failure what="The task" error={error} retry={() => void refetch()} />;
  return <Skeleton rows={8} label="the task" />;
}

function TaskView({ task }: { readonly task: TaskDetail }) {
  return (
    <article className="detail">
      <div className="detail-head">
        <h1 dir="auto">{task.name ?? 'Name not seen'}</h1>
        <StateBadge state={task.state} />
        <span className="soft">
          <span className="mono">{task.uuid}</span> <CopyButton text={task.uuid} label="Copy id" />
        </span>
        <WorkflowLink task={task} />
      </div>
      <TaskActions task={task} />
      {task.verdict !== null && <Finding verdict={task.verdict} />}
      <Facts facts={factsOf(task)} />
      <Progress task={task} />
      <AttemptList task={task} />
      <OwnEvents task={task} />
      <Texts task={task} />
      <WholeResult task={task} />
      <Family task={task} />
      {task.name !== null && <Usual task={task} name={task.name} />}
    </article>
  );
}

/** What was found out of a task whose end no event told. */
function Finding({ verdict }: { readonly verdict: Verdict }) {
  return (
    <div className="caution">
      <Info size={16} aria-hidden="true" />
      <div>
        <p className="verdict">
          <b>{stateWord(verdict.verdict)}</b>, found out <RelativeTime time={verdict.at} />: {verdict.why}
        </p>
        {verdict.evidence.length > 0 && (
          <details>
            <summary>What was looked at</summary>
            <ul>
              {verdict.evidence.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </div>
  );
}

/** Workers tell how long a task ran only when it succeeded; of others its last attempt says it, by two events. */
function lastRun(task: TaskDetail): number | null {
  const last = attemptsOf(task.history).at(-1);
  return last === undefined ? null : ran(last);
}

function maybe(value: string | number | null): string {
  return value === null || value === '' ? UNKNOWN : String(value);
}

function factsOf(task: TaskDetail): Fact[] {
  const running = task.state === 'STARTED' ? task.started : null;
  const worker = task.worker && (
    <Link to="/worker/$name" params={{ name: task.worker }}>
      {task.worker}
    </Link>
  );
  return [
    { name: 'Runtime', value: <Duration seconds={task.runtime ?? lastRun(task)} since={running} /> },
    { name: 'Waited for a worker', value: <Duration seconds={waitOf(task)} /> },
    { name: 'Worker', value: worker ?? UNKNOWN },
    { name: 'Queue', value: maybe(task.queue) },
    { name: 'Retries', value: maybe(task.retries) },
    { name: 'Earliest start (ETA)', value: <Point time={task.eta} /> },
    { name: 'Expires', value: <Point time={task.expires} /> },
    { name: 'Exchange, routing key', value: `${maybe(task.exchange)}, ${maybe(task.routing_key)}` },
    { name: 'Sent by', value: maybe(task.client) },
    { name: 'Newest event', value: <ExactTime time={task.timestamp} /> },
  ];
}

/** Celery sends ETA and expiry as ISO texts; the API may have them as numbers. */
function Point({ time }: { readonly time: string | number | null }) {
  if (time === null) return UNKNOWN;
  const seconds = typeof time === 'number' ? time : Date.parse(time) / 1000;
  return Number.isNaN(seconds) ? String(time) : <ExactTime time={seconds} />;
}
