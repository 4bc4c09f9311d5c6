import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { Clock } from '../app/clock';
import { Login } from '../app/login';
import { Preferences } from '../app/preferences';
import { type Services, ServicesContext } from '../app/services';
import { LiveClient } from '../live/client';

const LISTENER = { message: () => undefined, opened: () => undefined };

/** Answers that a part finds in the cache, by their keys. */
export type Cached = readonly (readonly [readonly unknown[], unknown])[];

/** Draws a part of a page with the services it needs; nothing is connected. */
export function renderPart(part: ReactNode, cached: Cached = []) {
  const live = new LiveClient({ url: 'http://localhost/api/v1/stream', listener: LISTENER });
  const clock = new Clock();
  const services: Services = { live, clock, login: new Login(clock.now), preferences: new Preferences(null) };
  const queries = new QueryClient();
  for (const [key, answer] of cached) queries.setQueryData(key, answer);
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <ServicesContext value={services}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </ServicesContext>
  );
  return { ...render(part, { wrapper }), services, queries };
}
