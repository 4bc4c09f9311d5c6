import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import * as v from 'valibot';
import type { Preferences } from '../app/preferences';
import { rangeSearch } from '../app/range';
import { parseSearch, stringifySearch } from '../app/search';
import { auditSearch } from '../audit/entries';
import { taskSearch } from '../tasks/filter';
import { QueuesPage } from '../queues/QueuesPage';
import { withKept } from '../tasks/keptColumns';
import { TaskPage } from '../tasks/TaskPage';
import { TasksPage } from '../tasks/TasksPage';
import { workersSearch } from '../workers/search';
import { workflowSearch } from '../workflow/search';
import { MonitorFrame } from './Frame';
import { NotFound } from './NotFound';

interface RouterContext {
  readonly preferences: Preferences;
}

const root = createRootRouteWithContext<RouterContext>()({
  component: MonitorFrame,
  notFoundComponent: NotFound,
});

/** A word of the URL; what is not understood is dropped. */
const word = v.optional(v.fallback(v.optional(v.pipe(v.string(), v.minLength(1))), undefined));

// Pages that are not part of finding a task are loaded when they are opened.
const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/overview', replace: true });
  },
});
const overview = createRoute({
  getParentRoute: () => root,
  path: '/overview',
  validateSearch: rangeSearch,
  component: lazyRouteComponent(() => import('../overview/OverviewPage'), 'OverviewPage'),
});
const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  validateSearch: taskSearch,
  beforeLoad: ({ search, context }) => {
    const kept = withKept(search, context.preferences);
    if (kept !== null) throw redirect({ to: '/tasks', search: kept, replace: true });
  },
  component: TasksPage,
});
const task = createRoute({ getParentRoute: () => root, path: '/task/$uuid', component: TaskPage });
const workflow = createRoute({
  getParentRoute: () => root,
  path: '/workflow/$root',
  validateSearch: workflowSearch,
  component: lazyRouteComponent(() => import('../workflow/WorkflowPage'), 'WorkflowPage'),
});
const failures = createRoute({
  getParentRoute: () => root,
  path: '/failures',
  validateSearch: v.object({ ...rangeSearch.entries, name: word, sort: word }),
  component: lazyRouteComponent(() => import('../failures/FailuresPage'), 'FailuresPage'),
});
const workers = createRoute({
  getParentRoute: () => root,
  path: '/workers',
  validateSearch: workersSearch,
  component: lazyRouteComponent(() => import('../workers/WorkersPage'), 'WorkersPage'),
});
const worker = createRoute({
  getParentRoute: () => root,
  path: '/worker/$name',
  component: lazyRouteComponent(() => import('../workers/WorkerPage'), 'WorkerPage'),
});
const queues = createRoute({
  getParentRoute: () => root,
  path: '/queues',
  validateSearch: v.object({ ...rangeSearch.entries, queue: word }),
  component: QueuesPage,
});
/** Flower's address of it. */
const broker = createRoute({
  getParentRoute: () => root,
  path: '/broker',
  beforeLoad: () => {
    throw redirect({ to: '/queues', replace: true });
  },
});
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('../audit/AuditPage'), 'AuditPage'),
});
const schedule = createRoute({
  getParentRoute: () => root,
  path: '/schedule',
  component: lazyRouteComponent(() => import('../schedule/SchedulePage'), 'SchedulePage'),
});
const scaling = createRoute({
  getParentRoute: () => root,
  path: '/scaling',
  validateSearch: v.object({ policy: word }),
  component: lazyRouteComponent(() => import('../scaling/ScalingPage'), 'ScalingPage'),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: v.object({ search: word, changed: v.fallback(v.optional(v.literal('yes')), undefined) }),
  component: lazyRouteComponent(() => import('../settings/SettingsPage'), 'SettingsPage'),
});
const doctor = createRoute({
  getParentRoute: () => root,
  path: '/doctor',
  component: lazyRouteComponent(() => import('../doctor/DoctorPage'), 'DoctorPage'),
});

/** The pages of a monitor, under the prefix that it is served at. */
export function createMonitorRouter(basepath: string, preferences: Preferences) {
  return createRouter({
    basepath,
    context: { preferences },
    routeTree: root.addChildren([
      start,
      overview,
      tasks,
      task,
      workflow,
      failures,
      workers,
      worker,
      queues,
      broker,
      audit,
      schedule,
      scaling,
      settings,
      doctor,
    ]),
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
  });
}

/**
 * Loads the code of pages that are not open yet. Where the monitor went away meanwhile it could not be had, and the router
 * would reload: instead of the page, with all that it shows, the reader would have the browser's error.
 */
export async function loadPages(router: ReturnType<typeof createMonitorRouter>): Promise<void> {
  for (const route of Object.values(router.routesById)) await router.loadRouteChunk(route);
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createMonitorRouter>;
  }
}
