import { queryOptions, useQuery } from '@tanstack/react-query';
import { getJson } from './client';

export type Permission = 'view' | 'autoscale:read' | 'drain' | 'control' | 'publish' | 'administer';

/** `GET /api/v1/me`: who reads the page, and what they may. */
export interface Me {
  readonly name: string;
  readonly role: string;
  readonly permissions: readonly Permission[];
  /** The role that may least of those that have a permission. */
  readonly holders: Readonly<Record<Permission, string>>;
  readonly read_only: boolean;
  /** They came by a login provider: logging out ends that. */
  readonly session: boolean;
  /** There is a result backend. */
  readonly results: boolean;
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => getJson<Me>('api/v1/me', {}, signal),
  // A role that was taken away is refused by the server at once; the page learns it in time.
  staleTime: 60_000,
  refetchInterval: 300_000,
});

export function useMe(): Me | undefined {
  return useQuery(meQuery).data;
}

/** Why the one who reads the page may not do something, and who may; null: they may. */
export function useRefusal(permission: Permission): string | null {
  return refusal(useMe(), permission);
}

/** Why somebody may not do something, and who may; null: they may. */
export function refusal(me: Me | undefined, permission: Permission): string | null {
  if (me === undefined) return 'It is not known yet what you may do here.';
  if (me.read_only) return 'This monitor is read only: it was started with --read-only, and nobody may.';
  if (me.permissions.includes(permission)) return null;
  const holder = me.holders[permission];
  const own = me.role === holder ? `your token leaves ${permission} out` : `your role is ${me.role}`;
  return `It takes the role ${holder}; ${own}.`;
}
