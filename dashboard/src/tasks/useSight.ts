import { useMutation } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { ApiError } from '../api/client';
import type { Sight } from '../components/table';
import type { TaskFeed } from './feed';
import type { TaskFilter } from './filter';
import type { AwayPage } from './pages';
import { bringBack, letGo, SPARE, wantedAgain } from './sight';
import { useFeedCache } from './useFeedCache';

/** Milliseconds between two attempts to bring a page back. */
const PACE = 1000;

/** Why rows in sight are not there. */
export interface Missing {
  readonly error: Error;
  /** Undefined while they are asked for again without it. */
  readonly retry: (() => void) | undefined;
}

/** Keeps in memory what is near the rows in sight, and brings back what was let go once it is near again. */
export function useSight(filter: TaskFilter, feed: TaskFeed | undefined) {
  const { ask, update } = useFeedCache(filter);
  const [sight, setSight] = useState<Sight>({ first: 0, last: 0 });
  const back = useMutation<Awaited<ReturnType<typeof ask>>, Error, AwayPage>({
    mutationFn: ({ cursor, count }) => ask(count + SPARE, cursor),
    onSuccess: (page, { cursor }) => update((current) => bringBack(current, cursor, page)),
    retry: (_failures, error) => error instanceof ApiError && error.passing,
    retryDelay: PACE,
    gcTime: 0,
  });

  const forget = useEffectEvent(() => update((current) => letGo(current, sight)));
  const pages = feed?.pages.length ?? 0;
  useEffect(() => {
    if (pages > 0) forget();
  }, [sight, pages]);

  const wanted = feed && wantedAgain(feed, sight);
  const refused = back.isError && back.variables.cursor === wanted?.cursor;
  const next = back.isPending || refused ? undefined : wanted;
  const { mutate } = back;
  useEffect(() => {
    if (next !== undefined) mutate(next);
  }, [next, mutate]);

  const error = wanted && (back.error ?? back.failureReason);
  const missing: Missing | undefined = error
    ? { error, retry: back.isError ? () => back.reset() : undefined }
    : undefined;
  return { onSight: setSight, missing };
}
