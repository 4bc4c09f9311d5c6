import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import { type Me, meQuery } from '../api/me';
import { makeMe } from '../testing/make';
import { renderPart } from '../testing/page';
import { Action, Objection } from './Action';
import type { Answer } from './answer';

const ADMIN = makeMe();
const VIEWER = makeMe({ role: 'viewer', permissions: ['view'] });

// jsdom has dialogs, and can't open them.
beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
  vi.stubGlobal(
    'fetch',
    vi.fn<typeof fetch>(() => new Promise<Response>(() => undefined)),
  );
});

function drawn(me: Me, run: () => Promise<Answer>) {
  const page = renderPart(
    <>
      <Objection permission="administer" />
      <Action label="Shut down w1" short="Shut down" permission="administer" run={run}>
        <p>It can’t be undone.</p>
      </Action>
    </>,
    [[meQuery.queryKey, me]],
  );
  return page;
}

async function confirmed() {
  await userEvent.click(screen.getByRole('button', { name: 'Shut down w1' }));
  const dialog = screen.getByRole('dialog', { name: 'Shut down w1' });
  await userEvent.click(within(dialog).getByRole('button', { name: 'Shut down' }));
  return dialog;
}

it('does nothing before it is confirmed, and says what it will do', async () => {
  const run = vi.fn<() => Promise<Answer>>();
  drawn(ADMIN, run);
  await userEvent.click(screen.getByRole('button', { name: 'Shut down w1' }));
  expect(screen.getByRole('dialog')).toHaveTextContent('It can’t be undone.');
  await userEvent.click(screen.getByRole('button', { name: 'Leave it' }));
  expect(run).not.toHaveBeenCalled();
});

it('shows what the worker answered', async () => {
  drawn(ADMIN, () => Promise.resolve({ done: true, text: 'w1 answered: pong' }));
  expect(await confirmed()).toHaveTextContent('Done. w1 answered: pong');
});

it('shows why it was not done', async () => {
  drawn(ADMIN, () => Promise.reject(new Error('the broker is away')));
  expect(await confirmed()).toHaveTextContent('Not done. the broker is away');
});

it('asks again where the login had ended, with what was asked', async () => {
  drawn(ADMIN, () => Promise.reject(new ApiError({ title: '', detail: 'Login required', status: 401 })));
  const dialog = await confirmed();
  expect(await within(dialog).findByRole('alert')).toHaveTextContent('Nothing was done.');
  expect(dialog).toHaveTextContent('It can’t be undone.');
  expect(within(dialog).getByRole('button', { name: 'Shut down' })).toBeEnabled();
});

it('can’t be pressed twice while it waits', async () => {
  const run = vi.fn<() => Promise<Answer>>(() => new Promise<Answer>(() => undefined));
  drawn(ADMIN, run);
  const dialog = await confirmed();
  expect(within(dialog).getByRole('button', { name: 'Shut down' })).toBeDisabled();
  expect(run).toHaveBeenCalledOnce();
});

it('is visible and disabled for who may not, and says who may', () => {
  drawn(VIEWER, vi.fn<() => Promise<Answer>>());
  expect(screen.getByRole('button', { name: 'Shut down w1' })).toBeDisabled();
  expect(screen.getByText('It takes the role admin; your role is viewer.')).toBeVisible();
});
