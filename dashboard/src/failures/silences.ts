import { queryOptions } from '@tanstack/react-query';
import { getJson } from '../api/client';
import { part, sendDelete, sendJson } from '../api/send';
import type { Items } from '../api/types';
import type { Zone } from '../format/time';
import { fromField } from '../tasks/instants';
import type { FailureGroup, Silence } from './types';

const PATH = 'api/v1/failures/silences';

/** Ends of a silence that are chosen by a word, in seconds from now. */
export const ENDS = [
  { value: '1h', label: 'For 1 hour', seconds: 3600 },
  { value: '8h', label: 'For 8 hours', seconds: 28_800 },
  { value: '1d', label: 'For 1 day', seconds: 86_400 },
  { value: '7d', label: 'For 7 days', seconds: 604_800 },
] as const;
/** The word for an instant instead. */
export const CHOSEN = 'chosen';
/** Seconds; the server's bound. */
const LONGEST = 90 * 86_400;

/** Silences that hold. Made and lifted by hand, so asking now and then will do. */
export const silencesQuery = (paused: boolean) =>
  queryOptions({
    queryKey: ['silences'],
    queryFn: ({ signal }) => getJson<Items<Silence>>(PATH, {}, signal),
    refetchInterval: paused ? false : 15_000,
  });

/** Silences a kind of failure until a time, epoch seconds. */
export const silence = ({ name, exception, place }: FailureGroup, reason: string, until: number) =>
  sendJson<Silence>(
    'POST',
    PATH,
    JSON.stringify({ name, exception, file: place?.file, function: place?.function, reason, until }),
  );

export const lift = (id: string) => sendDelete(`${PATH}/${part(id)}`);

/** When a silence would end; null where nothing is chosen, or an instant that is over or too far away. */
export function untilOf(end: string, instant: string, zone: Zone, now: number): number | null {
  const fixed = ENDS.find(({ value }) => value === end);
  if (fixed !== undefined) return now + fixed.seconds;
  const iso = fromField(instant, zone);
  const time = iso === undefined ? NaN : Date.parse(iso) / 1000;
  return time > now && time <= now + LONGEST ? time : null;
}

/** A silence, with what failed of it in the range; null: nothing did. */
export interface Quiet {
  readonly silence: Silence;
  readonly group: FailureGroup | null;
}

/**
 * What a reader is shown, and what is silenced: that which ends first first. A range that stays is not asked for again:
 * what is over by now is seen here.
 */
export function apart(
  groups: readonly FailureGroup[],
  silences: readonly Silence[],
  now: number,
): { readonly loud: readonly FailureGroup[]; readonly quiet: readonly Quiet[] } {
  const failing = new Set(groups.map(({ id }) => id));
  const silenceOf = ({ silence }: FailureGroup) => (silence !== null && silence.until > now ? silence : null);
  const quiet = [
    ...groups.flatMap((group) => {
      const silence = silenceOf(group);
      return silence === null ? [] : [{ silence, group }];
    }),
    ...silences.filter(({ id }) => !failing.has(id)).map((one) => ({ silence: one, group: null })),
  ];
  return {
    loud: groups.filter((group) => silenceOf(group) === null),
    quiet: quiet.sort((left, right) => left.silence.until - right.silence.until),
  };
}
