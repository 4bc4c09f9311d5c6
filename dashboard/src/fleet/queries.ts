import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { getJson } from '../api/client';
import type { Fleet, FleetDelta } from '../api/types';
import type { LiveListener } from '../live/client';
import { foldFleet } from './fleet';

export const TOPICS = 'monitors';

export const fleetQuery = queryOptions({
  queryKey: ['monitors'],
  queryFn: ({ signal }) => getJson<Fleet>('api/v1/monitors', {}, signal),
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
