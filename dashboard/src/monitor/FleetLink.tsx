import { useSearch } from '@tanstack/react-router';
import { Boxes } from 'lucide-react';
import { useState } from 'react';
import { basePath } from '../app/base';
import { type RangeSearch } from '../app/range';
import { parseSearch, stringifySearch } from '../app/search';
import { fleetOf, rangeIn } from './fleetWay';

/** The newest range that a page of the monitor had: pages without one must not lose it on the way back. */
function useLastRange(): RangeSearch | null {
  const [last, setLast] = useState(() => rangeIn(parseSearch(window.location.search)));
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const range = rangeIn(search);
  if (range !== null && stringifySearch({ ...range }) !== stringifySearch({ ...last })) setLast(range);
  return range ?? last;
}

/** The way back to all monitors, with the range; absent where the monitor is not shown by a fleet. */
export function FleetLink() {
  const range = useLastRange();
  const fleet = fleetOf(basePath(document));
  if (fleet === null) return null;
  return (
    <a href={`${fleet}${stringifySearch({ ...range })}`} title="Fleet">
      <Boxes size={16} aria-hidden="true" />
      Fleet
    </a>
  );
}
