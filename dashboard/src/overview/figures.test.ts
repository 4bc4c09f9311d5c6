import { describe, expect, it } from 'vitest';
import { makeHistory } from '../testing/history';
import { makeQueue, makeSummary } from '../testing/make';
import {
  backlogFigure,
  change,
  failedFigure,
  finished,
  lagFigure,
  seenFigure,
  throughputFigure,
  timeFigure,
  workersFigure,
} from './figures';

const { events, workers } = makeSummary();

it.each([
  [110, 100, '10 % more'],
  [50, 100, '50 % less'],
  [100, 100, 'as before'],
  [0, 0, 'as before'],
  [5, 0, 'none before'],
  [5000, 100, 'over ten times more'],
])('%d after %d is %s', (now, before, words) => expect(change(now, before)).toBe(words));

it('a retried attempt is not finished', () => {
  expect(finished({ succeeded: 4, failed: 3, retried: 100, revoked: 2, rejected: 50 })).toBe(9);
});

describe('figures of a range', () => {
  it('count a minute over the time that has passed', () => {
    const history = makeHistory({ points: Array(10).fill({}), counts: { succeeded: 50 } });
    expect(throughputFigure(history, history.start + 300).text).toBe('10');
  });

  it('count a minute since the store was made', () => {
    const history = makeHistory({ points: Array(10).fill({}), counts: { succeeded: 50 } });
    expect(throughputFigure({ ...history, created: history.end - 120 }, history.end).text).toBe('25');
  });

  it('are red only where something failed', () => {
    expect(failedFigure(makeHistory({ counts: { succeeded: 3, failed: 1 } }))).toMatchObject({
      text: '1',
      more: '25 % of what ended, none before',
      tone: 'failure',
    });
    expect(failedFigure(makeHistory({ counts: { succeeded: 3 } })).tone).toBeNull();
    expect(failedFigure(makeHistory()).more).toBe('nothing ended');
  });

  it('never round a few failures down to none', () => {
    expect(failedFigure(makeHistory({ counts: { succeeded: 99_999, failed: 1 } })).more).toContain('< 0.1 %');
  });

  it('say what is not known', () => {
    expect(timeFigure(makeHistory(), 'run')).toMatchObject({ text: '2 s', more: 'p50 1 s, p99 3 s' });
    expect(timeFigure(makeHistory(), 'wait')).toMatchObject({ text: '–', more: 'none measured' });
    expect(timeFigure(makeHistory({ times_from: 97_000 }), 'run').more).toContain('of the newest only');
  });
});

describe('figures of now', () => {
  it('sum up the queues whose length is known', () => {
    const queues = [
      makeQueue({ ready: 4, oldest_age: 90 }),
      makeQueue({ ready: null }),
      makeQueue({ ready: 8, growth: 2 }),
    ];
    expect(backlogFigure(queues)).toMatchObject({
      text: '12',
      more: 'oldest 1 min 30 s, 1 growing',
      tone: 'retry',
    });
    expect(backlogFigure([makeQueue({ ready: null })]).text).toBe('–');
    expect(backlogFigure(undefined)).toMatchObject({ text: '–', more: 'not known yet' });
    expect(backlogFigure(null)).toMatchObject({ text: '–', more: 'the broker does not answer' });
  });

  it('are alarmed by lost workers only', () => {
    expect(workersFigure(makeSummary())).toMatchObject({ text: '3', more: 'none lost', tone: null });
    const lost = makeSummary({ workers: { ...workers, lost: 2 } });
    expect(workersFigure(lost)).toMatchObject({ more: '2 lost', tone: 'failure' });
  });

  it('have no lag while the broker is away', () => {
    const { broker } = makeSummary();
    const away = makeSummary({
      broker: { ...broker, state: 'disconnected' },
      events: { ...events, lag: 60 },
    });
    expect(lagFigure(away)).toMatchObject({ text: '–', more: 'nothing is received', tone: null });
  });

  it('warn of lag while events come', () => {
    expect(lagFigure(makeSummary({ events: { ...events, lag: 9 } })).tone).toBe('retry');
    expect(lagFigure(makeSummary({ events: { ...events, lag: 9, rate: 0 } })).tone).toBeNull();
  });

  it('never say that all was seen when something was missed', () => {
    const some = makeSummary({ events: { ...events, seen: 0.99999, missed: 1 } });
    expect(seenFigure(some)).toMatchObject({ text: '> 99.9 %', more: '1 task missed', tone: 'retry' });
    expect(seenFigure(makeSummary({ events: { ...events, seen: null } })).text).toBe('–');
  });
});
