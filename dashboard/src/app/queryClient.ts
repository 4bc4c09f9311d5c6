import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/client';

/** Milliseconds between two attempts at a question that got no answer, at most. */
const LONGEST_WAIT = 10_000;

/** The cache of answers: repeated while the server is away, never for a question that it refused. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (_count, error) => error instanceof ApiError && error.passing,
        retryDelay: (attempt) => Math.min(LONGEST_WAIT, 500 * 2 ** attempt),
        refetchOnWindowFocus: false,
        // On a machine without a network a monitor on loopback still answers.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
}
