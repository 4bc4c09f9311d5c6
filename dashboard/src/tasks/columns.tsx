import { Link } from '@tanstack/react-router';
import type { Task } from '../api/types';
import { StateBadge } from '../components/Badge';
import { Id, Name } from '../components/Copy';
import { type Sizes, sizesOf } from '../components/columnSizes';
import type { Column } from '../components/table';
import { shownIds } from './columnIds';
import { Duration, RelativeTime } from '../components/Time';
import { UNKNOWN } from '../format/number';

function Cut({ text, mono }: { readonly text: string | null; readonly mono?: boolean }) {
  if (text === null || text === '') return <span className="faint">{UNKNOWN}</span>;
  return (
    <span className={mono ? 'cut mono' : 'cut'} title={text} dir="auto">
      {text}
    </span>
  );
}

/** A name is told from others by its end: that stays whole, and the modules before it are cut. */
function TaskLink({ task }: { readonly task: Task }) {
  const name = task.name ?? 'Name not seen';
  const dot = name.lastIndexOf('.', name.length - 2);
  return (
    <Link
      to="/task/$uuid"
      params={{ uuid: task.uuid }}
      className="task-name"
      title={name}
      aria-label={name}
      dir="auto"
    >
      <span className="cut">{name.slice(0, Math.max(0, dot))}</span>
      <span className="task-name-end">{name.slice(Math.max(0, dot))}</span>
    </Link>
  );
}

/** What came of it, in one line: the exception of a failure, the result of a success. */
function outcome(task: Task): string | null {
  return task.state === 'SUCCESS' ? task.result : task.exception;
}

function since(task: Task): number | null {
  return task.state === 'STARTED' ? task.started : null;
}

const COLUMNS: readonly Column<Task>[] = [
  {
    id: 'name',
    header: 'Task',
    width: 224,
    narrow: 146,
    grow: true,
    sort: 'name',
    cell: (task) => <TaskLink task={task} />,
  },
  {
    id: 'state',
    header: 'State',
    width: 116,
    narrow: 104,
    sort: 'state',
    cell: (task) => <StateBadge state={task.state} />,
  },
  {
    id: 'received',
    header: 'Received',
    width: 100,
    narrow: 92,
    align: 'end',
    sort: 'received',
    cell: (task) => <RelativeTime time={task.received ?? task.sent} />,
  },
  {
    id: 'runtime',
    header: 'Runtime',
    width: 100,
    align: 'end',
    sort: 'runtime',
    cell: (task) => <Duration seconds={task.runtime} since={since(task)} />,
  },
  {
    id: 'worker',
    header: 'Worker',
    width: 168,
    wideOnly: true,
    sort: 'worker',
    cell: ({ worker }) => (worker === null ? <Cut text={null} /> : <Name text={worker} length={16} />),
  },
  { id: 'queue', header: 'Queue', width: 80, wideOnly: true, cell: (task) => <Cut text={task.queue} /> },
  {
    id: 'args',
    header: 'Arguments',
    width: 128,
    grow: true,
    wideOnly: true,
    cell: (task) => <Cut text={argumentsOf(task)} mono />,
  },
  {
    id: 'outcome',
    header: 'Outcome',
    width: 128,
    grow: true,
    wideOnly: true,
    cell: (task) => <Cut text={outcome(task)} mono />,
  },
  { id: 'id', header: 'Id', width: 146, wideOnly: true, cell: (task) => <Id id={task.uuid} /> },
  moment('sent', 'Sent', (task) => task.sent),
  { ...moment('started', 'Started', (task) => task.started), sort: 'started' },
  moment('ended', 'Ended', endOf),
  moment('seen', 'Last event', (task) => task.timestamp),
  moment('eta', 'ETA', (task) => secondsOf(task.eta)),
  moment('expires', 'Expires', (task) => secondsOf(task.expires)),
  {
    id: 'wait',
    header: 'Waited',
    width: 92,
    align: 'end',
    cell: (task) => <Duration seconds={waitOf(task)} />,
  },
  {
    id: 'retries',
    header: 'Retries',
    width: 76,
    align: 'end',
    cell: ({ retries }) => retries ?? <span className="faint">{UNKNOWN}</span>,
  },
  text('exception', 'Exception', (task) => task.exception),
  text('result', 'Result', (task) => task.result),
  text('positional', 'Positional arguments', (task) => task.args),
  text('kwargs', 'Keyword arguments', (task) => task.kwargs),
  { ...text('routing', 'Routing key', (task) => task.routing_key), grow: false },
  { ...text('client', 'Sent by', (task) => task.client), grow: false },
  uuid('root', 'Root', (task) => task.root_id),
  uuid('parent', 'Parent', (task) => task.parent_id),
];

function moment(id: string, header: string, time: (task: Task) => number | null): Column<Task> {
  return { id, header, width: 92, align: 'end', cell: (task) => <RelativeTime time={time(task)} /> };
}

function text(id: string, header: string, value: (task: Task) => string | null): Column<Task> {
  return { id, header, width: 160, grow: true, cell: (task) => <Cut text={value(task)} mono /> };
}

function uuid(id: string, header: string, value: (task: Task) => string | null): Column<Task> {
  return {
    id,
    header,
    width: 146,
    cell: (task) => {
      const found = value(task);
      return found === null ? <Cut text={null} /> : <Id id={found} />;
    },
  };
}

/** ETA and expiry in epoch seconds; Celery sends them as ISO 8601. Null: none, or no time. */
export function secondsOf(time: string | number | null): number | null {
  if (time === null) return null;
  const seconds = typeof time === 'number' ? time : Date.parse(time) / 1000;
  return Number.isNaN(seconds) ? null : seconds;
}

/** When it ended, however that was. */
export function endOf({ succeeded, failed, revoked, rejected }: Task): number | null {
  return succeeded ?? failed ?? revoked ?? rejected;
}

/** Seconds from its sending (else its receipt) to its start. */
export function waitOf({ sent, received, started }: Task): number | null {
  const from = sent ?? received;
  return from === null || started === null ? null : Math.max(0, started - from);
}

/** Every column that there is, as it is chosen from. */
export const COLUMN_WORDS: readonly { readonly id: string; readonly header: string }[] = COLUMNS.map(
  ({ id, header }) => ({ id, header }),
);

/**
 * The columns that a URL asks for. Those that somebody chose are all shown, also where the page is narrow: the table
 * scrolls within itself then.
 */
export function taskColumns(chosen: string | undefined): readonly Column<Task>[] {
  const ids = shownIds(
    chosen,
    COLUMNS.map(({ id }) => id),
  );
  const found = ids.flatMap((id) => COLUMNS.filter((column) => column.id === id));
  return chosen === undefined ? found : found.map((column) => ({ ...column, wideOnly: false }));
}

/** The widths that a URL asks for. */
export function taskSizes(widths: string | undefined): Sizes {
  return sizesOf(
    widths,
    COLUMNS.map(({ id }) => id),
  );
}

/** `('a', 1) {'b': 2}` without what is empty. */
function argumentsOf({ args, kwargs }: Task): string | null {
  const parts = [args, kwargs].filter((part) => part && part !== '()' && part !== '{}' && part !== '[]');
  return parts.length > 0 ? parts.join(' ') : args;
}
