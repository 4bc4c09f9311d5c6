import { queryOptions, useQuery } from '@tanstack/react-query';
import { getJson } from '../api/client';

export type Permission = 'view' | 'control' | 'publish' | 'administer';

/** Who looks, and what they may do. The server checks again: this decides only what is shown as possible. */
export interface Person {
  readonly name: string;
  readonly role: string;
  readonly may: readonly Permission[];
  /** The role that each permission takes at least. */
  readonly needs: Readonly<Record<Permission, string>>;
  readonly read_only: boolean;
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => getJson<Person>('api/v1/me', {}, signal),
  staleTime: 60_000,
});

/** Why somebody may not do what takes a permission, with who may; null: they may. */
export function objection(person: Person | undefined, permission: Permission): string | null {
  if (person === undefined) return 'It is not known yet what you may do here.';
  const reading = permission === 'view';
  if (person.read_only && !reading) return 'This monitor is read only: it changes nothing for anybody.';
  if (person.may.includes(permission)) return null;
  const needed = person.needs[permission];
  if (person.role === needed) return `The token ${person.name} leaves this out.`;
  return `You are ${article(person.role)} here: this takes ${article(needed)}.`;
}

function article(role: string): string {
  if (role === 'none') return 'without a role';
  return `${/^[aeiou]/.test(role) ? 'an' : 'a'} ${role}`;
}

/** The same for the one who looks. */
export function useObjection(permission: Permission): string | null {
  return objection(useQuery(meQuery).data, permission);
}
