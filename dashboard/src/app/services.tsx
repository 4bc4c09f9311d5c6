import { createContext, use, useSyncExternalStore } from 'react';
import type { Zone } from '../format/time';
import type { LiveClient, LiveState } from '../live/client';
import type { Clock } from './clock';
import type { Ended, Login } from './login';
import type { Preferences } from './preferences';

/** What lives as long as the page; made once in its `main.tsx`. */
export interface Services {
  readonly live: LiveClient;
  readonly clock: Clock;
  readonly login: Login;
  readonly preferences: Preferences;
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (services === null) throw new Error('useServices needs a ServicesContext around it');
  return services;
}

export function useLiveState(): LiveState {
  const { live } = useServices();
  return useSyncExternalStore(live.subscribe, live.snapshot);
}

/** The login that has ended; null: the server knows who reads the page. */
export function useEnded(): Ended | null {
  const { ended } = useServices().login;
  return useSyncExternalStore(ended.subscribe, ended.get);
}

export function useZone(): Zone {
  const { zone } = useServices().preferences;
  return useSyncExternalStore(zone.subscribe, zone.get);
}

/** A text that depends on the time; the component is drawn again only when the text changes. */
export function useTicking(text: (now: number) => string): string {
  const { clock } = useServices();
  return useSyncExternalStore(clock.subscribe, () => text(clock.now()));
}
