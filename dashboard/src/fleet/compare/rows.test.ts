import { describe, expect, it } from 'vitest';
import { makeHistory } from '../../testing/history';
import { makeMonitor, makeSummary } from '../../testing/make';
import { type Column, OF_NOW, OF_RANGE, valueOf } from './rows';

function cellOf(label: string, known: Partial<Column> = {}) {
  const row = [...OF_NOW, ...OF_RANGE].find((one) => one.label === label);
  if (row === undefined) throw new Error(`There is no row ${label}`);
  return row.cell({
    monitor: makeMonitor({ name: 'orders' }),
    range: { range: '6h', start: undefined, end: undefined },
    history: makeHistory({ points: [{}, {}], counts: { succeeded: 9, failed: 1 } }),
    pending: false,
    queues: null,
    now: 96_120,
    ...known,
  });
}

describe('what is compared', () => {
  it.each([
    ['Version', '0.1.0'],
    ['Workers online', 3],
    ['Lag', 0.21],
    ['Seen, last hour', 1],
    ['Storage', 1000],
    ['Tasks a minute', 5],
    ['Failed', 1],
    ['Ran, p95', 2],
    ['Ran, p99', 3],
    ['Waited, p50', null],
  ])('%s is %s', (label, value) => expect(valueOf(cellOf(label))).toBe(value));

  it('leads into the monitor with the same range', () => {
    const ways = [...OF_NOW, ...OF_RANGE].map(({ label }) => new URL(cellOf(label).way));
    expect(ways.every(({ pathname }) => pathname.startsWith('/n/team-a/orders/'))).toBe(true);
    expect(
      ways.every(({ searchParams }) => ['6h', 'between'].includes(searchParams.get('range') ?? '')),
    ).toBe(true);
  });

  it('is not known of one that did not answer', () => {
    const away = { monitor: makeMonitor({ name: 'orders', summary: null }), history: null };
    const unknown = ['Workers online', 'Lag', 'Storage', 'Tasks a minute', 'Failed', 'Ran, p95'];
    expect(unknown.map((label) => cellOf(label, away)).map(({ text }) => text)).toEqual(
      unknown.map(() => '–'),
    );
  });
});

it('says what the volume of a store has left', () => {
  const { store } = makeSummary();
  const monitor = makeMonitor({
    name: 'orders',
    summary: makeSummary({ store: { ...store, free: 2_097_152 } }),
  });
  expect(cellOf('Storage', { monitor }).more).toMatch(/, 2\.1 MB left$/);
});

it('is said to be on its way', () =>
  expect(cellOf('Failed', { history: null, pending: true })).toMatchObject({
    text: '–',
    more: 'being asked',
  }));

describe('the backlog that is compared', () => {
  const queue = (ready: number | null) => ({ name: 'q', ready, oldest_age: null, growth: null });

  it('is what waits in the queues', () =>
    expect(cellOf('Backlog', { queues: [queue(3), queue(4), queue(null)] })).toMatchObject({
      text: '7',
      more: 'in 2 queues',
      value: 7,
    }));

  it('is that of events where the queues can’t be had', () =>
    expect(cellOf('Backlog')).toMatchObject({ text: 'not told', more: 'by events', value: null }));
});

it('says why a monitor is not well', () => {
  const monitor = makeMonitor({
    name: 'orders',
    ready: false,
    reason: 'SecretNotFound',
    message: 'Make it.',
    summary: makeSummary(),
  });
  expect(cellOf('Health', { monitor })).toMatchObject({ text: 'SecretNotFound', more: 'Make it.' });
});
