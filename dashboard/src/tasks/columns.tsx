import { Link } from '@tanstack/react-router';
import type { Task } from '../api/types';
import { StateBadge } from '../components/Badge';
import { Id, Name } from '../components/Copy';
import type { Column } from '../components/table';
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

function TaskLink({ task }: { readonly task: Task }) {
  const name = task.name ?? 'Name not seen';
  return (
    <Link to="/task/$uuid" params={{ uuid: task.uuid }} className="cut" title={name} dir="auto">
      {name}
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

export const taskColumns: readonly Column<Task>[] = [
  {
    id: 'name',
    header: 'Task',
    width: 232,
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
    width: 92,
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
];

/** `('a', 1) {'b': 2}` without what is empty. */
function argumentsOf({ args, kwargs }: Task): string | null {
  const parts = [args, kwargs].filter((part) => part && part !== '()' && part !== '{}' && part !== '[]');
  return parts.length > 0 ? parts.join(' ') : args;
}
