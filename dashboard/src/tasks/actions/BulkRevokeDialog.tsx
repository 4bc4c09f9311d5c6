import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { CheckField, Refused } from '../../components/Form';
import { count, exact } from '../../format/number';
import { type Revocation, revokeTasks } from '../api';
import { BulkFoot } from './BulkFoot';
import { SIGNALS } from './ending';
import { SignalField } from './SignalField';

interface BulkProps {
  /** The filters of the list, or `uuids`: what the API takes. */
  readonly which: Readonly<Record<string, unknown>>;
  /** The same in words: "the 3 selected tasks". */
  readonly words: string;
  readonly onClose: () => void;
}

/** Revoke many tasks: first a dry run that counts them, then exactly so many at most. */
export function BulkRevokeDialog({ which, words, onClose }: BulkProps) {
  const [terminate, setTerminate] = useState(false);
  const [signal, setSignal] = useState(SIGNALS[0]?.[0] ?? '');
  const dry = useQuery({
    queryKey: ['revoke', which],
    queryFn: () => revokeTasks(which),
    staleTime: 0,
    gcTime: 0,
  });
  const matched = dry.data?.matched ?? 0;
  const action = useMutation({
    mutationFn: () => revokeTasks({ ...which, terminate, signal }, matched),
    // More fit by now than were counted: they are counted anew, and the person decides again.
    onError: () => void dry.refetch(),
  });
  const verb = terminate ? 'Revoke and terminate' : 'Revoke';
  return (
    <Dialog
      title={`Revoke ${words}?`}
      onClose={onClose}
      foot={
        <BulkFoot
          done={action.isSuccess}
          kind="danger"
          disabled={matched === 0 || dry.data?.more === true || dry.isFetching || action.isPending}
          onClose={onClose}
          onGo={() => action.mutate()}
        >
          {action.isPending ? 'Asking the workers …' : dry.data ? `${verb} ${count(matched, 'task')}` : verb}
        </BulkFoot>
      }
    >
      {action.isSuccess ? (
        <Done done={action.data} />
      ) : (
        <>
          {dry.data && <Found found={dry.data} />}
          {dry.isPending && <p role="status">Counting them …</p>}
          <Refused error={dry.error ?? action.error} />
          <CheckField
            label="Also end the processes that run them now"
            checked={terminate}
            onChange={setTerminate}
          />
          {terminate && <SignalField value={signal} onChange={setSignal} />}
        </>
      )}
    </Dialog>
  );
}

function Found({ found }: { readonly found: Revocation }) {
  if (found.matched === 0)
    return <p role="status">None of them is unfinished: there is nothing left to revoke.</p>;
  return (
    <div role="status">
      <p>
        <b>
          {exact(found.matched)} unfinished {found.matched === 1 ? 'task' : 'tasks'}
        </b>{' '}
        {found.more
          ? 'and more fit. One call takes no more: narrow the filters, such as by time.'
          : 'would be revoked. No worker will start them; those that run go on. It can’t be taken back.'}
      </p>
    </div>
  );
}

function Done({ done }: { readonly done: Revocation }) {
  return (
    <div role="status">
      <p>
        <b>
          {done.acknowledged
            ? `Done: all workers were told of ${count(done.sent, 'task')}.`
            : `Workers were told of ${count(done.sent, 'task')}, but not all have done it.`}
        </b>
      </p>
      <ul>
        {Object.entries(done.refused).map(([host, why]) => (
          <li key={host}>
            <span className="mono">{host}</span> refused: {why}
          </li>
        ))}
        {done.silent.map((host) => (
          <li key={host}>
            <span className="mono">{host}</span> did not answer in time.
          </li>
        ))}
      </ul>
    </div>
  );
}
