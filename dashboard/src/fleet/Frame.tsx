import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useSearch } from '@tanstack/react-router';
import { Boxes, GitCompareArrows } from 'lucide-react';
import { lazy } from 'react';
import { AppFrame } from '../components/AppFrame';
import type { HelpKey } from '../components/Help';
import { PaletteButton } from '../palette/PaletteButton';
import { compact } from '../format/number';
import { fleetQuery } from './queries';
import { type CompareSearch, rangeOf } from './search';

/** Loaded when it is first opened. */
const FleetPalette = lazy(() => import('./FleetPalette'));

const KEYS: readonly HelpKey[] = [
  { keys: ['/'], what: 'Search in the monitors' },
  { keys: ['m'], what: 'Map or table' },
  { keys: ['x'], what: 'Mark the monitor' },
  { keys: ['c'], what: 'Compare the two that are marked' },
  { keys: ['[', ']'], what: 'Earlier and later time range' },
];

/** What is around the fleet's pages. The links keep the range, and which two are marked. */
export function FleetFrame() {
  const fleet = useQuery(fleetQuery).data;
  const search: CompareSearch = useSearch({ strict: false });
  const kept = { ...rangeOf(search), a: search.a, b: search.b };
  const cluster = fleet?.cluster.name;
  return (
    <AppFrame
      title={
        <>
          <span>Fleet</span>
          {cluster && <span className="soft">{cluster}</span>}
        </>
      }
      navigation={
        <>
          <Way to="/" search={kept} title="Monitors">
            <Boxes size={16} aria-hidden="true" />
            Monitors
            <span className="rail-count">{compact(fleet?.items.length)}</span>
          </Way>
          <Way to="/compare" search={kept} title="Compare">
            <GitCompareArrows size={16} aria-hidden="true" />
            Compare
          </Way>
        </>
      }
      keys={KEYS}
      palette={<PaletteButton>{(close) => <FleetPalette onClose={close} />}</PaletteButton>}
    >
      <Outlet />
    </AppFrame>
  );
}

interface WayProps {
  readonly to: string;
  readonly search: CompareSearch;
  /** What a pointer is told where the rail has no words. */
  readonly title: string;
  readonly children: React.ReactNode;
}

function Way({ to, search, title, children }: WayProps) {
  return (
    // The types of links are those of a monitor's pages (monitor/routes.ts).
    <Link
      to={to as never}
      search={search as never}
      activeOptions={{ exact: true, includeSearch: false }}
      title={title}
    >
      {children}
    </Link>
  );
}
