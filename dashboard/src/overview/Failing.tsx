import { Link } from '@tanstack/react-router';
import type { RangeSearch } from '../app/range';
import { CircleCheck } from 'lucide-react';
import { RelativeTime } from '../components/Time';
import { Sparkline } from '../failures/Sparkline';
import type { Failures } from '../failures/types';
import { compact, exact } from '../format/number';

/** Kinds of failure shown; all are on their own page. */
const SHOWN = 6;

/** What fails most in the range. */
export function Failing({ failures, search }: { readonly failures: Failures; readonly search: RangeSearch }) {
  const most = [...failures.groups].sort((left, right) => right.n - left.n);
  if (most.length === 0)
    return (
      <p className="changes-none soft">
        <CircleCheck size={14} aria-hidden="true" /> Nothing failed.
      </p>
    );
  return (
    <>
      <ul className="failing">
        {most.slice(0, SHOWN).map((group) => (
          <li key={group.task}>
            <span className="failing-n" title={exact(group.n)}>
              {compact(group.n)}
            </span>
            <span className="failing-words">
              <Link
                to="/task/$uuid"
                params={{ uuid: group.task }}
                title={group.message ?? undefined}
                dir="auto"
              >
                {group.exception || group.message || 'No exception told'}
              </Link>
              <span className="soft" dir="auto">
                {group.name ?? 'Name not seen'}
              </span>
            </span>
            <Sparkline parts={group.parts} />
            <span className="change-when soft">
              <RelativeTime time={group.last} />
            </span>
          </li>
        ))}
      </ul>
      <p>
        <Link to="/failures" search={search}>
          {most.length > SHOWN ? `All ${most.length} kinds of failure` : 'All failures'}
        </Link>
      </p>
    </>
  );
}
