import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { ApiError } from '../api/client';
import { createQueryClient } from './queryClient';
import { useAsked } from './useAsked';

const away = new ApiError({ title: 'Unavailable', status: 503, detail: 'The broker does not answer.' });

function Part({ ask }: { readonly ask: () => Promise<number> }) {
  const { data, error } = useAsked({ queryKey: ['n'], queryFn: ask });
  return <p>{`${data ?? 'nothing'}: ${error?.message ?? 'well'}`}</p>;
}

function asked(ask: () => Promise<number>, known?: number) {
  const queries = createQueryClient();
  if (known !== undefined) queries.setQueryData(['n'], known);
  render(
    <QueryClientProvider client={queries}>
      <Part ask={ask} />
    </QueryClientProvider>,
  );
}

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
