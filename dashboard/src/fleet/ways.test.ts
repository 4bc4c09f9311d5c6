import { describe, expect, it } from 'vitest';
import { pageOf, tasksOf, wayInto } from './ways';

const ORDERS = { namespace: 'team-a', name: 'orders' };
const NOW = 1_764_000_000;
const path = (address: string) => {
  const { pathname, search } = new URL(address);
  return `${pathname}${search}`;
};

describe('the way into a monitor', () => {
  it('goes through the fleet', () => expect(path(wayInto(ORDERS, 'task/1'))).toBe('/n/team-a/orders/task/1'));

  it('goes by way of its cluster where that is another', () =>
    expect(path(wayInto({ ...ORDERS, cluster: 'west' }, 'task/1'))).toBe('/c/west/n/team-a/orders/task/1'));

  it('carries the range, and no other part of the page’s address', () => {
    const search = { range: '6h', start: undefined, end: undefined, a: 'x/y' } as const;
    expect(path(pageOf(ORDERS, search))).toBe('/n/team-a/orders/overview?range=6h');
  });

  it('carries two moments', () =>
    expect(path(pageOf(ORDERS, { range: undefined, start: '10', end: '20' }, 'failures'))).toBe(
      '/n/team-a/orders/failures?start=10&end=20',
    ));
});

describe('the way to the tasks behind a number', () => {
  const range = (search: { range?: '24h' | '6h'; start?: string; end?: string }) =>
    path(
      tasksOf(ORDERS, { range: undefined, start: undefined, end: undefined, ...search }, NOW, {
        state: 'FAILURE',
      }),
    );

  it('has the word of the range where the list knows it', () =>
    expect(range({ range: '24h' })).toBe('/n/team-a/orders/tasks?state=FAILURE&range=24h'));

  it('has its start where the list does not, and no end of what goes on', () =>
    expect(range({ range: '6h' })).toBe(
      '/n/team-a/orders/tasks?state=FAILURE&range=between&from=2025-11-24T10%3A00%3A00Z',
    ));

  it('has both ends of a range that stays', () =>
    expect(range({ start: '1763990000', end: '1763993600' })).toBe(
      '/n/team-a/orders/tasks?state=FAILURE&range=between&from=2025-11-24T13%3A13%3A20Z&to=2025-11-24T14%3A13%3A20Z',
    ));
});
