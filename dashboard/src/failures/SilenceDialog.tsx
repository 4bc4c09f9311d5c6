import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useServices, useZone } from '../app/services';
import { Dialog } from '../components/Dialog';
import { Refused, TextField } from '../components/Form';
import { CHOSEN, ENDS, silence, untilOf } from './silences';
import type { FailureGroup } from './types';

interface SilenceProps {
  readonly group: FailureGroup;
  readonly onClose: () => void;
}

/** Asks why a kind of failure is to be silent, and until when. */
export function SilenceDialog({ group, onClose }: SilenceProps) {
  const { clock } = useServices();
  const zone = useZone();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [end, setEnd] = useState<string>(ENDS[1].value);
  const [instant, setInstant] = useState('');
  const until = untilOf(end, instant, zone, clock.now());
  const action = useMutation({
    mutationFn: (time: number) => silence(group, reason.trim(), time),
    onSuccess: async () => {
      await Promise.all(
        ['failures', 'silences'].map((key) => queries.invalidateQueries({ queryKey: [key] })),
      );
      onClose();
    },
  });
  const ready = until !== null && reason.trim() !== '' && !action.isPending;
  return (
    <Dialog
      title={`Silence ${group.exception || 'this failure'}?`}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            Leave it
          </button>
          <button
            type="button"
            className="button"
            data-kind="primary"
            disabled={!ready}
            onClick={() => until !== null && action.mutate(until)}
          >
            {action.isPending ? 'Silencing it …' : 'Silence it'}
          </button>
        </>
      }
    >
      <p>
        For everybody, it moves below the list and is not told as new. It is counted and kept as before, comes
        back by itself at the end, and can be lifted earlier.
      </p>
      <TextField
        label="Why"
        value={reason}
        onChange={setReason}
        note="Others read it beside the failure: a ticket, or who works on it."
      />
      <label className="form-field">
        <span>Until when</span>
        <select value={end} onChange={(event) => setEnd(event.target.value)}>
          {ENDS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
          <option value={CHOSEN}>Until …</option>
        </select>
      </label>
      {end === CHOSEN && (
        <label className="form-field">
          <span>Until, {zone === 'utc' ? 'in UTC' : 'in the time of this browser'}</span>
          <input
            type="datetime-local"
            value={instant}
            aria-invalid={instant !== '' && until === null}
            onChange={(event) => setInstant(event.target.value)}
          />
          <span className="form-note">Within 90 days.</span>
        </label>
      )}
      <Refused error={action.error} />
    </Dialog>
  );
}
