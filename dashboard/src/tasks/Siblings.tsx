import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { TaskDetail } from '../api/types';
import { StateBadge } from '../components/Badge';
import { Id } from '../components/Copy';
import { Duration } from '../components/Time';
import { count, exact } from '../format/number';
import { wordOfTask } from '../workflow/states';
import type { WorkflowTask } from '../workflow/types';
import { firstOfWorkflowQuery, LOOKED_THROUGH, siblingsOf, tieOf } from './siblings';
import './Siblings.css';

/** Siblings shown here; all of them are in the workflow. */
const FEW = 10;

/** The other tasks that came from the same: whether this one went wrong alone, or with all of its group. */
export function Siblings({ task }: { readonly task: TaskDetail }) {
  const tie = tieOf(task);
  const root = task.root_id ?? '';
  const { data } = useQuery({ ...firstOfWorkflowQuery(root), enabled: tie !== null });
  if (tie === null || data === undefined) return null;
  const siblings = siblingsOf(task, data.items);
  if (siblings.length === 0) return null;
  return (
    <section>
      <h2>Siblings</h2>
      <p className="usual">
        {data.more ? 'At least ' : ''}
        {count(siblings.length, 'other task')}{' '}
        {tie === 'parent' ? 'of the same parent' : 'of the same root; of none of them the parent was told'}
        {data.more && `, among the first ${exact(LOOKED_THROUGH)} of the workflow`}
        {siblings.length > FEW && `. Here are ${FEW}, those first that went wrong or are not done`}
        {'. '}
        <Link to="/workflow/$root" params={{ root }} search={{ task: task.uuid }}>
          All of them in the workflow
        </Link>
      </p>
      <ul className="siblings">
        {siblings.slice(0, FEW).map((sibling) => (
          <Sibling key={sibling.uuid} task={sibling} />
        ))}
      </ul>
    </section>
  );
}

function Sibling({ task }: { readonly task: WorkflowTask }) {
  const { uuid, name, state, verdict, runtime, started } = task;
  return (
    <li>
      <StateBadge state={verdict === 'lost' ? 'lost' : state} word={wordOfTask(task)} />
      <Link to="/task/$uuid" params={{ uuid }} className="cut" title={name ?? undefined} dir="auto">
        {name ?? 'Name not seen'}
      </Link>
      <Id id={uuid} />
      <span className="soft">
        <Duration seconds={runtime} since={state === 'STARTED' ? started : null} />
      </span>
    </li>
  );
}
