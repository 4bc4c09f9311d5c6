import { describe, expect, it } from 'vitest';
import { makeHistory } from '../../testing/history';
import { readHistory, readQueues } from './answers';

describe('what a monitor answers', () => {
  it('is taken as it is', () => expect(readHistory(makeHistory())).toEqual(makeHistory()));

  it('may have more than this fleet knows', () =>
    expect(readHistory({ ...makeHistory(), news: 1 })).toEqual(makeHistory()));

  it.each([
    ['nothing', null, /the answer/],
    ['a number as text', { ...makeHistory(), created: '<b>' }, /created/],
    ['no step', { ...makeHistory(), step: 0 }, /step/],
    [
      'a point without counts',
      { ...makeHistory(), points: [{ start: 1, times: null }] },
      /points\.0\.counts/,
    ],
  ])('is refused with the field that is wrong: %s', (_, answer, where) =>
    expect(() => readHistory(answer)).toThrow(where),
  );

  it('of queues is what is compared, and no more', () => {
    const queue = { name: 'celery', ready: 3, oldest_age: null, growth: null };
    expect(readQueues({ items: [{ ...queue, consumers: 2 }], truncated: false })).toEqual([queue]);
  });
});
