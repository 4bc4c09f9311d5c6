import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../components/Dialog';
import { Caution, Refused, TextField } from '../components/Form';
import { count } from '../format/number';
import { purge } from './messages';

interface PurgeProps {
  readonly name: string;
  /** Messages that wait. */
  readonly ready: number;
  readonly onClose: () => void;
}

/** Deletes what waits in a queue, once its name was typed: it can't be undone. */
export function PurgeDialog({ name, ready, onClose }: PurgeProps) {
  const queries = useQueryClient();
  const [typed, setTyped] = useState('');
  const [first] = useState(ready);
  const action = useMutation({
    mutationFn: (expect: number) => purge(name, expect),
    onSettled: () =>
      Promise.all(
        [['queues'], ['queue-messages', name]].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
  // What was read when it opened; after a refusal, which says that there are more now, what waits then.
  const seen = action.isError ? ready : first;
  const messages = count(seen, 'message');
  return (
    <Dialog
      title={`Purge ${name}?`}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            {action.isSuccess ? 'Close' : 'Leave it'}
          </button>
          {!action.isSuccess && (
            <button
              type="button"
              className="button"
              data-kind="danger"
              disabled={typed !== name || action.isPending}
              onClick={() => action.mutate(seen)}
            >
              {action.isPending ? 'Deleting them …' : `Delete ${messages}`}
            </button>
          )}
        </>
      }
    >
      {action.isSuccess ? (
        <p role="status">Done: {count(action.data, 'message')} deleted.</p>
      ) : (
        <>
          <Caution>
            <p>
              What waits in it ({messages}) is deleted for ever, and its tasks never run. What workers have
              taken already stays. When more wait by then, nothing is deleted.
            </p>
          </Caution>
          <TextField
            label="Type the name of the queue"
            value={typed}
            onChange={setTyped}
            note={typed !== '' && typed !== name ? `It is called ${name}.` : null}
          />
          <Refused error={action.error} />
        </>
      )}
    </Dialog>
  );
}
