import { count } from '../../format/number';
import type { Answers } from '../api';

function said(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What each worker answered to a command, and who was silent. */
export function Outcome({ answers }: { readonly answers: Answers }) {
  const replies = Object.entries(answers.replies);
  const { silent } = answers;
  return (
    <div role="status">
      <p>
        <b>{headline(answers)}</b>
      </p>
      <ul>
        {replies.map(([host, { ok, error }]) => (
          <li key={host}>
            <span className="mono">{host}</span>{' '}
            {error === undefined ? (
              <span className="soft">{said(ok)}</span>
            ) : (
              <span className="form-note" data-tone="failure">
                {said(error)}
              </span>
            )}
          </li>
        ))}
        {silent.map((host) => (
          <li key={host}>
            <span className="mono">{host}</span>{' '}
            <span className="form-note" data-tone="failure">
              did not answer in time: it is busy, gone, or its remote control is off
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function headline({ acknowledged, replies, silent }: Answers): string {
  const heard = Object.keys(replies).length;
  if (acknowledged) return `Done: ${count(heard, 'worker')} acknowledged it.`;
  if (heard === 0) return 'It was sent, and no worker answered.';
  return `Sent, but not all have done it: ${count(heard, 'worker')} answered, ${silent.length} did not.`;
}
