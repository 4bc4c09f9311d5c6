import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Queue } from '../api/types';
import { makeQueue } from '../testing/make';
import { drains, priorities, queueColumns, waits } from './columns';

const QUEUE = makeQueue({
  ready: 12,
  unacknowledged: 2,
  oldest_age: 90,
  rate_in: 3,
  rate_out: 4,
  growth: -1,
  drain_time: 12,
});

it('tells how long a queue takes to empty', () => {
  expect(drains(QUEUE)).toBe('12 s');
});

it('says that nothing waits in an empty queue', () => {
  const empty = { ...QUEUE, ready: 0, oldest_age: 0, drain_time: 0 };
  expect([waits(empty), drains(empty)]).toEqual(['none', 'empty']);
});

it('says of a queue that grows that it does', () => {
  expect(drains({ ...QUEUE, drain_time: null, growth: 2 })).toBe('grows');
});

it.each([
  { drain_time: null, growth: null },
  { drain_time: null, growth: 0 },
  { drain_time: null, growth: 1, ready: 0 },
])('shows what is not known as such: %o', (fields) => {
  expect(drains({ ...QUEUE, ...fields })).toBe('–');
});

it('shows the name and what waits on a narrow page too', () => {
  expect(queueColumns.filter(({ wideOnly }) => !wideOnly).map(({ id }) => id)).toEqual([
    'name',
    'ready',
    'consumers',
  ]);
});

it('marks a queue in which messages wait that nobody takes', () => {
  const column = queueColumns.find(({ id }) => id === 'consumers');
  const shown = (known: Partial<Queue>) =>
    render(<>{column?.cell({ ...QUEUE, line: [], ...known })}</>).container.textContent;
  expect(shown({ consumers: 0 })).toBe('none');
  expect(shown({ consumers: 0, ready: 0 })).toBe('0');
  expect(shown({ consumers: null })).toBe('–');
});

it('tells the priorities of what waits where there are several', () => {
  expect(priorities({ by_priority: { 0: 5, 3: 0, 9: 7 } })).toEqual(['priority 0: 5', 'priority 9: 7']);
  expect(priorities({ by_priority: { 0: 5, 3: 0 } })).toEqual([]);
  expect(priorities({ by_priority: null })).toEqual([]);
});
