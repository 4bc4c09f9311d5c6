import { Link } from '@tanstack/react-router';
import { type FleetSearch, pairOf, rangeOf } from './search';

interface PickBarProps {
  readonly search: FleetSearch;
  readonly onClear: () => void;
}

/** What is marked to be compared, and the way there. */
export function PickBar({ search, onClear }: PickBarProps) {
  const [a, b] = pairOf(search);
  if (a === undefined) return null;
  return (
    <div className="pick-bar">
      <span role="status" className="cut">
        <b>{a}</b>{' '}
        {b === undefined ? (
          'is marked; mark another to compare the two'
        ) : (
          <>
            and <b>{b}</b> are marked
          </>
        )}
      </span>
      {b !== undefined && (
        // The types of links are those of a monitor's pages (monitor/routes.ts).
        <Link to={'/compare' as never} search={{ a, b, ...rangeOf(search) } as never} className="button">
          Compare the two <kbd aria-hidden="true">c</kbd>
        </Link>
      )}
      <button type="button" className="button" onClick={onClear}>
        Clear
      </button>
    </div>
  );
}
