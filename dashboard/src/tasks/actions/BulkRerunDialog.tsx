import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { isLoggedOut, LOGIN_ENDED } from '../../api/client';
import { Dialog } from '../../components/Dialog';
import { Caution, Refused, TextField } from '../../components/Form';
import { count } from '../../format/number';
import { readCall, sendTask, type TaskCall } from '../api';
import { BulkFoot } from './BulkFoot';
import { doubtText, draftOf, hindrances } from './calls';
import { inTurns, unlessLoggedOut } from './inTurns';

/** Tasks sent again in one go: each is a request of its own, with its own entry in the audit. */
export const MOST_AGAIN = 500;
/** Requests under way at a time. */
const ABREAST = 4;

interface BulkProps {
  readonly uuids: readonly string[];
  /** What else is to be known of them. */
  readonly note?: ReactNode;
  readonly onClose: () => void;
}

/** Run many tasks again: first which of them can be, then one after the other, with what came of each. */
export function BulkRerunDialog({ uuids, note, onClose }: BulkProps) {
  const [queue, setQueue] = useState('');
  const calls = useQuery({
    queryKey: ['calls', uuids],
    queryFn: ({ signal }) => inTurns(uuids, ABREAST, (uuid) => readCall(uuid, signal)),
    staleTime: 0,
    gcTime: 0,
  });
  const known = (calls.data ?? []).flatMap(({ value }) => (value === undefined ? [] : [value]));
  const ready = known.filter((call) => hindrances(call, queue).length === 0);
  const [sent, setSent] = useState(0);
  const action = useMutation({
    mutationFn: (those: readonly TaskCall[]) =>
      inTurns(
        those,
        ABREAST,
        unlessLoggedOut(async (call: TaskCall) => {
          const answer = await sendTask({ ...draftOf(call), queue: call.queue ?? queue.trim() });
          setSent((before) => before + 1);
          return answer;
        }),
      ),
  });
  const failed = action.data?.filter(({ error }) => error !== undefined) ?? [];
  // None of them was done: they can be sent again, and those that were must not be.
  const left = failed.filter(({ error }) => isLoggedOut(error)).map(({ item }) => item);
  const next = action.isSuccess ? left : ready;
  return (
    <Dialog
      title={`Run ${count(uuids.length, 'task')} again?`}
      onClose={onClose}
      foot={
        <BulkFoot
          done={action.isSuccess && left.length === 0}
          kind="primary"
          disabled={next.length === 0 || action.isPending}
          onClose={onClose}
          onGo={() => action.mutate(next)}
        >
          {action.isPending
            ? `Sent ${sent} of ${ready.length} …`
            : calls.data
              ? `Send ${count(next.length, action.isSuccess ? 'other task' : 'task')} again`
              : 'Send them again'}
        </BulkFoot>
      }
    >
      {action.isSuccess ? (
        <>
          <p role="status">
            <b>{count(sent, 'task')} sent as new tasks.</b> The old ones stay as they are.
          </p>
          {left.length > 0 && (
            <p role="alert" className="form-note" data-tone="failure">
              {count(left.length, 'task')} not sent. {LOGIN_ENDED}
            </p>
          )}
          <Problems title="not sent" rows={failed.map(({ item, error }) => [item.uuid, String(error)])} />
        </>
      ) : (
        <>
          <Caution>
            Each does again all that it did: payments, mails, writes. Are these tasks safe to run twice?
          </Caution>
          {note}
          {calls.isPending && <p role="status">Reading what they were called with …</p>}
          <Refused error={calls.error ?? action.error} />
          {calls.data && <Counted ready={ready.length} of={uuids.length} />}
          {known.some((call) => call.queue === null) && (
            <TextField
              label="Queue for those whose queue is not known"
              value={queue}
              onChange={setQueue}
              note="No event told where they were sent: task_send_sent_event is off there, or they were delayed for a quorum queue."
            />
          )}
          <Problems title="can’t be sent as they are" rows={leftOut(known, queue, calls.data ?? [])} />
        </>
      )}
    </Dialog>
  );
}

function leftOut(
  known: readonly TaskCall[],
  queue: string,
  read: readonly { readonly item: string; readonly error?: unknown }[],
): (readonly [string, string])[] {
  const lost = read.filter(({ error }) => error !== undefined);
  return [
    ...lost.map(({ item, error }) => [item, String(error)] as const),
    ...known.flatMap((call) => {
      const why = hindrances(call, queue).map(doubtText).join('; ');
      return why === '' ? [] : [[call.uuid, why] as const];
    }),
  ];
}

function Counted({ ready, of }: { readonly ready: number; readonly of: number }) {
  return (
    <p role="status">
      <b>
        {ready} of {of}
      </b>{' '}
      can be sent again with the arguments that their events told.
    </p>
  );
}

function Problems({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly (readonly [string, string])[];
}) {
  if (rows.length === 0) return null;
  return (
    <details>
      <summary>
        {count(rows.length, 'task')} {title}
      </summary>
      <ul>
        {rows.slice(0, 100).map(([uuid, why]) => (
          <li key={uuid}>
            <Link to="/task/$uuid" params={{ uuid }} className="mono">
              {uuid}
            </Link>{' '}
            <span className="soft">{why}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
