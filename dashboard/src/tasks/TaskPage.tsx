import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ApiError } from '../api/client';
import type { TaskDetail } from '../api/types';
import { StateBadge, toneOf } from '../components/Badge';
import { CodeBlock, CopyButton } from '../components/Copy';
import { type Fact, Facts } from '../components/Facts';
import { Empty, Failure, Skeleton } from '../components/States';
import { Duration, ExactTime } from '../components/Time';
import { UNKNOWN } from '../format/number';
import { taskQuery } from '../monitor/queries';
import { stepsOf } from './history';

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
      </div>
      <Facts facts={factsOf(task)} />
      <Timeline task={task} />
      <Texts task={task} />
      <Family task={task} />
    </article>
  );
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
    { name: 'Runtime', value: <Duration seconds={task.runtime} since={running} /> },
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

/** Seconds from its sending (else its receipt) to its start. */
function waitOf({ sent, received, started }: TaskDetail): number | null {
  const from = sent ?? received;
  return from === null || started === null ? null : Math.max(0, started - from);
}

/** Celery sends ETA and expiry as ISO texts; the API may have them as numbers. */
function Point({ time }: { readonly time: string | number | null }) {
  if (time === null) return UNKNOWN;
  const seconds = typeof time === 'number' ? time : Date.parse(time) / 1000;
  return Number.isNaN(seconds) ? String(time) : <ExactTime time={seconds} />;
}

function Timeline({ task }: { readonly task: TaskDetail }) {
  const steps = stepsOf(task.history);
  if (steps.length === 0) return null;
  return (
    <section>
      <h2>Timeline</h2>
      <ol className="timeline">
        {steps.map((step, index) => (
          <li key={`${step.timestamp} ${index}`} data-tone={toneOf(step.state)}>
            <b>{step.word}</b>
            <span className="timeline-step soft">
              {step.after === null ? '' : <Duration seconds={step.after} />}
            </span>
            <span className="timeline-where soft">
              <ExactTime time={step.timestamp} /> {step.worker}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Texts({ task }: { readonly task: TaskDetail }) {
  const texts = [
    { label: 'Exception', text: task.exception },
    { label: 'Traceback', text: task.traceback },
    { label: 'Positional arguments', text: task.args },
    { label: 'Keyword arguments', text: task.kwargs },
    { label: 'Result', text: task.result },
  ].filter((each): each is { label: string; text: string } => each.text !== null && each.text !== '');
  if (texts.length === 0) return null;
  return (
    <section>
      <h2>Arguments and outcome</h2>
      <div className="detail-codes">
        {texts.map(({ label, text }) => (
          <CodeBlock key={label} label={label} text={text} wide={label === 'Traceback'} />
        ))}
      </div>
    </section>
  );
}

function Family({ task }: { readonly task: TaskDetail }) {
  const root = task.root_id === task.uuid ? null : task.root_id;
  if (root === null && task.parent_id === null && task.children.length === 0) return null;
  return (
    <section>
      <h2>Related tasks</h2>
      <ul className="links">
        {root !== null && <Relative word="Root" uuid={root} />}
        {task.parent_id !== null && <Relative word="Parent" uuid={task.parent_id} />}
        {task.children.map((uuid) => (
          <Relative key={uuid} word="Child" uuid={uuid} />
        ))}
      </ul>
    </section>
  );
}

function Relative({ word, uuid }: { readonly word: string; readonly uuid: string }) {
  return (
    <li>
      <span className="soft">{word}</span>{' '}
      <Link to="/task/$uuid" params={{ uuid }} className="mono">
        {uuid}
      </Link>
    </li>
  );
}
