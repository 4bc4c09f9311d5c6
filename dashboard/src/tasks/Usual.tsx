import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useServices, useTicking } from '../app/services';
import type { TaskDetail } from '../api/types';
import { count } from '../format/number';
import { duration } from '../format/time';
import { USUAL_DAYS, usualQuery } from './api';
import { compared } from './compared';

/** How long other tasks of the name took, and whether this one is out of the ordinary. */
export function Usual({ task, name }: { readonly task: TaskDetail; readonly name: string }) {
  const { clock } = useServices();
  const run = useQuery(usualQuery(name, clock.now())).data?.rows[0]?.run;
  const since = task.state === 'STARTED' ? task.started : null;
  const judged = useTicking((now) =>
    run === undefined ? '' : compared(task.runtime ?? (since === null ? null : now - since), run),
  );
  return (
    <section>
      <h2>Tasks of this name</h2>
      <p className="usual">
        {run === undefined || run.p50 === null
          ? `None has succeeded in the last ${USUAL_DAYS} days.`
          : `Half of ${count(run.n, 'run')} in the last ${USUAL_DAYS} days took up to ${duration(run.p50)}, 95 % up to ${duration(run.p95)}. ${judged}`}
      </p>
      <p className="usual">
        <Link to="/tasks" search={{ name }}>
          All of them
        </Link>
        {' · '}
        <Link to="/tasks" search={{ name, state: ['FAILURE'] }}>
          Those that failed
        </Link>
        {' · '}
        <Link to="/tasks" search={{ name, sort: '-runtime' }}>
          The longest
        </Link>
      </p>
    </section>
  );
}
