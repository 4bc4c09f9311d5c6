import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { append, type TaskFeed, feedOf, lengthOf, mergeHead, nextStep, release } from './feed';
import { sortOf, DEFAULT_SORT, type TaskFilter } from './filter';
import { keptFromTop } from './sight';
import { useFeedCache } from './useFeedCache';

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
}

/** The list that a filter describes: live, paged, and still while a reader holds it. */
export function useTaskFeed(filter: TaskFilter, { held, nearEnd }: Reader) {
  const { key, ask, update } = useFeedCache(filter);
  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => feedOf(await ask(PAGE, undefined, signal)),
    // The live stream keeps it fresh; asking again by itself would drop the pages that were scrolled to.
    staleTime: Infinity,
    // `fold` keeps what did not change. The library's own comparison goes by place: when new rows come in at the top,
    // it would look at all that are loaded, and make each anew that moved.
    structuralSharing: false,
    placeholderData: keepPreviousData,
  });
  const more = useMutation({
    mutationFn: (cursor: string) => ask(PAGE, cursor),
    onSuccess: (page, cursor) => update((feed) => (feed.next === cursor ? append(feed, page) : feed)),
    // Else each page that ever came is remembered for five minutes, beside the list.
    gcTime: 0,
  });
  const feed = query.isPlaceholderData ? undefined : query.data;

  useHead(feed, async (signal, limit) => {
    const page = await ask(limit, undefined, signal);
    update((current) => mergeHead(current, page, filter));
  });
  const still = held && feed !== undefined && lengthOf(feed) > 0;
  useMovement(feed, feed === undefined || still ? 'nothing' : nextStep(feed, filter), {
    release: () => update(release),
    reload: () => query.refetch(),
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
  const limit = Math.min(LARGEST_PAGE, Math.max(PAGE, keptFromTop(feed?.pages ?? [])));
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
