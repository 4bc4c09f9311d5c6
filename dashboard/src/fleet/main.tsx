import { RouterProvider } from '@tanstack/react-router';
import { address } from '../api/client';
import { basePath } from '../app/base';
import { Clock } from '../app/clock';
import { browserStorage, Preferences } from '../app/preferences';
import { Login } from '../app/login';
import { createQueryClient } from '../app/queryClient';
import { start } from '../app/start';
import { LiveClient } from '../live/client';
import { fleetListener, TOPICS } from './queries';
import { createFleetRouter } from './routes';

const queries = createQueryClient();
const live = new LiveClient({
  url: address('api/v1/stream', { topics: TOPICS }),
  listener: fleetListener(queries),
});
const clock = new Clock();
const services = {
  live,
  clock,
  login: new Login(clock.now),
  preferences: new Preferences(browserStorage()),
};
void start(<RouterProvider router={createFleetRouter(basePath(document)) as never} />, services, queries);
