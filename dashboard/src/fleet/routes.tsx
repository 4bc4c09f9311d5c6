import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { parseSearch, stringifySearch } from '../app/search';
import { Empty } from '../components/States';
import { FleetFrame } from './Frame';
import { FleetPage } from './FleetPage';
import { compareSearch, type CompareSearch, fleetSearch, type FleetSearch, pairOf, rangeOf } from './search';

const root = createRootRoute({ component: FleetFrame, notFoundComponent: NotFound });
const monitors = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: fleetSearch,
  component: Monitors,
});
const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  validateSearch: compareSearch,
  component: Compare,
});

const ComparePage = lazyRouteComponent(() => import('./compare/ComparePage'), 'ComparePage');

function NotFound() {
  return (
    <Empty
      title="There is no such page"
      why="The fleet has a page with all monitors, and one that compares two of them."
      action={
        <a href="./" className="button">
          All monitors
        </a>
      }
    />
  );
}

// The types of links are those of a monitor's pages (monitor/routes.ts): hence `never`.

function Monitors() {
  const search: FleetSearch = monitors.useSearch();
  const navigate = monitors.useNavigate();
  const change = (next: Partial<FleetSearch>) =>
    void navigate({ to: '.', search: { ...search, ...next } as never });
  const { a, b } = search;
  const toCompare = () => {
    if (pairOf(search).length === 2)
      void navigate({ to: '/compare' as never, search: { a, b, ...rangeOf(search) } as never });
  };
  return <FleetPage search={search} onChange={change} onCompare={toCompare} />;
}

function Compare() {
  const search: CompareSearch = compare.useSearch();
  const navigate = compare.useNavigate();
  const change = (next: Partial<CompareSearch>) =>
    void navigate({ to: '.', search: { ...search, ...next } as never });
  return <ComparePage search={search} onChange={change} />;
}

/** The fleet's pages, under the prefix that they are served at. */
export function createFleetRouter(basepath: string) {
  return createRouter({
    basepath,
    routeTree: root.addChildren([monitors, compare]),
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
  });
}
