import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { renderPart } from '../testing/page';
import { Messages } from './Messages';
import { unpurgeable } from './messages';

it('says of a broker that shows no messages why, and does not offer to try again', async () => {
  const detail = 'Whoever looks at a message of RabbitMQ has to take it.';
  const answer = () => Promise.resolve(new Response(JSON.stringify({ detail }), { status: 409 }));
  vi.stubGlobal('fetch', vi.fn(answer));
  renderPart(<Messages name="celery" />);
  expect(await screen.findByText(detail)).toBeVisible();
  expect(screen.queryByRole('button')).toBeNull();
});

it('purges only what is known to wait', () => {
  expect(unpurgeable(3)).toBeNull();
  expect(unpurgeable(0)).toBe('No message waits in it.');
  expect(unpurgeable(null)).toBe('The broker does not tell how many messages wait.');
});
