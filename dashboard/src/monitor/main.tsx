import { RouterProvider } from '@tanstack/react-router';
import { address } from '../api/client';
import { basePath } from '../app/base';
import { Clock } from '../app/clock';
import { browserStorage, Preferences } from '../app/preferences';
import { Login } from '../app/login';
import { createQueryClient } from '../app/queryClient';
import { start } from '../app/start';
import { LiveClient } from '../live/client';
import { monitorListener, TOPICS } from './live';
import { createMonitorRouter, loadPages } from './routes';

const queries = createQueryClient();
const clock = new Clock();
const live = new LiveClient({
  url: address('api/v1/stream', { topics: TOPICS }),
  listener: monitorListener(queries, clock),
});
const preferences = new Preferences(browserStorage());
const router = createMonitorRouter(basePath(document), preferences);
const services = { live, clock, login: new Login(clock.now), preferences };
void start(<RouterProvider router={router} />, services, queries);
// After the page that was asked for: it must not wait for the others.
window.addEventListener('load', () => void loadPages(router), { once: true });
