import { CircleCheck, CircleMinus, CircleX, type LucideIcon, TriangleAlert } from 'lucide-react';
import { RelativeTime } from '../components/Time';
import type { Check, Status } from './types';

interface Look {
  readonly tone: string;
  readonly shape: LucideIcon;
  readonly word: string;
}

const LOOKS: Readonly<Record<Status, Look>> = {
  failed: { tone: 'failure', shape: CircleX, word: 'Failed' },
  warning: { tone: 'retry', shape: TriangleAlert, word: 'Warning' },
  ok: { tone: 'success', shape: CircleCheck, word: 'Well' },
  skipped: { tone: 'pending', shape: CircleMinus, word: 'Not checked' },
};

function Verdict({ status }: { readonly status: Status }) {
  const look = LOOKS[status];
  return (
    <span className="badge check-verdict" data-tone={look.tone}>
      <look.shape size={14} aria-hidden="true" />
      {look.word}
    </span>
  );
}

/** What was looked at, with what was found and what to do about it. */
export function CheckList({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <ul className="checks" aria-label="Checks">
      {checks.map((check) => (
        <li key={check.id} data-id={check.id} data-status={check.status}>
          <Verdict status={check.status} />
          <h2>{check.name}</h2>
          <div className="check-words" dir="auto">
            <p>{check.finding}</p>
            {check.fix !== null && check.status !== 'ok' && <p className="check-fix soft">{check.fix}</p>}
          </div>
          <span className="check-since soft">
            {check.since !== null && (
              <>
                began <RelativeTime time={check.since} />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
