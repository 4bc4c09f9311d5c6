import { describe, expect, it } from 'vitest';
import { makeFailure } from '../testing/history';
import { namesOf, placeText, sorted } from './order';

const RARE = makeFailure({ name: 'b', n: 1, first: 5, last: 9 });
const FREQUENT = makeFailure({ name: 'a', n: 7, first: 2, last: 8 });

describe('failures', () => {
  it('begin with the newest', () => expect(sorted([FREQUENT, RARE])).toEqual([RARE, FREQUENT]));

  it.each([
    ['-n', [FREQUENT, RARE]],
    ['n', [RARE, FREQUENT]],
    ['-first', [RARE, FREQUENT]],
    ['what', [FREQUENT, RARE]],
  ])('are sorted by %s', (sort, order) => expect(sorted([RARE, FREQUENT], sort)).toEqual(order));

  it('are told by the end of their path', () => {
    expect(placeText(RARE)).toBe('shop/orders.py:17 in place');
    expect(placeText({ ...RARE, place: null })).toBeNull();
  });

  it('are of tasks, each named once', () => {
    expect(namesOf([RARE, FREQUENT, RARE, { ...RARE, name: null }])).toEqual(['a', 'b']);
  });
});
