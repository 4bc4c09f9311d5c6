import { Link } from '@tanstack/react-router';
import { Crosshair } from 'lucide-react';
import { createContext, use } from 'react';
import { StateBadge } from '../components/Badge';
import { Id, Name } from '../components/Copy';
import type { Column } from '../components/table';
import { Duration, RelativeTime } from '../components/Time';
import { UNKNOWN } from '../format/number';
import { isFailed, isUnfinished, toneOfTask, wordOfTask } from './states';
import type { WorkflowTask } from './types';

/** Shows a task in the graph; the cells of a table know nothing of the page around it. */
export const ShowContext = createContext<(uuid: string) => void>(() => undefined);

function ShowButton({ uuid, name }: { readonly uuid: string; readonly name: string }) {
  const show = use(ShowContext);
  return (
    <button
      type="button"
      className="icon-button"
      title="Show in the graph"
      aria-label={`Show in the graph: ${name}`}
      onClick={() => show(uuid)}
    >
      <Crosshair size={14} aria-hidden="true" />
    </button>
  );
}

/** What is wrong first, then what is not done; each in the order of the workflow. */
export function inOrder(items: readonly WorkflowTask[]): readonly WorkflowTask[] {
  const rank = (task: WorkflowTask) => (isFailed(toneOfTask(task)) ? 0 : isUnfinished(task) ? 1 : 2);
  return items.toSorted((one, other) => rank(one) - rank(other));
}

export const workflowColumns: readonly Column<WorkflowTask>[] = [
  {
    id: 'name',
    header: 'Task',
    width: 232,
    narrow: 148,
    grow: true,
    cell: ({ uuid, name }) => (
      <Link to="/task/$uuid" params={{ uuid }} className="cut" title={name ?? undefined} dir="auto">
        {name ?? 'Name not seen'}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 136,
    narrow: 112,
    cell: (task) => (
      <StateBadge state={task.verdict === 'lost' ? 'lost' : task.state} word={wordOfTask(task)} />
    ),
  },
  {
    id: 'show',
    header: 'Graph',
    width: 64,
    cell: ({ uuid, name }) => <ShowButton uuid={uuid} name={name ?? uuid} />,
  },
  {
    id: 'runtime',
    header: 'Runtime',
    width: 100,
    align: 'end',
    wideOnly: true,
    cell: ({ runtime, state, started }) => (
      <Duration seconds={runtime} since={state === 'STARTED' ? started : null} />
    ),
  },
  {
    id: 'received',
    header: 'Received',
    width: 92,
    align: 'end',
    wideOnly: true,
    cell: ({ received, sent }) => <RelativeTime time={received ?? sent} />,
  },
  {
    id: 'worker',
    header: 'Worker',
    width: 168,
    wideOnly: true,
    cell: ({ worker }) =>
      worker === null ? <span className="faint">{UNKNOWN}</span> : <Name text={worker} length={18} />,
  },
  { id: 'id', header: 'Id', width: 146, wideOnly: true, cell: ({ uuid }) => <Id id={uuid} /> },
  {
    id: 'parent',
    header: 'Sent by the task',
    width: 146,
    wideOnly: true,
    cell: ({ parent_id }) =>
      parent_id === null ? <span className="faint">{UNKNOWN}</span> : <Id id={parent_id} />,
  },
];
