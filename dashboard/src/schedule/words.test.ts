import { describe, expect, it } from 'vitest';
import type { Entry } from './types';
import { inOrder, whenWords } from './words';

const make = (name: string, known: Partial<Entry> = {}): Entry => ({
  name,
  task: 'shop.clean',
  raw: '<raw>',
  every: null,
  crontab: null,
  args: '()',
  kwargs: '{}',
  queue: null,
  last: null,
  shared: false,
  next: null,
  missed: false,
  ...known,
});

describe('a schedule in words', () => {
  it('is an interval', () => expect(whenWords(make('a', { every: 90 }))).toBe('every 1 min 30 s'));

  it.each([
    ['* * * * *', 'every minute'],
    ['*/5 * * * *', 'every 5 minutes'],
    ['7 * * * *', 'every hour at minute 7'],
    ['30 4 * * *', 'every day at 04:30'],
    ['0 6 mon-fri * *', 'at 06:00 on mon-fri'],
    ['0 6 * 1 *', 'minute 0, hour 6, weekday *, day 1, month *'],
  ])('%s is %s', (fields, words) => expect(whenWords(make('a', { crontab: fields.split(' ') }))).toBe(words));

  it('is what Celery writes where only the app knows', () => expect(whenWords(make('a'))).toBe('<raw>'));
});

it('shows missed entries first, then those that are due', () => {
  const entries = [
    make('never'),
    make('late', { next: 9 }),
    make('soon', { next: 5 }),
    make('missed', { missed: true, next: 7 }),
  ];
  expect(inOrder(entries).map(({ name }) => name)).toEqual(['missed', 'soon', 'late', 'never']);
});
