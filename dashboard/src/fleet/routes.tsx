import { createRootRoute, createRoute, createRouter, Outlet } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { Boxes } from 'lucide-react';
import * as v from 'valibot';
import { parseSearch, stringifySearch } from '../app/search';
import { AppFrame } from '../components/AppFrame';
import type { HelpKey } from '../components/Help';
import { Empty } from '../components/States';
import { compact } from '../format/number';
import { FLEET_SORTS } from './fleet';
import { FleetPage, type FleetSearch } from './FleetPage';
import { fleetQuery } from './queries';

const KEYS: readonly HelpKey[] = [{ keys: ['/'], what: 'Search in the monitors' }];

const fleetSearch = v.object({
  search: v.optional(v.fallback(v.optional(v.string()), undefined)),
  sort: v.optional(v.fallback(v.optional(v.picklist(FLEET_SORTS)), undefined)),
});

function FleetFrame() {
  const fleet = useQuery(fleetQuery).data;
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
        <a href="./" aria-current="page">
          <Boxes size={16} aria-hidden="true" />
          Monitors
          <span className="rail-count">{compact(fleet?.items.length)}</span>
        </a>
      }
      keys={KEYS}
    >
      <Outlet />
    </AppFrame>
  );
}

const root = createRootRoute({ component: FleetFrame, notFoundComponent: NotFound });
const monitors = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: fleetSearch,
  component: Monitors,
});

function NotFound() {
  return (
    <Empty
      title="There is no such page"
      why="The fleet has one page, with all monitors."
      action={
        <a href="./" className="button">
          All monitors
        </a>
      }
    />
  );
}

function Monitors() {
  const search = monitors.useSearch();
  const navigate = monitors.useNavigate();
  const change = (next: FleetSearch) => void navigate({ to: '.', search: { ...search, ...next } as never });
  return <FleetPage search={search} onChange={change} />;
}

/** The fleet's one page, under the prefix that it is served at. */
export function createFleetRouter(basepath: string) {
  return createRouter({ basepath, routeTree: root.addChildren([monitors]), parseSearch, stringifySearch });
}
