import { describe, expect, it } from 'vitest';
import { makeWorker } from '../testing/make';
import { busyShare, counts, rowsOf, shown } from './rows';
import type { WorkerPool } from './types';

const pool = (hostname: string, concurrency: number, queues: string[] = []): WorkerPool => ({
  hostname,
  pool: null,
  concurrency,
  autoscales: false,
  queues,
  age: 1,
});
const WORKERS = [
  makeWorker({ hostname: 'a', active: 1 }),
  makeWorker({ hostname: 'b', state: 'lost', active: 3 }),
  makeWorker({ hostname: 'c', active: 2, restarts: 4 }),
];
const ROWS = rowsOf(WORKERS, [pool('a', 4, ['mail']), pool('b', 4)], new Map());
const names = (search: Parameters<typeof shown>[1]) =>
  shown(ROWS, search).map(({ worker }) => worker.hostname);

describe('the list of workers', () => {
  it('begins with those that need a look', () => expect(names({})).toEqual(['b', 'a', 'c']));

  it('is filtered by state', () => expect(names({ state: 'online' })).toEqual(['a', 'c']));

  it('is searched by name and queue', () => {
    expect(names({ search: 'C' })).toEqual(['c']);
    expect(names({ search: 'mai' })).toEqual(['a']);
  });

  it('is sorted, what is not known last', () => {
    expect(names({ sort: '-restarts' })[0]).toBe('c');
    expect(names({ sort: '-busy' })).toEqual(['a', 'b', 'c']);
    expect(names({ sort: '-worker' })).toEqual(['c', 'b', 'a']);
  });

  it('takes an order that it does not know for none', () => expect(names({ sort: 'x' })).toEqual(names({})));
});

it('a pool is busy by its share, of one that is not online or not known nothing is said', () => {
  expect(ROWS.map(busyShare)).toEqual([0.25, null, null]);
});

it('counts workers by state', () => expect(counts(WORKERS)).toEqual({ online: 2, lost: 1, offline: 0 }));
