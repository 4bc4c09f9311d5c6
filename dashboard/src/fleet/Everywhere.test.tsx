import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FleetSearchResult } from '../api/types';
import { renderPart } from '../testing/page';
import { Everywhere } from './Everywhere';

const NOTHING: FleetSearchResult = { query: 'mail', items: [], unanswered: [], asked: 3, seconds: 0.1 };
const TASK = { uuid: 'u/1', name: 'send_mail', state: 'SUCCESS', worker: 'celery@one', received: 1 };

/** As the page has it, whose address remembers what was asked for. */
function Asked({ text, before = false }: { readonly text: string; readonly before?: boolean }) {
  const [wanted, setWanted] = useState(before);
  return <Everywhere text={text} wanted={wanted} onWanted={() => setWanted(true)} range={{ range: '6h' }} />;
}

/** Answers a press on the button; the addresses that were asked. */
async function press(result: Partial<FleetSearchResult>): Promise<string[]> {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url);
    return Promise.resolve(Response.json({ ...NOTHING, ...result }));
  });
  renderPart(<Asked text="mail" />);
  await userEvent.click(screen.getByRole('button'));
  return asked;
}

describe('a search in all monitors', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('is not begun by typing', () => {
    const fetch = vi.fn();
    vi.stubGlobal('fetch', fetch);
    renderPart(<Asked text="mail" />);
    expect(fetch).not.toHaveBeenCalled();
  });

  it('is not offered for a single letter', () => {
    renderPart(<Asked text="m" />);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('leads to what was found, through the fleet', async () => {
    const items = [{ namespace: 'team-a', name: 'orders', tasks: [TASK], workers: [], more: false }];
    const asked = await press({ items });
    expect(await screen.findByRole('link', { name: 'u/1' })).toHaveAttribute(
      'href',
      expect.stringMatching(/\/n\/team-a\/orders\/task\/u%2F1\?range=6h$/),
    );
    expect(asked).toEqual([expect.stringMatching(/\/api\/v1\/search\?q=mail$/)]);
  });

  it('is there again for who comes back to it, and asks for no second press', async () => {
    const items = [{ namespace: 'team-a', name: 'orders', tasks: [TASK], workers: [], more: false }];
    vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ ...NOTHING, items })));
    renderPart(<Asked text="mail" before />);
    expect(await screen.findByRole('link', { name: 'u/1' })).toBeVisible();
  });

  it('names the cluster of a monitor that is of another, and one that could not be asked', async () => {
    const items = [
      { cluster: 'west', namespace: 'team-a', name: 'orders', tasks: [TASK], workers: [], more: false },
    ];
    await press({ items, clusters: [{ cluster: 'north', reason: 'It is away.' }] });
    expect(await screen.findByRole('heading', { name: 'west/team-a/orders' })).toBeVisible();
    expect(screen.getByText('Cluster north was not searched to the end: It is away.')).toBeVisible();
  });

  it('says who did not answer, and that nothing found is then not nothing there', async () => {
    await press({ unanswered: [{ namespace: 'team-b', name: 'mails', reason: 'It is suspended.' }] });
    expect(await screen.findByText(/as far as they answered/)).toBeVisible();
    expect(screen.getByText(/team-b\/mails was not searched to the end: It is suspended/)).toBeVisible();
  });
});
