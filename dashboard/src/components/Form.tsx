import { TriangleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { isLoggedOut, LOGIN_ENDED } from '../api/client';
import './Form.css';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is to be known of it, or what is wrong with it. */
  readonly note?: string | null;
  readonly wrong?: boolean;
}

/** A line of text to fill in, with what is to be known of it below. */
export function TextField({ label, value, onChange, note, wrong = false }: FieldProps) {
  const id = useId();
  return (
    <label className="form-field">
      <span>{label}</span>
      <input
        type="text"
        dir="auto"
        spellCheck={false}
        autoComplete="off"
        value={value}
        aria-invalid={wrong}
        aria-describedby={note ? id : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <Note id={id} note={note} wrong={wrong} />
    </label>
  );
}

/** The same of several lines, for code. */
export function CodeField({ label, value, onChange, note, wrong = false }: FieldProps) {
  const id = useId();
  return (
    <label className="form-field">
      <span>{label}</span>
      <textarea
        dir="auto"
        spellCheck={false}
        rows={Math.min(12, Math.max(3, value.split('\n').length))}
        value={value}
        aria-invalid={wrong}
        aria-describedby={note ? id : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <Note id={id} note={note} wrong={wrong} />
    </label>
  );
}

interface NoteProps {
  readonly id: string;
  readonly note: string | null | undefined;
  readonly wrong: boolean;
}

function Note({ id, note, wrong }: NoteProps) {
  if (!note) return null;
  return (
    <span id={id} className="form-note" data-tone={wrong ? 'failure' : undefined}>
      {note}
    </span>
  );
}

interface CheckProps {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function CheckField({ label, checked, onChange }: CheckProps) {
  return (
    <label className="form-check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}

/** What somebody should think of before they go on. */
export function Caution({ children }: { readonly children: ReactNode }) {
  return (
    <div className="caution">
      <TriangleAlert size={16} aria-hidden="true" />
      <div>{children}</div>
    </div>
  );
}

/** Why something that was asked for was not done, in the server's words. */
export function Refused({ error }: { readonly error: Error | null }) {
  if (error === null) return null;
  return (
    <p role="alert" className="form-note" data-tone="failure">
      {isLoggedOut(error) ? `Nothing was done. ${LOGIN_ENDED}` : error.message}
    </p>
  );
}
