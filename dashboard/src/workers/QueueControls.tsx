import { useId, useState } from 'react';
import { Action, Objection } from '../actions/Action';
import { useAsked } from '../app/useAsked';
import { queuesQuery } from '../monitor/queries';
import type { WorkerDetail } from './types';
import { commandPath, useCommand } from './useCommand';

interface ControlsProps {
  readonly name: string;
  readonly detail: WorkerDetail;
}

/** The queues that it takes tasks from; each can be taken from it, and others added. */
export function QueueControls({ name, detail }: ControlsProps) {
  const queues = detail.active_queues?.value;
  return (
    <section>
      <h2>Queues</h2>
      <Objection permission="control" />
      {queues === undefined ? (
        <p className="soft">It has not told which it takes tasks from.</p>
      ) : queues.length === 0 ? (
        <p className="soft">It takes tasks from none: it is drained.</p>
      ) : (
        <ul className="worker-queues">
          {queues.map((queue) => (
            <Queue key={queue.name} worker={name} queue={queue.name} last={queues.length === 1} />
          ))}
        </ul>
      )}
      <AddQueue worker={name} taken={(queues ?? []).map((queue) => queue.name)} />
    </section>
  );
}

interface QueueProps {
  readonly worker: string;
  readonly queue: string;
  readonly last: boolean;
}

function Queue({ worker, queue, last }: QueueProps) {
  const command = useCommand(worker);
  return (
    <li>
      <span dir="auto" className="worker-queue">
        {queue}
      </span>
      <Action
        label={`Take ${queue} from ${worker}`}
        short="Take it away"
        permission="control"
        run={() => command(commandPath('queue/cancel-consumer', worker), { queue })}
      >
        <p>
          It takes no more tasks from this queue, and finishes those that it has. It can be given back here.
          {last && ' It is its only queue: the worker then does nothing more.'}
        </p>
      </Action>
    </li>
  );
}

function AddQueue({ worker, taken }: { readonly worker: string; readonly taken: readonly string[] }) {
  const id = useId();
  const command = useCommand(worker);
  const [queue, setQueue] = useState('');
  const known = useAsked(queuesQuery).data?.items ?? [];
  const name = queue.trim();
  const unable =
    name === '' ? 'Name a queue first.' : taken.includes(name) ? 'It has that queue already.' : null;
  return (
    <div className="control">
      <label htmlFor={id}>
        Another queue
        <input
          id={id}
          type="text"
          data-wide=""
          list={`${id}-known`}
          spellCheck={false}
          autoComplete="off"
          value={queue}
          onChange={(event) => setQueue(event.target.value)}
        />
      </label>
      <datalist id={`${id}-known`}>
        {known
          .filter((one) => !taken.includes(one.name))
          .map((one) => (
            <option key={one.name} value={one.name} />
          ))}
      </datalist>
      <Action
        label={`Let ${worker} take tasks from ${name || 'a queue'}`}
        short="Add the queue"
        permission="control"
        unable={unable}
        run={() => command(commandPath('queue/add-consumer', worker), { queue: name })}
      >
        <p>
          It takes tasks from this queue too, from now on until it is started again. A queue that does not
          exist is made.
        </p>
      </Action>
    </div>
  );
}
