import { Info } from 'lucide-react';
import type { Verdict } from '../api/types';
import { stateWord } from '../components/Badge';
import { RelativeTime } from '../components/Time';
import '../components/Form.css';
import './AttemptList.css';

/** Findings that are no reason to worry: they have no colour, which would call who is on call to each long task. */
const CALM: ReadonlySet<string> = new Set(['running', 'finished']);

/** What was found out of a task whose end no event told; nothing of any other. */
export function Finding({ verdict }: { readonly verdict: Verdict | null }) {
  if (verdict === null) return null;
  return (
    <div className="caution" data-calm={CALM.has(verdict.verdict) ? '' : undefined}>
      <Info size={16} aria-hidden="true" />
      <div>
        <p className="verdict">
          <b>{stateWord(verdict.verdict)}</b>, found out <RelativeTime time={verdict.at} />: {verdict.why}
        </p>
        {verdict.evidence.length > 0 && (
          <details>
            <summary>What was looked at</summary>
            <ul>
              {verdict.evidence.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </div>
  );
}
