import { Link } from '@tanstack/react-router';
import type { RangeSearch } from '../app/range';
import { CircleCheck } from 'lucide-react';
import { RelativeTime } from '../components/Time';
import { Sparkline } from '../failures/Sparkline';
import type { Failures } from '../failures/types';
import { compact, count, exact } from '../format/number';

/** Kinds of failure shown; all are on their own page. */
const SHOWN = 6;

/** What fails most in the range, but for what is silenced. */
export function Failing({ failures, search }: { readonly failures: Failures; readonly search: RangeSearch }) {
  const loud = failures.groups.filter(({ silence }) => silence === null);
  const most = loud.sort((left, right) => right.n - left.n);
  const silenced = failures.groups.length - most.length;
  if (failures.groups.length === 0)
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
        {silenced > 0 && (
          <span className="soft">
            , {count(silenced, 'silenced kind')} among them that {silenced === 1 ? 'is' : 'are'} not listed
            here
          </span>
        )}
      </p>
    </>
  );
}
