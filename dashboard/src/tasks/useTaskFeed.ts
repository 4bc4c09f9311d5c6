import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { getJson } from '../api/client';
import type { TaskPage } from '../api/types';
import { useServices } from '../app/services';
import { append, type TaskFeed, feedOf, mergeHead, nextStep, release } from './feed';
import type { Sight } from '../components/table';
import { sortOf, DEFAULT_SORT, type TaskFilter, toQuery } from './filter';
import { taskKeys } from './live';
import { bringBack, letGo, wantedAgain } from './sight';

/** Tasks in a page of the list. */
const PAGE = 100;
/** The server's limit of a page. */
const LARGEST_PAGE = 1000;
/** Milliseconds between two requests that live changes cause. */
const PACE = 1000;

/** What the reader does with the rows. */
interface Reader {
  /** Scrolls, points or marks: the rows keep their places. */
  readonly held: boolean;
  /** Sees the last rows: more are wanted. */
  readonly nearEnd: boolean;
  /** Which rows those are that can be seen. */
  readonly sight: Sight;
}

/** The list that a filter describes: live, paged, and still while a reader holds it. */
export function useTaskFeed(filter: TaskFilter, { held, nearEnd, sight }: Reader) {
  const { clock } = useServices();
  const queries = useQueryClient();
  const key = taskKeys.feed(filter);
  const ask = (signal: AbortSignal | undefined, limit: number, cursor?: string) =>
    getJson<TaskPage>('api/v1/tasks', { ...toQuery(filter, clock.now()), limit, cursor }, signal);
  const update = (change: (feed: TaskFeed) => TaskFeed) =>
    queries.setQueryData<TaskFeed>(key, (feed) => feed && change(feed));

  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => feedOf(await ask(signal, PAGE)),
    // The live stream keeps it fresh; asking again by itself would drop the pages that were scrolled to.
    staleTime: Infinity,
    // `fold` keeps what did not change. The library's own comparison goes by place: when new rows come in at the top,
    // it would look at all that are loaded, and make each anew that moved.
    structuralSharing: false,
    placeholderData: keepPreviousData,
  });
  const more = useMutation({
    mutationFn: (cursor: string) => ask(undefined, PAGE, cursor),
    onSuccess: (page, cursor) => update((feed) => (feed.next === cursor ? append(feed, page) : feed)),
    // Else each page that ever came is remembered for five minutes, beside the list.
    gcTime: 0,
  });
  const feed = query.isPlaceholderData ? undefined : query.data;

  useHead(feed, async (signal, limit) => {
    const page = await ask(signal, limit);
    update((current) => mergeHead(current, page, filter));
  });
  const still = held && (feed?.rows.length ?? 0) > 0;
  useMovement(feed, feed === undefined || still ? 'nothing' : nextStep(feed, filter), {
    release: () => update(release),
    reload: () => query.refetch(),
  });

  useSight(feed, sight, {
    letGo: () => update((current) => letGo(current, sight)),
    bringBack: async (cursor) => {
      const page = await ask(undefined, PAGE, cursor);
      update((current) => bringBack(current, cursor, page));
    },
  });

  // A page may be short or even empty before the end of a search: more is asked for as long as the end is in sight.
  const next = nearEnd && !more.isPending && !more.isError ? feed?.next : null;
  const { mutate } = more;
  useEffect(() => {
    if (next != null) mutate(next);
  }, [next, mutate]);

  return {
    query,
    more,
    showNew: () => {
      if (feed?.outdated || sortOf(filter) !== DEFAULT_SORT) void query.refetch();
      else update(release);
    },
  };
}

/** Asks for the first rows again where only the server can say what is new; again and again until it answers. */
function useHead(
  feed: TaskFeed | undefined,
  ask: (signal: AbortSignal, limit: number) => Promise<void>,
): void {
  const wanted = feed?.headWanted ?? false;
  const limit = Math.min(LARGEST_PAGE, Math.max(PAGE, feed?.rows.length ?? 0));
  // Counts the answers, good or bad: the wish may be there again before it was seen to be gone.
  const [answers, setAnswers] = useState(0);
  const fetchHead = useEffectEvent((signal: AbortSignal) => ask(signal, limit));
  useEffect(() => {
    if (!wanted) return;
    const abort = new AbortController();
    const answered = () => {
      if (!abort.signal.aborted) setAnswers((count) => count + 1);
    };
    const timer = setTimeout(() => void fetchHead(abort.signal).then(answered, answered), PACE);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [wanted, answers]);
}

interface Memory {
  readonly letGo: () => void;
  readonly bringBack: (cursor: string) => Promise<void>;
}

/** Keeps in memory what is near the rows in sight; what was let go is asked for again until there is an answer. */
function useSight(feed: TaskFeed | undefined, sight: Sight, memory: Memory): void {
  const forget = useEffectEvent(() => memory.letGo());
  const length = feed?.rows.length ?? 0;
  useEffect(() => {
    if (length > 0) forget();
  }, [sight, length]);

  const cursor = feed && wantedAgain(feed, sight);
  const [failures, setFailures] = useState(0);
  const bring = useEffectEvent((wanted: string) => memory.bringBack(wanted));
  useEffect(() => {
    if (cursor === undefined) return;
    const timer = setTimeout(
      () => void bring(cursor).catch(() => setFailures((count) => count + 1)),
      failures > 0 ? PACE : 0,
    );
    return () => clearTimeout(timer);
  }, [cursor, failures]);
}

interface Movement {
  readonly release: () => void;
  readonly reload: () => Promise<unknown>;
}

function useMovement(
  feed: TaskFeed | undefined,
  step: ReturnType<typeof nextStep>,
  movement: Movement,
): void {
  const bringIn = useEffectEvent(() => movement.release());
  useEffect(() => {
    if (step === 'release') bringIn();
    // Also with every new feed: it may have got something to release before the last one was seen without.
  }, [step, feed]);

  const [reloads, setReloads] = useState(0);
  const askAnew = useEffectEvent(
    () => void movement.reload().finally(() => setReloads((count) => count + 1)),
  );
  useEffect(() => {
    if (step !== 'reload') return;
    const timer = setTimeout(askAnew, PACE);
    return () => clearTimeout(timer);
  }, [step, reloads]);
}
