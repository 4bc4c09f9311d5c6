import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CopyButton } from '../components/Copy';
import { Duration, RelativeTime } from '../components/Time';
import { UNKNOWN } from '../format/number';
import { cutMiddle } from '../format/text';
import type { HeldTask, WorkerDetail } from './types';

/** Tasks listed of each kind: a worker may hold thousands. */
const SHOWN = 50;

interface Line {
  readonly task: HeldTask;
  readonly when: ReactNode;
}

/** What the worker runs, and what it holds: as it says itself, which is more than its events tell. */
export function HeldTasks({ detail: { active, reserved, scheduled } }: { readonly detail: WorkerDetail }) {
  const running = active?.value.map((task) => ({
    task,
    when: <Duration seconds={null} since={task.time_start ?? null} />,
  }));
  const waiting = reserved?.value.map((task) => ({ task, when: 'waits' }));
  const later = scheduled?.value.map(({ eta, request }) => ({ task: request, when: <Eta text={eta} /> }));
  return (
    <section>
      <h2>Tasks that it has</h2>
      <div className="held">
        <List title="Running" lines={running} none="It runs nothing" />
        <List title="Reserved" lines={waiting} none="None waits for a free process" />
        <List title="Scheduled" lines={later} none="None waits for its time" />
      </div>
    </section>
  );
}

function Eta({ text }: { readonly text: string | null }) {
  const seconds = text === null ? NaN : Date.parse(text) / 1000;
  return Number.isNaN(seconds) ? (text ?? UNKNOWN) : <RelativeTime time={seconds} />;
}

interface ListProps {
  readonly title: string;
  readonly lines: readonly Line[] | undefined;
  readonly none: string;
}

function List({ title, lines, none }: ListProps) {
  return (
    <div>
      <h3>
        {title} {lines && lines.length > 0 && lines.length}
      </h3>
      {lines === undefined || lines.length === 0 ? (
        <p className="soft">{lines === undefined ? 'It has not told' : none}</p>
      ) : (
        <ul className="held-list">
          {lines.slice(0, SHOWN).map(({ task, when }) => (
            <li key={task.id}>
              <Link to="/task/$uuid" params={{ uuid: task.id }} title={task.id} dir="auto">
                {task.name ?? cutMiddle(task.id, 13)}
              </Link>
              <span className="soft held-when">{when}</span>
              <CopyButton text={task.id} label="Copy id" />
            </li>
          ))}
        </ul>
      )}
      {lines && lines.length > SHOWN && <p className="soft">and {lines.length - SHOWN} more</p>}
    </div>
  );
}
