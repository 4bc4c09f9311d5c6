import { describe, expect, it } from 'vitest';
import { makeSummary } from '../testing/make';
import { healthOf } from './health';

const NOW = 100_000;

function said(known: Parameters<typeof makeSummary>[0]) {
  return healthOf(makeSummary(known), NOW).map(({ tone, text }) => `${tone}: ${text}`);
}

const { broker, events, store } = makeSummary();

describe('the health sentence', () => {
  it('says that all is well', () =>
    expect(said({})).toEqual([
      'success: Redis connected',
      'success: 3 workers online',
      'success: 12.4 events/s, 210 ms behind',
    ]));

  it('says since when the broker is away', () =>
    expect(said({ broker: { ...broker, kind: 'amqp', state: 'disconnected', since: NOW - 180 } })).toContain(
      'failure: RabbitMQ disconnected for 3 min',
    ));

  it('warns where no worker is online', () =>
    expect(said({ workers: { online: 0, offline: 2, lost: 0 } })).toContain(
      'retry: 0 workers online, 2 offline',
    ));

  it('is alarmed by a lost worker', () =>
    expect(said({ workers: { online: 1, offline: 0, lost: 1 } })).toContain(
      'failure: 1 worker online, 1 lost',
    ));

  it('says when the last event was, where none comes', () =>
    expect(said({ events: { ...events, rate: 0, lag: null, last: NOW - 7200 } })).toContain(
      'success: last event 2 h ago',
    ));

  it('calls the age of the last event no lag while the broker is away', () =>
    expect(
      said({ broker: { ...broker, state: 'disconnected' }, events: { ...events, lag: 60, last: NOW - 60 } }),
    ).toContain('success: last event 1 min ago'));

  it('warns of lag', () =>
    expect(said({ events: { ...events, lag: 8 } })).toContain('retry: 12.4 events/s, 8 s behind'));

  it('tells what was lost', () =>
    expect(
      said({ events: { ...events, dropped: 12, invalid: 1 }, store: { ...store, state: 'full' } }),
    ).toEqual(
      expect.arrayContaining([
        'retry: 12 events dropped',
        'retry: 1 event not understood',
        'failure: store: full',
      ]),
    ));
});
