import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { parseSearch, stringifySearch } from '../app/search';
import { taskSearch } from '../tasks/filter';
import { QueuesPage } from '../queues/QueuesPage';
import { TaskPage } from '../tasks/TaskPage';
import { TasksPage } from '../tasks/TasksPage';
import { WorkerPage } from '../workers/WorkerPage';
import { WorkersPage } from '../workers/WorkersPage';
import { MonitorFrame } from './Frame';
import { NotFound } from './NotFound';

const root = createRootRoute({ component: MonitorFrame, notFoundComponent: NotFound });

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/tasks', replace: true });
  },
});
const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  validateSearch: taskSearch,
  component: TasksPage,
});
const task = createRoute({ getParentRoute: () => root, path: '/task/$uuid', component: TaskPage });
const workers = createRoute({ getParentRoute: () => root, path: '/workers', component: WorkersPage });
const queues = createRoute({ getParentRoute: () => root, path: '/queues', component: QueuesPage });
/** Flower's address of it. */
const broker = createRoute({
  getParentRoute: () => root,
  path: '/broker',
  beforeLoad: () => {
    throw redirect({ to: '/queues', replace: true });
  },
});
const worker = createRoute({ getParentRoute: () => root, path: '/worker/$name', component: WorkerPage });

/** The pages of a monitor, under the prefix that it is served at. */
export function createMonitorRouter(basepath: string) {
  return createRouter({
    basepath,
    routeTree: root.addChildren([start, tasks, task, workers, worker, queues, broker]),
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createMonitorRouter>;
  }
}
