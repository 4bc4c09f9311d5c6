import { beforeEach, describe, expect, it } from 'vitest';
import { parseSearch } from '../app/search';
import * as v from 'valibot';
import { conditions, taskSearch } from './filter';
import { COMMON, readViews, saved, writeViews } from './views';

beforeEach(() => localStorage.clear());

describe('saved views', () => {
  it('are there the next time', () => {
    writeViews(localStorage, saved([], 'Mine', '?state=RETRY'));
    expect(readViews(localStorage)).toEqual([{ name: 'Mine', search: '?state=RETRY' }]);
  });
  it('take the place of one with the same name', () =>
    expect(saved([{ name: 'Mine', search: '?a=1' }], ' Mine ', '?a=2')).toEqual([
      { name: 'Mine', search: '?a=2' },
    ]));
  it('leave out what is marked or looked at', () =>
    expect(saved([], 'x', '?selected=1&state=RETRY&selected=2&preview=1')[0]?.search).toBe('?state=RETRY'));
  it.each(['nonsense', '{"name": 1}', '[{"name": "x"}]'])('are none where %s is stored', (text) => {
    localStorage.setItem('flower.views', text);
    expect(readViews(localStorage)).toEqual([]);
  });
  it('say that they can not be kept where there is no storage', () =>
    expect(writeViews(null, [])).toBe(false));
});

it.each(COMMON)('the view $name is understood by the list', ({ search }) => {
  const read = v.parse(taskSearch, parseSearch(search));
  expect(conditions(read) > 0 || read.sort !== undefined).toBe(true);
});
