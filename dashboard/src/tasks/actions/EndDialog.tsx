import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { TaskDetail } from '../../api/types';
import { Dialog } from '../../components/Dialog';
import { Refused } from '../../components/Form';
import { stateWord } from '../../components/Badge';
import { abortTask, revokeTask } from '../api';
import { poolWord } from '../../workers/pool';
import { poolsQuery } from '../../workers/queries';
import type { WorkerPool } from '../../workers/types';
import { taskKeys } from '../live';
import { type Kind, SIGNALS, warning, WORDING } from './ending';
import { Outcome } from './Outcome';
import { SignalField } from './SignalField';

interface EndProps {
  readonly kind: Kind;
  readonly task: TaskDetail;
  readonly onClose: () => void;
}

/** Revoke, terminate or abort one task: what that means, then what the workers answered. */
export function EndDialog({ kind, task, onClose }: EndProps) {
  const queries = useQueryClient();
  const [signal, setSignal] = useState(SIGNALS[0]?.[0] ?? '');
  const action = useMutation({
    mutationFn: async () =>
      kind === 'abort'
        ? { aborted: (await abortTask(task.uuid)).state }
        : { told: await revokeTask(task.uuid, { terminate: kind === 'terminate', signal }) },
    onSettled: () => queries.invalidateQueries({ queryKey: taskKeys.task(task.uuid) }),
  });
  const pools = useQuery({ ...poolsQuery, enabled: kind === 'terminate' }).data?.items;
  const warned = warning(kind, task, poolOf(pools, task.worker));
  const { verb, means } = WORDING[kind];
  return (
    <Dialog
      title={`${verb} this task?`}
      onClose={onClose}
      foot={
        action.isSuccess ? (
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
        ) : (
          <>
            <button type="button" className="button" onClick={onClose}>
              Leave it
            </button>
            <button
              type="button"
              className="button"
              data-kind="danger"
              disabled={action.isPending}
              onClick={() => action.mutate()}
            >
              {action.isPending ? 'Asking the workers …' : `${verb} this task`}
            </button>
          </>
        )
      }
    >
      <p>
        <b dir="auto">{task.name ?? 'Name not seen'}</b> <span className="mono soft">{task.uuid}</span>
      </p>
      {!action.isSuccess && (
        <>
          {means.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          {warned !== null && (
            <p>
              <b>{warned}</b>
            </p>
          )}
          {kind === 'terminate' && <SignalField value={signal} onChange={setSignal} />}
          <Refused error={action.error} />
        </>
      )}
      {action.data?.told && <Outcome answers={action.data.told} />}
      {action.data?.aborted !== undefined && <Aborted state={action.data.aborted} />}
    </Dialog>
  );
}

/** What kind of pool a worker has; undefined where it has not told. */
function poolOf(pools: readonly WorkerPool[] | undefined, worker: string | null): string | undefined {
  return poolWord(pools?.find(({ hostname }) => hostname === worker)?.pool) ?? undefined;
}

function Aborted({ state }: { readonly state: string }) {
  return (
    <p role="status">
      {state === 'ABORTED'
        ? 'It is marked as aborted in the result backend. The task ends when it next looks there.'
        : `It had ended before: its state in the result backend is ${stateWord(state)}.`}
    </p>
  );
}
