import { Link } from '@tanstack/react-router';
import { runningLast, type TaskFilter } from './filter';

/** Says where the tasks that run are, for which one looks among the longest, and leads there. */
export function RunningLast({ filter }: { readonly filter: TaskFilter }) {
  if (!runningLast(filter)) return null;
  return (
    <p className="running-last soft">
      Tasks that still run have no run time yet, and stand last.{' '}
      <Link to="/tasks" from="/tasks" search={(old) => ({ ...old, state: ['STARTED'] })}>
        Running tasks alone, the longest first
      </Link>
    </p>
  );
}
