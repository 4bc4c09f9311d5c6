import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsked } from '../../app/useAsked';
import type { TaskDetail } from '../../api/types';
import { Dialog } from '../../components/Dialog';
import { Caution, CodeField, Refused, TextField } from '../../components/Form';
import { WaitingDialog } from '../../components/WaitingDialog';
import { callQuery, type NewCall, sendTask, type TaskCall } from '../api';
import { draftOf, secondRun, wrongOf } from './calls';

const TITLE = 'Run this task again';

interface RerunProps {
  readonly task: TaskDetail;
  readonly onClose: () => void;
}

/** Send a task again, with its arguments or others. */
export function RerunDialog({ task, onClose }: RerunProps) {
  const { data: call, error } = useAsked(callQuery(task.uuid));
  if (call !== undefined) return <RerunForm task={task} call={call} onClose={onClose} />;
  return (
    <WaitingDialog title={TITLE} onClose={onClose} error={error}>
      Reading what it was called with …
    </WaitingDialog>
  );
}

function RerunForm({ task, call, onClose }: RerunProps & { readonly call: TaskCall }) {
  const [draft, setDraft] = useState<NewCall>(() => draftOf(call));
  const send = useMutation({ mutationFn: () => sendTask(draft) });
  const wrong = wrongOf(draft);
  const doubts = Object.fromEntries(call.doubts.map(({ field, why }) => [field, `In doubt: ${why}.`]));
  const note = (field: keyof NewCall) => ({
    value: draft[field],
    onChange: (value: string) => setDraft((old) => ({ ...old, [field]: value })),
    note: wrong[field] ?? doubts[field] ?? null,
    wrong: wrong[field] !== undefined,
  });
  return (
    <Dialog
      title={TITLE}
      onClose={onClose}
      foot={
        send.isSuccess ? (
          <>
            <button type="button" className="button" onClick={onClose}>
              Close
            </button>
            <Link
              to="/task/$uuid"
              params={{ uuid: send.data.uuid }}
              className="button"
              data-kind="primary"
              onClick={onClose}
            >
              Open the new task
            </Link>
          </>
        ) : (
          <>
            <button type="button" className="button" onClick={onClose}>
              Leave it
            </button>
            <button
              type="button"
              className="button"
              data-kind="primary"
              disabled={send.isPending || Object.keys(wrong).length > 0}
              onClick={() => send.mutate()}
            >
              {send.isPending ? 'Sending …' : 'Send the task again'}
            </button>
          </>
        )
      }
    >
      {send.isSuccess ? (
        <p role="status">
          It was sent as a new task, <span className="mono">{send.data.uuid}</span>. This one stays as it is.
        </p>
      ) : (
        <>
          <Caution>{secondRun(task.state)}</Caution>
          <TextField label="Task" {...note('name')} />
          <CodeField label="Positional arguments (a JSON array)" {...note('args')} />
          <CodeField label="Keyword arguments (a JSON object)" {...note('kwargs')} />
          <TextField label="Queue" {...note('queue')} />
          <p className="form-note">
            It gets an id of its own, no parent and no callbacks: a chain or chord that it was part of does
            not go on.
          </p>
          <Refused error={send.error} />
        </>
      )}
    </Dialog>
  );
}
