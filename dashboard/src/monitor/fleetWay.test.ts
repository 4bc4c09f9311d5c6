import { describe, expect, it } from 'vitest';
import { fleetOf, rangeIn } from './fleetWay';

describe('the fleet that shows a monitor', () => {
  it.each([
    ['/n/team-a/orders/', '/'],
    ['/tools/n/team-a/orders/', '/tools/'],
    ['/c/west/n/team-a/orders/', '/'],
    ['/tools/c/west/n/team-a/orders/', '/tools/'],
    ['/', null],
    ['/flower/', null],
    ['/n/team-a/', null],
  ])('served under %s is at %s', (base, fleet) => expect(fleetOf(base)).toBe(fleet));
});

describe('the range of a page', () => {
  it.each([
    ['a word', { range: '6h' }, { range: '6h' }],
    ['two times', { start: '10', end: '20' }, { start: '10', end: '20' }],
    [
      'two moments of the task list',
      { range: 'between', from: '2025-11-24T10:00:00Z', to: '2025-11-24T11:00:00Z' },
      { start: '1763978400', end: '1763982000' },
    ],
  ])('is known from %s', (_, search, range) => expect(rangeIn(search)).toMatchObject(range));

  it.each([
    ['nothing', {}],
    ['words of others', { range: 'ever', start: '<b>' }],
    ['an end that is open', { range: 'between', from: '2025-11-24T10:00:00Z' }],
  ])('is not known from %s', (_, search) => expect(rangeIn(search)).toBeNull());
});
