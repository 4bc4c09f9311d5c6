import { useId, useState } from 'react';
import { Action, Objection } from '../actions/Action';
import type { Answer } from '../actions/answer';
import { part, sendJson } from '../api/send';
import { poolWord, restartObjection, sizeObjection, sizeOf } from './pool';
import type { Stats, WorkerDetail } from './types';
import { commandPath, useCommand, useLookAgain } from './useCommand';

interface ControlsProps {
  readonly name: string;
  readonly detail: WorkerDetail;
}

/** The size of the pool, its range where it scales by itself, and its restart. */
export function PoolControls({ name, detail }: ControlsProps) {
  const stats = detail.stats?.value;
  const command = useCommand(name);
  return (
    <section>
      <h2>Pool</h2>
      <Objection permission="control" />
      <div className="controls">
        {stats?.autoscaler ? (
          <Range name={name} range={stats.autoscaler} />
        ) : (
          // Anew with each size: the field then begins with what is.
          <Size key={stats ? sizeOf(stats) : ''} name={name} stats={stats} />
        )}
        <Action
          label={`Restart the pool of ${name}`}
          short="Restart the pool"
          permission="control"
          unable={restartObjection(stats, detail.conf?.value)}
          run={() => command(commandPath('pool/restart', name))}
        >
          <p>Each of its processes is replaced by a new one once its task has ended: no task is lost.</p>
        </Action>
      </div>
    </section>
  );
}

interface PoolSet {
  readonly before: number;
  readonly concurrency: number;
  readonly wanted: number;
}

function sizeAnswer({ before, concurrency, wanted }: PoolSet): Answer {
  if (concurrency === wanted)
    return { done: true, text: `The pool had ${before}, and has ${concurrency} now.` };
  return {
    done: false,
    text: `The worker agreed, and has ${concurrency} so far: it stops a process only when that is idle.`,
  };
}

function Size({ name, stats }: { readonly name: string; readonly stats: Stats | undefined }) {
  const id = useId();
  const look = useLookAgain(name);
  const now = stats === undefined ? null : sizeOf(stats);
  const [text, setText] = useState(now === null ? '' : String(now));
  const wanted = Number(text);
  const unable = sizeObjection(stats);
  const wrong = !Number.isInteger(wanted) || wanted < 1 ? 'A pool has 1 or more.' : null;
  const same = wanted === now ? 'It has that many already.' : null;
  const set = async () => {
    const body = JSON.stringify({ concurrency: wanted, expect: now });
    const found = await sendJson<PoolSet>('PUT', `api/v1/workers/${part(name)}/pool`, body);
    look();
    return sizeAnswer(found);
  };
  return (
    <div className="control">
      <label htmlFor={id}>
        Processes ({poolWord(stats?.pool?.implementation) ?? 'pool not known'})
        <input
          id={id}
          type="number"
          min={1}
          value={text}
          disabled={unable !== null}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <Action
        label={`Set the pool of ${name} to ${text || '?'}`}
        short="Set the size"
        permission="control"
        unable={unable ?? wrong ?? same}
        run={set}
      >
        <p>
          It has {now} now. It holds until the worker is started again. A process that is to go finishes its
          task first.
        </p>
      </Action>
      {unable !== null && <span className="soft control-why">{unable}</span>}
    </div>
  );
}

function Range({ name, range }: { readonly name: string; readonly range: NonNullable<Stats['autoscaler']> }) {
  const id = useId();
  const command = useCommand(name);
  const [least, setLeast] = useState(String(range.min));
  const [most, setMost] = useState(String(range.max));
  const right = Number(least) >= 0 && Number(most) >= 1 && Number(least) <= Number(most);
  return (
    <div className="control">
      <label htmlFor={`${id}-least`}>
        Fewest
        <input
          id={`${id}-least`}
          type="number"
          min={0}
          value={least}
          onChange={(event) => setLeast(event.target.value)}
        />
      </label>
      <label htmlFor={`${id}-most`}>
        Most
        <input
          id={`${id}-most`}
          type="number"
          min={1}
          value={most}
          onChange={(event) => setMost(event.target.value)}
        />
      </label>
      <Action
        label={`Let ${name} scale between ${least} and ${most}`}
        short="Set the range"
        permission="control"
        unable={right ? null : 'The fewest must be 0 or more, and no more than the most.'}
        run={() => command(commandPath('pool/autoscale', name), { min: least, max: most })}
      >
        <p>
          Between {range.min} and {range.max} now. It holds until the worker is started again.
        </p>
      </Action>
    </div>
  );
}
