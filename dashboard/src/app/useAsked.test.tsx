import { QueryClientProvider } from '@tanstack/react-query';
import { act, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import { renderPart } from '../testing/page';
import { createQueryClient } from './queryClient';
import { useAsked } from './useAsked';

const away = new ApiError({ title: 'Unavailable', status: 503, detail: 'The broker does not answer.' });

function Part({ ask }: { readonly ask: () => Promise<number> }) {
  const { data, error } = useAsked({ queryKey: ['n'], queryFn: ask, refetchInterval: 5_000 });
  return <p>{`${data ?? 'nothing'}: ${error?.message ?? 'well'}`}</p>;
}

function asked(ask: () => Promise<number>, known?: number) {
  const queries = createQueryClient();
  if (known !== undefined) queries.setQueryData(['n'], known);
  return renderPart(
    <QueryClientProvider client={queries}>
      <Part ask={ask} />
    </QueryClientProvider>,
  );
}

afterEach(() => vi.useRealTimers());

it('tells of trouble that passes while it is tried again', async () => {
  asked(() => Promise.reject(away));
  expect(await screen.findByText('nothing: The broker does not answer.')).toBeVisible();
});

it('keeps the last answer beside the trouble', async () => {
  asked(() => Promise.reject(away), 3);
  expect(await screen.findByText('3: The broker does not answer.')).toBeVisible();
});

it('is well again with the next answer', async () => {
  let times = 0;
  asked(() => (times++ === 0 ? Promise.reject(away) : Promise.resolve(4)));
  expect(await screen.findByText('4: well')).toBeVisible();
});

it('asks no more by itself while the page is paused', async () => {
  vi.useFakeTimers();
  let times = 0;
  const { services } = asked(() => Promise.resolve((times += 1)));
  await act(() => vi.advanceTimersByTimeAsync(12_000));
  act(() => services.live.pause());
  const before = times;
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect([before, times]).toEqual([3, 3]);
});
