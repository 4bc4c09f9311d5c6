import { CircleHelp, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiError, LOGIN_ENDED } from '../api/client';
import { CodeBlock } from './Copy';
import './States.css';

interface EmptyProps {
  /** What is missing. */
  readonly title: string;
  /** Why it is missing. */
  readonly why: ReactNode;
  /** Lines to paste, if that is the next step. */
  readonly lines?: { readonly label: string; readonly text: string } | undefined;
  /** The one next step, if it is a button or a link. */
  readonly action?: ReactNode;
}

/** Why there is nothing here, and what to do about it. */
export function Empty({ title, why, lines, action }: EmptyProps) {
  return (
    <section className="notice-page" role="status">
      <CircleHelp size={24} aria-hidden="true" />
      <h2>{title}</h2>
      <p>{why}</p>
      {lines && <CodeBlock label={lines.label} text={lines.text} />}
      {action}
    </section>
  );
}

/** What to do about it, if anything. */
export function advice(error: unknown): string {
  if (!(error instanceof ApiError))
    return 'This is a mistake of the page. Reload it, and report it if it stays.';
  if (error.status === 401) return LOGIN_ENDED;
  if (error.status === 403) return 'Ask who runs this monitor for the right to see it.';
  return error.passing ? 'It is asked again by itself.' : '';
}

/** What could not be had, in the server's words, and the next step. */
export function Failure({
  what,
  error,
  retry,
}: {
  readonly what: string;
  readonly error: unknown;
  readonly retry?: () => void;
}) {
  const field = error instanceof ApiError ? error.problem.field : undefined;
  return (
    <section className="notice-page" role="alert">
      <TriangleAlert size={24} aria-hidden="true" />
      <h2>{what} could not be loaded</h2>
      <p>
        {field && <b>{field}: </b>}
        {error instanceof Error ? error.message : String(error)} {advice(error)}
      </p>
      {retry && (
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      )}
    </section>
  );
}

/** Grey bars in the final layout, while the first answer is on its way. Shown after 300 ms only (CSS). */
export function Skeleton({ rows, label }: { readonly rows: number; readonly label: string }) {
  return (
    <div className="skeleton" role="status" aria-label={`Loading ${label}`}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="skeleton-row" />
      ))}
    </div>
  );
}
