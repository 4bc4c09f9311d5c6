import type { TaskDetail } from '../api/types';
import { ExactTime } from '../components/Time';
import { ownOf } from './own';
import './AttemptList.css';

/** Events shown at once: a task may tell of each of a thousand steps. */
const SHOWN = 20;

/** What a task told by events of its own, such as `task-progress`; nothing where it told nothing. */
export function OwnEvents({ task }: { readonly task: TaskDetail }) {
  const own = ownOf(task.history);
  if (own.length === 0) return null;
  return (
    <section>
      <h2>Told by itself</h2>
      <ul className="moments">
        {own.slice(0, SHOWN).map(({ word, timestamp, told }, index) => (
          <li key={index}>
            <span dir="auto">{word}</span>
            <span className="soft">
              <ExactTime time={timestamp} />
            </span>
            <span className="moment-told mono" dir="auto">
              {told}
            </span>
          </li>
        ))}
      </ul>
      {own.length > SHOWN && (
        <p className="soft">
          The newest {SHOWN} of {own.length}.
        </p>
      )}
    </section>
  );
}
