import { useId, useState } from 'react';
import { Action, Objection } from '../actions/Action';
import { part } from '../api/send';
import { UNKNOWN } from '../format/number';
import { registered, type Registered } from './pool';
import type { WorkerDetail } from './types';
import { useCommand } from './useCommand';

interface LimitsProps {
  readonly name: string;
  readonly detail: WorkerDetail;
}

/** The tasks that the worker knows, how often it accepted each, and their limits on it. */
export function TaskLimits({ name, detail }: LimitsProps) {
  const tasks = detail.registered?.value.map(registered);
  if (tasks === undefined)
    return (
      <section>
        <h2>Tasks that it knows</h2>
        <p className="soft">It has not told of them.</p>
      </section>
    );
  return (
    <section>
      <h2>Tasks that it knows</h2>
      <Objection permission="control" />
      <Names tasks={tasks} accepted={detail.stats?.value.total ?? {}} />
      {tasks.length > 0 && <Limits worker={name} tasks={tasks} />}
    </section>
  );
}

interface NamesProps {
  readonly tasks: readonly Registered[];
  readonly accepted: Readonly<Record<string, number>>;
}

function Names({ tasks, accepted }: NamesProps) {
  return (
    // Scrolls by itself, so it must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="worker-tasks" tabIndex={0} role="region" aria-label="Tasks that it knows">
      <table>
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Rate limit</th>
            <th scope="col">Accepted since its start</th>
          </tr>
        </thead>
        <tbody>
          {tasks.map(({ name, rate }) => (
            <tr key={name}>
              <th scope="row" dir="auto">
                {name}
              </th>
              <td>{rate ?? 'none'}</td>
              <td>{accepted[name]?.toLocaleString() ?? UNKNOWN}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const RATE = /^\d+(\.\d+)?(\/[smh])?$/;

function rateObjection(rate: string): string | null {
  return RATE.test(rate) ? null : 'Such as 20 (a second), 11/m or 5/h; 0 for no limit.';
}

function timeObjection(soft: string, hard: string): string | null {
  const wrong = [soft, hard].some((text) => text !== '' && !(Number(text) > 0));
  if (wrong) return 'Seconds, more than 0; empty for none.';
  return soft !== '' && hard !== '' && Number(soft) > Number(hard) ? 'The soft one must come first.' : null;
}

function Limits({ worker, tasks }: { readonly worker: string; readonly tasks: readonly Registered[] }) {
  const [task, setTask] = useState(tasks[0]?.name ?? '');
  const id = useId();
  return (
    <div className="controls">
      <div className="control">
        <label htmlFor={id}>
          Limits of
          <select id={id} value={task} onChange={(event) => setTask(event.target.value)}>
            {tasks.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      <RateLimit worker={worker} task={task} />
      <TimeLimit worker={worker} task={task} />
    </div>
  );
}

interface LimitProps {
  readonly worker: string;
  readonly task: string;
}

function RateLimit({ worker, task }: LimitProps) {
  const id = useId();
  const command = useCommand(worker);
  const [rate, setRate] = useState('');
  return (
    <div className="control">
      <label htmlFor={id}>
        Starts at most
        <input
          id={id}
          placeholder="10/m"
          value={rate}
          onChange={(event) => setRate(event.target.value.trim())}
        />
      </label>
      <Action
        label={`Limit ${task} to ${rate || '?'} on ${worker}`}
        short="Set the rate"
        permission="control"
        unable={rateObjection(rate)}
        run={() => command(`api/task/rate-limit/${part(task)}`, { workername: worker, ratelimit: rate })}
      >
        <p>On this worker only, until it is started again. Tasks that come faster wait there.</p>
      </Action>
    </div>
  );
}

function TimeLimit({ worker, task }: LimitProps) {
  const id = useId();
  const command = useCommand(worker);
  const [soft, setSoft] = useState('');
  const [hard, setHard] = useState('');
  const body = { workername: worker, ...(soft ? { soft } : {}), ...(hard ? { hard } : {}) };
  return (
    <div className="control">
      <label htmlFor={`${id}-soft`}>
        Soft limit, seconds
        <input
          id={`${id}-soft`}
          inputMode="decimal"
          value={soft}
          onChange={(event) => setSoft(event.target.value.trim())}
        />
      </label>
      <label htmlFor={`${id}-hard`}>
        Hard limit, seconds
        <input
          id={`${id}-hard`}
          inputMode="decimal"
          value={hard}
          onChange={(event) => setHard(event.target.value.trim())}
        />
      </label>
      <Action
        label={`Set the time limits of ${task} on ${worker}`}
        short="Set the time limits"
        permission="control"
        unable={timeObjection(soft, hard)}
        run={() => command(`api/task/timeout/${part(task)}`, body)}
      >
        <p>
          Soft: {soft ? `SoftTimeLimitExceeded is raised in it after ${soft} s` : 'none'}. Hard:{' '}
          {hard ? `its process is killed after ${hard} s` : 'none'}. On this worker only, until it is started
          again; a limit that is left empty is lifted.
        </p>
      </Action>
    </div>
  );
}
