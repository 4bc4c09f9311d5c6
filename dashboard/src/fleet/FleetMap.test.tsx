import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { makeMonitor } from '../testing/make';
import { renderPart } from '../testing/page';
import { FleetMap } from './FleetMap';

const HERE = { range: '6h', start: undefined, end: undefined } as const;
const orders = makeMonitor({ name: 'orders', ready: false, reason: 'SecretNotFound' });
const mails = makeMonitor({ name: 'mails', namespace: 'team-b' });
const asleep = makeMonitor({ name: 'asleep', namespace: 'team-b', suspended: true });

function draw(marked: string[] = []) {
  const onMark = vi.fn();
  const props = { range: HERE, marked: new Set(marked), onMark, stale: false };
  renderPart(<FleetMap monitors={[mails, orders, asleep]} {...props} />);
  return onMark;
}

describe('the map of monitors', () => {
  it('shows a namespace with its monitors, each with its health in words', () => {
    draw();
    const team = screen.getByRole('region', { name: 'team-a' });
    expect(within(team).getByRole('listitem')).toHaveTextContent(/orders.*SecretNotFound.*backlog not told/);
  });

  it('leads into a monitor with the range, but into none that is suspended', () => {
    draw();
    const way = screen.getByRole('link', { name: 'mails' }).getAttribute('href');
    expect(way).toMatch(/\/n\/team-b\/mails\/overview\?range=6h$/);
    expect(screen.queryByRole('link', { name: 'asleep' })).toBeNull();
  });

  it('is walked through and marked by keys', async () => {
    const onMark = draw();
    await userEvent.keyboard('jj');
    expect(screen.getByRole('link', { name: 'mails' })).toHaveFocus();
    await userEvent.keyboard('x');
    expect(onMark).toHaveBeenCalledWith('team-b/mails');
    await userEvent.keyboard('k');
    expect(screen.getByRole('link', { name: 'orders' })).toHaveFocus();
  });

  it('shows what is marked, and is marked by a press', async () => {
    const onMark = draw(['team-a/orders']);
    expect(screen.getByRole('checkbox', { name: 'Compare team-a/orders' })).toBeChecked();
    await userEvent.click(screen.getByRole('checkbox', { name: 'Compare team-b/mails' }));
    expect(onMark).toHaveBeenCalledWith('team-b/mails');
  });
});
