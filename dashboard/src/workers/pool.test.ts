import { describe, expect, it } from 'vitest';
import { poolWord, registered, restartObjection, sizeObjection, sizeOf } from './pool';

it.each([
  ['celery.concurrency.prefork:TaskPool', 'prefork'],
  ['mine', 'mine'],
  [null, null],
])('calls the pool %s %s', (kind, word) => {
  expect(poolWord(kind)).toBe(word);
});

it('counts the processes there are, not those it was started with', () => {
  expect(sizeOf({ pool: { 'max-concurrency': 2, processes: [1, 2, 3] } })).toBe(3);
  expect(sizeOf({ pool: { 'max-concurrency': 4 } })).toBe(4);
  expect(sizeOf({})).toBeNull();
});

describe('what can’t be done', () => {
  it('is another size for a pool without one', () => {
    expect(sizeObjection({ pool: { implementation: 'celery.concurrency.solo:TaskPool' } })).toContain('solo');
  });

  it('is another size where it scales by itself', () => {
    expect(sizeObjection({ autoscaler: { min: 1, max: 4, current: 2 } })).toContain('range');
  });

  it('is none of it for prefork', () => {
    expect(sizeObjection({ pool: { implementation: 'celery.concurrency.prefork:TaskPool' } })).toBeNull();
  });

  it('is a restart without the setting for it', () => {
    const prefork = { pool: { implementation: 'celery.concurrency.prefork:TaskPool' } };
    expect(restartObjection(prefork, {})).toContain('worker_pool_restarts');
    expect(restartObjection(prefork, { worker_pool_restarts: true })).toBeNull();
  });

  it('is a restart of a pool without processes', () => {
    const solo = { pool: { implementation: 'celery.concurrency.solo:TaskPool' } };
    expect(restartObjection(solo, { worker_pool_restarts: true })).toContain('solo');
  });
});

it.each([
  ['shop.place', { name: 'shop.place', rate: null }],
  ['shop.mail [rate_limit=10/m]', { name: 'shop.mail', rate: '10/m' }],
  ['shop.mail [exchange=None routing_key=None rate_limit=None]', { name: 'shop.mail', rate: null }],
])('reads %s', (text, task) => {
  expect(registered(text)).toEqual(task);
});
