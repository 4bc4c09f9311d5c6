import { describe, expect, it } from 'vitest';
import { makeFailure, makeGap, makeSilence } from '../testing/history';
import { makeQueue, makeWorker } from '../testing/make';
import { changesOf } from './changes';

const NOTHING = { start: 96_000, end: 100_000, workers: [], gaps: [], failures: [], queues: [] };
const old = { first_seen: 1, last_heartbeat: 99_999 };
const said = (known: Partial<Parameters<typeof changesOf>[0]>) =>
  changesOf({ ...NOTHING, ...known }).map(({ word, text }) => `${word}: ${text}`);

describe('what changed', () => {
  it('is nothing where all is as it was', () => {
    const failures = [makeFailure({ first: 96_500 })];
    expect(said({ workers: [makeWorker({ hostname: 'w1', ...old })], failures })).toEqual([]);
  });

  it('are workers that came, restarted, stopped or were lost', () => {
    const workers = [
      makeWorker({ hostname: 'new', first_seen: 97_000 }),
      makeWorker({ hostname: 'again', ...old, since: 98_000, restarts: 2 }),
      makeWorker({ hostname: 'off', ...old, state: 'offline', last_heartbeat: 99_000 }),
      makeWorker({ hostname: 'gone', ...old, state: 'lost', last_heartbeat: 96_100 }),
    ];
    expect(said({ workers })).toEqual([
      'Stopped: off',
      'Restarted: again, 2 restarts in all',
      'Came: new',
      'Lost: gone',
    ]);
  });

  it('are times that were not seen, in words', () => {
    const gaps = [
      makeGap({ start: 97_000, end: 97_300, missed: 12 }),
      makeGap({ why: 'cut-off', end: null }),
    ];
    expect(said({ gaps })).toEqual([
      'Not seen: the monitor was not running for 5 min, 12 tasks missed',
      'Not seen: Redis cut the connection goes on',
    ]);
  });

  it('are failures that were not there before', () => {
    expect(said({ failures: [makeFailure({ first: 99_500 })] })).toEqual([
      'New failure: ValueError in shop.orders.place, 3 times',
    ]);
  });

  it('leaves out a new failure that is silenced', () => {
    expect(said({ failures: [makeFailure({ first: 99_500, silence: makeSilence() })] })).toEqual([]);
  });

  it('begins with the queues that grow now', () => {
    const queues = [makeQueue({ name: 'mail', ready: 40, growth: 3 })];
    expect(said({ queues, gaps: [makeGap()] })[0]).toBe('Grows: mail: 40 ready, 3 more each second');
  });

  it('begins with a queue that nobody consumes, which also grows', () => {
    const queue = makeQueue({ name: 'bulk', ready: 200, growth: 3, consumers: 0 });
    expect(said({ queues: [queue] })).toEqual(['No consumer: bulk: 200 ready, and no worker takes them']);
    expect(said({ queues: [{ ...queue, ready: 0 }] })).toEqual([]);
    expect(said({ queues: [{ ...queue, growth: 0, consumers: null }] })).toEqual([]);
  });

  it('is nothing that came after a range that stays', () => {
    expect(said({ gaps: [makeGap({ start: 100_001 })] })).toEqual([]);
  });
});
