import { Link } from '@tanstack/react-router';
import { BellOff, RotateCw } from 'lucide-react';
import { useRefusal } from '../api/me';
import { Name } from '../components/Copy';
import { Cut } from '../components/Cut';
import type { Column } from '../components/table';
import { RelativeTime } from '../components/Time';
import { compact, exact, UNKNOWN } from '../format/number';
import { placeText } from './order';
import { Sparkline } from './Sparkline';
import type { FailureGroup } from './types';

function places(named: Readonly<Record<string, number>>, others: number): string {
  const names = Object.keys(named);
  const more = names.length - 1 + (others > 0 ? 1 : 0);
  if (names[0] === undefined) return UNKNOWN;
  return more > 0 ? `${names[0]} and ${others > 0 ? 'many' : more} more` : names[0];
}

function all(named: Readonly<Record<string, number>>, others: number): string {
  const lines = Object.entries(named).map(([name, n]) => `${name}: ${exact(n)}`);
  return [...lines, ...(others > 0 ? [`others: ${exact(others)}`] : [])].join('\n');
}

/** The place in full: the column may be too narrow for its function, which stands last. */
function whole(group: FailureGroup): string | undefined {
  return group.place === null ? undefined : `${placeText(group) ?? ''}\n${group.place.file}`;
}

/** What a person wants to do about a group. */
export type Ask = (what: 'silence' | 'rerun', group: FailureGroup) => void;

/**
 * The columns of the inbox; `ask` is told when a button of a row is pressed. They take 1,052 px, which a page of 1,280
 * has beside the rail and a scroll bar: buttons that one has to scroll for are not there for who does not know of them.
 */
export function failureColumns(ask: Ask): readonly Column<FailureGroup>[] {
  return [
    ...FACTS,
    {
      id: 'actions',
      header: 'Actions',
      width: 88,
      narrow: 80,
      align: 'end',
      cell: (group) => <Actions group={group} ask={ask} />,
    },
  ];
}

/** Buttons of a row; who may not press one is told who may. */
function Actions({ group, ask }: { readonly group: FailureGroup; readonly ask: Ask }) {
  const [silent, rerun] = [useRefusal('control'), useRefusal('publish')];
  const what = group.exception || group.message || 'these failures';
  return (
    <span className="failure-actions">
      <button
        type="button"
        className="icon-button"
        aria-label={`Run tasks with ${what} again`}
        title={rerun ?? 'Run its tasks again …'}
        disabled={rerun !== null}
        onClick={() => ask('rerun', group)}
      >
        <RotateCw size={16} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={`Silence ${what}`}
        title={silent ?? 'Silence it …'}
        disabled={silent !== null}
        onClick={() => ask('silence', group)}
      >
        <BellOff size={16} aria-hidden="true" />
      </button>
    </span>
  );
}

/** Characters of a task's name below its exception: what a page of 360 px has room for. */
const NAME = 20;

/** The exception, and on narrow pages, which have no column for it, the task's name below. */
function What({ group: { exception, message, name, task } }: { readonly group: FailureGroup }) {
  return (
    <span className="failure-what">
      <Link to="/task/$uuid" params={{ uuid: task }} className="cut" title={message ?? undefined} dir="auto">
        {exception || message || 'No exception told'}
      </Link>
      <span className="failure-task soft">
        {name === null ? 'Name not seen' : <Name text={name} length={NAME} />}
      </span>
    </span>
  );
}

const FACTS: readonly Column<FailureGroup>[] = [
  {
    id: 'exception',
    header: 'Exception',
    width: 180,
    narrow: 124,
    grow: true,
    cell: (group) => <What group={group} />,
  },
  {
    id: 'name',
    header: 'Task',
    width: 156,
    grow: true,
    wideOnly: true,
    cell: ({ name }) => (name === null ? <span className="faint">{UNKNOWN}</span> : <TaskLink name={name} />),
  },
  {
    id: 'place',
    header: 'Place',
    width: 164,
    grow: true,
    wideOnly: true,
    cell: (group) => <Cut text={placeText(group) ?? UNKNOWN} title={whole(group)} />,
  },
  {
    id: 'n',
    header: 'Times',
    width: 72,
    narrow: 64,
    align: 'end',
    sort: 'n',
    cell: ({ n }) => <span title={exact(n)}>{compact(n)}</span>,
  },
  {
    id: 'parts',
    header: 'When',
    width: 120,
    wideOnly: true,
    cell: ({ parts }) => <Sparkline parts={parts} />,
  },
  {
    id: 'first',
    header: 'First',
    width: 88,
    align: 'end',
    wideOnly: true,
    sort: 'first',
    cell: ({ first }) => <RelativeTime time={first} />,
  },
  {
    id: 'last',
    header: 'Last',
    width: 88,
    narrow: 80,
    align: 'end',
    sort: 'last',
    cell: ({ last }) => <RelativeTime time={last} />,
  },
  {
    id: 'workers',
    header: 'Workers',
    width: 96,
    wideOnly: true,
    cell: ({ workers, other_workers }) => (
      <Cut text={places(workers, other_workers)} title={all(workers, other_workers)} />
    ),
  },
];

/** The failed tasks of a name: all that the groups of it count. */
function TaskLink({ name }: { readonly name: string }) {
  return (
    <Link
      to="/tasks"
      search={{ name, state: ['FAILURE'] }}
      className="cut"
      title={`Failed tasks: ${name}`}
      dir="auto"
    >
      {name}
    </Link>
  );
}
