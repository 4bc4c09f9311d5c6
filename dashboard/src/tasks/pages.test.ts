import { describe, expect, it } from 'vitest';
import { makeTask } from '../testing/make';
import { mapPages, type Page, pageAt, pagesOf, rowsOf } from './pages';

const [a, b, c] = ['a', 'b', 'c'].map((uuid, index) => makeTask({ uuid, received: 100 - index }));
const PAGES: readonly Page[] = [
  ...pagesOf(null, a && b ? [a, b] : []),
  { cursor: 'away', count: 3, first: 'gone', newest: 98.5 },
  ...pagesOf('last', c ? [c] : []),
];

describe('rows of pages', () => {
  const rows = rowsOf(PAGES);
  it('are all counted', () => expect(rows.length).toBe(6));
  it('are those in memory, and nothing in the places of the others', () =>
    expect([0, 1, 2, 3, 4, 5, 6].map((index) => rows.at(index))).toEqual([
      a,
      b,
      undefined,
      undefined,
      undefined,
      c,
      undefined,
    ]));
  it('are found where they stand', () => {
    expect(rows.findIndex(({ uuid }) => uuid === 'c')).toBe(5);
    expect(rows.findIndex(({ uuid }) => uuid === 'gone')).toBe(-1);
  });
});

describe('pages', () => {
  it('are none of an empty answer', () => expect(pagesOf('next', [])).toEqual([]));
  it('are known by the times of their tasks', () =>
    expect([200, 99, 98.2, 97, 1].map((place) => pageAt(PAGES, place))).toEqual([0, 0, 1, 2, 2]));
  it('are the same list where none was changed', () => expect(mapPages(PAGES, (page) => page)).toBe(PAGES));
});
