import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import './Help.css';
import './Form.css';
import './Dialog.css';

interface DialogProps {
  readonly title: string;
  /** Told when it was closed, by whatever means; it is to be taken out of the page then. */
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** The buttons. */
  readonly foot: ReactNode;
}

/** A question over the page: the browser's own dialog, with its focus and its Esc. It is open while it is there. */
export function Dialog({ title, onClose, children, foot }: DialogProps) {
  const sheet = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    if (!sheet.current?.open) sheet.current?.showModal();
  }, []);
  return (
    <dialog ref={sheet} className="sheet dialog" aria-labelledby={id} onClose={onClose}>
      <div className="sheet-head">
        <h2 id={id}>{title}</h2>
        <button
          type="button"
          className="icon-button"
          aria-label="Close"
          onClick={() => sheet.current?.close()}
        >
          <X size={16} aria-hidden="true" />
        </button>
      </div>
      <div className="dialog-body">{children}</div>
      <div className="dialog-foot">{foot}</div>
    </dialog>
  );
}
