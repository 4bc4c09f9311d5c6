import { useMe } from '../api/me';
import type { TaskDetail, TaskProgress } from '../api/types';
import { useAsked } from '../app/useAsked';
import { CodeBlock } from '../components/Copy';
import { exact } from '../format/number';
import { SETTLED } from './actions/ending';
import { resultQuery, type TaskResult } from './api';

/** Milliseconds between two looks at how far a task is: it is in the result backend, and no event tells it. */
const LOOK = 2000;

/** How far a task is that runs: by its own events, else by the result backend; nothing where neither tells. */
export function Progress({ task }: { readonly task: TaskDetail }) {
  const me = useMe();
  const running = task.started !== null && !SETTLED.has(task.state);
  const { data } = useAsked({
    ...resultQuery(task.uuid),
    enabled: running && task.progress === null && me?.results === true,
    refetchInterval: LOOK,
  });
  if (!running || (task.progress === null && !data?.meta)) return null;
  if (task.progress === null && data?.state === 'STARTED' && data.progress === null)
    return <Process meta={data.meta} />;
  return (
    <section>
      <h2>Progress</h2>
      {task.progress !== null ? <Bar progress={task.progress} /> : data !== undefined && <Told told={data} />}
    </section>
  );
}

/**
 * Which process runs it: with `task_track_started` Celery itself writes that into the result backend when a task begins
 * (`celery.app.trace`), and it is no progress.
 */
function Process({ meta }: { readonly meta: unknown }) {
  const pid =
    typeof meta === 'object' && meta !== null ? (meta as Record<string, unknown>)['pid'] : undefined;
  if (typeof pid !== 'number') return null;
  return (
    <section>
      <h2>Process</h2>
      <p>
        Process {pid} of its worker runs it, as the result backend has it. On that host{' '}
        <code>py-spy dump --pid {pid}</code> tells where it is.
      </p>
    </section>
  );
}

function Told({ told }: { readonly told: TaskResult }) {
  const { progress, meta, state } = told;
  if (progress === null)
    return <CodeBlock label={`Told with the state ${state}`} text={JSON.stringify(meta, null, 2)} />;
  return <Bar progress={progress} />;
}

function Bar({ progress }: { readonly progress: TaskProgress }) {
  const { current, total, percent } = progress;
  const words = `${exact(current)} of ${exact(total)}${percent === null ? '' : `, ${Math.floor(percent)} %`}`;
  return (
    <div className="progress">
      <progress value={current} max={total} aria-label={`Progress: ${words}`} />
      <span>{words}</span>
    </div>
  );
}
