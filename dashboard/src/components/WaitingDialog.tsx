import type { ReactNode } from 'react';
import { Dialog } from './Dialog';
import { Refused } from './Form';

interface WaitingDialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** Why it waits in vain, if it does. */
  readonly error: Error | null;
  /** What it waits for, or that there is nothing to come; not shown with an error. */
  readonly children: ReactNode;
}

/** Stands for a dialog until what that asks about is read. There is nothing to do but to close it. */
export function WaitingDialog({ title, onClose, error, children }: WaitingDialogProps) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      foot={
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      }
    >
      {error === null ? <p role="status">{children}</p> : <Refused error={error} />}
    </Dialog>
  );
}
