import { render } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { BrokerState, Monitor } from '../api/types';
import { makeMonitor, makeSummary } from '../testing/make';
import { fleetColumns } from './columns';

function cellOf(id: string, monitor: Monitor): HTMLElement {
  const column = fleetColumns({}).find((one) => one.id === id);
  return render(<>{column?.cell(monitor)}</>).container;
}

const observed = { at: 1, stale: true, error: 'timed out' };

describe('the broker of a monitor', () => {
  const summary = makeSummary();
  const broker = (state: BrokerState) =>
    cellOf(
      'broker',
      makeMonitor({ name: 'a', summary: { ...summary, broker: { ...summary.broker, state } } }),
    );

  it('says in words for all that it is connected', () =>
    expect(broker('connected')).toHaveTextContent('Redisconnected'));

  it('says what else it is where everybody sees it', () =>
    expect(broker('disconnected').querySelector('.badge')).toHaveTextContent('Redis disconnected'));
});

describe('a monitor that is not heard', () => {
  it('shows how things were without their colour', () =>
    expect(cellOf('workers', makeMonitor({ name: 'a', observed })).querySelector('.unheard')).not.toBeNull());

  it('shows its own health in colour', () =>
    expect(cellOf('ready', makeMonitor({ name: 'a', observed })).querySelector('.unheard')).toBeNull());
});
