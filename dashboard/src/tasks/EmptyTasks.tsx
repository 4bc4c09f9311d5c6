import { Link } from '@tanstack/react-router';
import type { Summary } from '../api/types';
import { ExactTime } from '../components/Time';
import { Empty } from '../components/States';
import type { TaskFilter } from './filter';
import { whyEmpty } from './whyEmpty';

const START_WORKER = 'celery -A YOUR_APP worker --task-events';
const EVENTS = `# in the configuration of the app
worker_send_task_events = True
task_send_sent_event = True

# or for the workers that run now
celery -A YOUR_APP control enable_events`;

const ASK_THE_DOCTOR = (
  <Link to="/doctor" className="button">
    Why do I see nothing?
  </Link>
);

interface EmptyTasksProps {
  readonly filter: TaskFilter;
  readonly summary: Summary | undefined;
  readonly onClear: () => void;
}

/** Why there is no task to show, and the one next step. */
export function EmptyTasks({ filter, summary, onClear }: EmptyTasksProps) {
  switch (whyEmpty(filter, summary)) {
    case 'filtered':
      return (
        <Empty
          title="No task matches"
          why="None of the tasks that are kept meets all of the conditions above. New ones that do appear by themselves."
          action={
            <button type="button" className="button" onClick={onClear}>
              Clear the filters
            </button>
          }
        />
      );
    case 'not-connected':
      return <NotConnected summary={summary} />;
    case 'no-worker':
      return (
        <Empty
          title="No worker was seen yet"
          why="The broker answers, but no Celery worker has sent a heartbeat. A worker on this broker appears within seconds of its start."
          lines={{ label: 'Start a worker', text: START_WORKER }}
          action={ASK_THE_DOCTOR}
        />
      );
    case 'no-events':
      return (
        <Empty
          title="The workers send no task events"
          why="Heartbeats arrive, but events are switched off, so tasks run without being seen."
          lines={{ label: 'Switch task events on', text: EVENTS }}
          action={ASK_THE_DOCTOR}
        />
      );
    case 'nothing-ran':
      return (
        <Empty
          title="No task has run yet"
          why="The monitor listens. The next task appears here within a second."
          action={ASK_THE_DOCTOR}
        />
      );
  }
}

function NotConnected({ summary }: { readonly summary: Summary | undefined }) {
  const broker = summary?.broker;
  const said = broker?.last_error;
  return (
    <Empty
      title="The broker is not connected"
      why={
        <>
          {broker?.url} has not answered since <ExactTime time={broker?.since} />. The monitor tries again by
          itself, and tasks appear as soon as it is through.
        </>
      }
      lines={said ? { label: 'What the connection said', text: said } : undefined}
      action={ASK_THE_DOCTOR}
    />
  );
}
