import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { getJson } from '../api/client';
import type { Fleet, FleetDelta, FleetSearchResult } from '../api/types';
import type { LiveListener } from '../live/client';
import { foldFleet } from './fleet';

export const TOPICS = 'monitors';

export const fleetQuery = queryOptions({
  queryKey: ['monitors'],
  queryFn: ({ signal }) => getJson<Fleet>('api/v1/monitors', {}, signal),
});

/** A task id, or a part of a task's or worker's name, at all monitors; asked once, and not again by itself. */
export const everywhereQuery = (text: string) =>
  queryOptions({
    queryKey: ['everywhere', text],
    queryFn: ({ signal }) => getJson<FleetSearchResult>('api/v1/search', { q: text }, signal),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });

/** Puts what the fleet's stream brings into the cache. */
export function fleetListener(queries: QueryClient): LiveListener {
  return {
    message: ({ topic, data }) => {
      if (topic === 'monitors')
        queries.setQueryData(fleetQuery.queryKey, (fleet) => foldFleet(fleet, data as FleetDelta));
    },
    // The first message after every connection holds everything.
    opened: () => undefined,
  };
}
