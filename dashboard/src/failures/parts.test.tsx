import { screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Me } from '../api/me';
import { makeFailure, makeSilence } from '../testing/history';
import { makeMe } from '../testing/make';
import { renderPart } from '../testing/page';
import { noteOf } from './GroupRerunDialog';
import { SilenceDialog } from './SilenceDialog';
import { Silenced } from './Silenced';

const as = (me: Partial<Me> = {}) => [[['me'], makeMe(me)]] as const;
const sent = vi.fn<typeof fetch>();

// jsdom has dialogs, and can't open them.
beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true;
  };
  sent.mockReset().mockImplementation(() => Promise.resolve(new Response('{}')));
  vi.stubGlobal('fetch', sent);
});

describe('silencing a failure', () => {
  it('takes a reason, and sends what failed and until when', async () => {
    const closed = vi.fn<() => void>();
    renderPart(<SilenceDialog group={makeFailure()} onClose={closed} />, as());
    const go = screen.getByRole('button', { name: 'Silence it' });
    expect(go).toBeDisabled();
    await userEvent.type(screen.getByLabelText(/^Why/), 'OPS-7');
    await userEvent.click(go);
    await vi.waitFor(() => expect(closed).toHaveBeenCalled());
    const body = JSON.parse(sent.mock.calls[0]?.[1]?.body as string) as Record<string, unknown>;
    expect(body).toMatchObject({
      name: 'shop.orders.place',
      exception: 'ValueError',
      file: '/app/shop/orders.py',
      function: 'place',
      reason: 'OPS-7',
    });
    expect(body['until']).toBeGreaterThan(Date.now() / 1000 + 28_000);
  });

  it('at a chosen instant takes one', async () => {
    renderPart(<SilenceDialog group={makeFailure()} onClose={() => undefined} />, as());
    await userEvent.type(screen.getByLabelText(/^Why/), 'x');
    await userEvent.selectOptions(screen.getByLabelText('Until when'), 'Until …');
    expect(screen.getByRole('button', { name: 'Silence it' })).toBeDisabled();
  });
});

describe('what is silenced', () => {
  const quiet = [{ silence: makeSilence(), group: makeFailure() }];

  it('says who, why and what of it failed', () => {
    renderPart(<Silenced quiet={quiet} />, as());
    for (const text of ['1 silenced kind of failure', 'a fix is on its way', 'by ann', /failed 3 times/])
      expect(screen.getByText(text)).toBeInTheDocument();
  });

  it('can be lifted', async () => {
    renderPart(<Silenced quiet={quiet} />, as());
    await userEvent.click(screen.getByText('1 silenced kind of failure'));
    await userEvent.click(screen.getByRole('button', { name: 'Lift the silence of ValueError' }));
    expect(sent.mock.calls[0]?.[1]?.method).toBe('DELETE');
  });

  it('is not a viewer’s to lift', () => {
    renderPart(<Silenced quiet={quiet} />, as({ role: 'viewer', permissions: ['view'] }));
    expect(screen.getByRole('button', { hidden: true })).toBeDisabled();
    expect(screen.getByText(/It takes the role operator/)).toBeInTheDocument();
  });

  it('takes no place where nothing is', () => {
    const { container } = renderPart(<Silenced quiet={[]} />, as());
    expect(container).toBeEmptyDOMElement();
  });
});

it.each([
  [{ n: 2, items: ['a', 'b'], more: false }, /^2 tasks failed like this in the chosen time\. Those/],
  [{ n: 3, items: ['a'], more: true }, /The newest 1 of them .* Older ones were not looked at/],
])('says of the tasks that are sent again what is to be known: %o', (tasks, text) =>
  expect(noteOf(tasks)).toMatch(text),
);
