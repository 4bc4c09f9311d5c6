import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPart } from '../testing/page';
import { ConnectionIndicator, useStale } from './Connection';

// No try comes between two lines of a test, however long it is kept from running.
vi.mock('../live/backoff', () => ({ backoff: () => 3_600_000 }));

function Staleness() {
  return <output>{useStale() ? 'stale' : 'fresh'}</output>;
}

beforeEach(() =>
  vi.stubGlobal(
    'fetch',
    vi.fn<typeof fetch>(() => Promise.resolve(new Response(new ReadableStream()))),
  ),
);
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function connected() {
  const page = renderPart(
    <>
      <ConnectionIndicator />
      <Staleness />
    </>,
  );
  act(() => page.services.live.start());
  await screen.findByText('Live');
  return page;
}

describe('the connection indicator', () => {
  it('pauses and resumes with its button', async () => {
    const { services } = await connected();
    await userEvent.click(screen.getByRole('button', { name: 'Pause live updates' }));
    expect(screen.getByText('Paused')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Resume live updates' }));
    expect(await screen.findByText('Live')).toBeVisible();
    services.live.stop();
  });

  it('pauses with p', async () => {
    const { services } = await connected();
    await userEvent.keyboard('p');
    expect(screen.getByText('Paused')).toBeVisible();
    services.live.stop();
  });

  it('says that the connection is cut, how old the data is, and lets the reader try at once', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { services } = await connected();
    vi.mocked(fetch).mockRejectedValue(new TypeError('Failed to fetch'));
    act(() => services.live.pause());
    act(() => services.live.resume());
    expect(await screen.findByText('Disconnected')).toBeVisible();
    expect(screen.getByText(/data from now, next try in/)).toBeVisible();
    const before = vi.mocked(fetch).mock.calls.length;
    await userEvent.click(screen.getByRole('button', { name: 'Try now' }));
    expect(vi.mocked(fetch).mock.calls.length).toBe(before + 1);
    services.live.stop();
  });

  it('marks what is shown as old more than five seconds after the last word', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
    const { services } = await connected();
    act(() => services.live.pause());
    act(() => void vi.advanceTimersByTime(5000));
    expect(screen.getByText('fresh')).toBeVisible();
    act(() => void vi.advanceTimersByTime(1000));
    expect(screen.getByText('stale')).toBeVisible();
    services.live.stop();
  });
});
