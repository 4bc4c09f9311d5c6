import { type QueryKey, useQuery, type UseQueryOptions } from '@tanstack/react-query';
import { useLiveState } from './services';

/**
 * `useQuery`, but with the error of an attempt while it is still tried again: trouble that passes is retried for as long
 * as it lasts (`queryClient.ts`), and until that ends TanStack calls the question pending. A page would show bones, or
 * old numbers as if they were new, for as long as a broker is away. On a page that is paused nothing is asked again by
 * itself.
 */
export function useAsked<Answer, Data = Answer, Key extends QueryKey = QueryKey>(
  options: UseQueryOptions<Answer, Error, Data, Key>,
) {
  const paused = useLiveState().phase === 'paused';
  const { data, error, failureReason, refetch, isPlaceholderData, dataUpdatedAt } = useQuery({
    ...options,
    ...(paused ? { refetchInterval: false } : {}),
  });
  return { data, error: error ?? failureReason, refetch, isPlaceholderData, dataUpdatedAt };
}
