import { CircleCheck, CircleX, LoaderCircle } from 'lucide-react';
import { type ReactNode, use, useId, useRef, useState } from 'react';
import { isLoggedOut } from '../api/client';
import { type Permission, useRefusal } from '../api/me';
import { Refused } from '../components/Form';
import { ActingContext } from './acting';
import { type Answer, refusalOf } from './answer';
import './Action.css';

interface ActionProps {
  /** Verb and object, on the button and as the title of the question: `Shut down w1@host`. */
  readonly label: string;
  /** The button's own words, where the place says the object: `Shut down`. */
  readonly short?: string;
  readonly permission: Permission;
  /** What will happen, to whom, and whether it can be undone. */
  readonly children: ReactNode;
  readonly run: () => Promise<Answer>;
  /** Why it can't be done whoever asks; null: it can. */
  readonly unable?: string | null;
  /** Can't be undone. */
  readonly danger?: boolean;
}

type Phase =
  | { readonly at: 'asking'; readonly refused: Error | null }
  | { readonly at: 'waiting' }
  | { readonly at: 'over'; readonly answer: Answer };

const ASKING: Phase = { at: 'asking', refused: null };

/** Where the login had ended, the same can be asked for again: nothing was done. */
function phaseAfter(error: unknown): Phase {
  if (error instanceof Error && isLoggedOut(error)) return { at: 'asking', refused: error };
  return { at: 'over', answer: refusalOf(error) };
}

/** A button that asks before it acts, and shows what the workers answered. */
export function Action({ label, short, permission, children, run, unable = null, danger }: ActionProps) {
  const objection = useRefusal(permission) ?? unable;
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const tellActing = use(ActingContext);
  const [phase, setPhase] = useState(ASKING);
  const open = () => {
    setPhase(ASKING);
    tellActing(true);
    dialog.current?.showModal();
  };
  const act = () => {
    setPhase({ at: 'waiting' });
    run().then(
      (answer) => setPhase({ at: 'over', answer }),
      (error: unknown) => setPhase(phaseAfter(error)),
    );
  };
  return (
    <>
      <button
        type="button"
        className="button action"
        data-danger={danger ? '' : undefined}
        aria-label={short === undefined ? undefined : named(short, label)}
        title={objection ?? undefined}
        disabled={objection !== null}
        onClick={open}
      >
        {short ?? label}
      </button>
      <dialog
        ref={dialog}
        className="sheet question"
        aria-labelledby={title}
        onClose={() => tellActing(false)}
      >
        <h2 id={title} dir="auto">
          {label}
        </h2>
        {phase.at === 'over' ? (
          <Result answer={phase.answer} />
        ) : (
          <div className="question-what">{children}</div>
        )}
        {phase.at === 'asking' && <Refused error={phase.refused} />}
        <div className="question-buttons">
          {phase.at === 'waiting' && (
            <span className="soft question-wait" role="status">
              <LoaderCircle size={14} aria-hidden="true" /> Waiting for the answer
            </span>
          )}
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {phase.at === 'asking' ? 'Leave it' : 'Close'}
          </button>
          {phase.at !== 'over' && (
            <button
              type="button"
              className="button question-act"
              data-danger={danger ? '' : undefined}
              disabled={phase.at === 'waiting'}
              onClick={act}
            >
              {short ?? label}
            </button>
          )}
        </div>
      </dialog>
    </>
  );
}

/** What the button is called: all of what it does, with the words on it in it (WCAG 2.5.3). */
function named(short: string, label: string): string {
  return label.toLowerCase().includes(short.toLowerCase()) ? label : `${short}: ${label}`;
}

function Result({ answer }: { readonly answer: Answer }) {
  const Shape = answer.done ? CircleCheck : CircleX;
  return (
    <p className="question-result" role="status" data-tone={answer.done ? 'success' : 'failure'}>
      <Shape size={16} aria-hidden="true" />
      <span>
        <strong>{answer.done ? 'Done.' : 'Not done.'}</strong> {answer.text}
      </span>
    </p>
  );
}

/** Said once above actions that are for others, with who may. */
export function Objection({ permission }: { readonly permission: Permission }) {
  const objection = useRefusal(permission);
  return objection === null ? null : <p className="objection soft">{objection}</p>;
}
