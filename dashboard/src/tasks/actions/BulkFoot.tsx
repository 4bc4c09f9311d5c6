import type { ReactNode } from 'react';

interface FootProps {
  /** It is done: there is nothing left but to close. */
  readonly done: boolean;
  readonly kind: 'primary' | 'danger';
  readonly disabled: boolean;
  readonly onClose: () => void;
  readonly onGo: () => void;
  /** What going ahead does, in words. */
  readonly children: ReactNode;
}

/** Buttons of a dialog about many tasks: leave them as they are, or go ahead. */
export function BulkFoot({ done, kind, disabled, onClose, onGo, children }: FootProps) {
  if (done)
    return (
      <button type="button" className="button" onClick={onClose}>
        Close
      </button>
    );
  return (
    <>
      <button type="button" className="button" onClick={onClose}>
        Leave them
      </button>
      <button type="button" className="button" data-kind={kind} disabled={disabled} onClick={onGo}>
        {children}
      </button>
    </>
  );
}
