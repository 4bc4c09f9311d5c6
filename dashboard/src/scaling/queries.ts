import { queryOptions } from '@tanstack/react-query';
import { getJson } from '../api/client';
import { sendJson } from '../api/send';
import type { Policies } from './types';

export const policiesQuery = queryOptions({
  queryKey: ['policies'],
  queryFn: ({ signal }) => getJson<Policies>('api/v1/autoscale/policies', {}, signal),
});

/** Stops all policies, or lets them go on; what holds then. */
export const switchAll = (enabled: boolean) =>
  sendJson<Policies>('PUT', 'api/v1/autoscale/switch', JSON.stringify({ enabled }));
