import { afterEach, expect, it } from 'vitest';
import { Preferences } from '../app/preferences';
import { keep, withKept } from './keptColumns';

const preferences = () => new Preferences(localStorage);

afterEach(() => localStorage.clear());

it('gives the next list the columns that were chosen', () => {
  keep({ columns: 'name.state', widths: 'name-300' }, preferences());
  const search = { state: ['FAILURE'] };
  expect(withKept(search, preferences())).toEqual({ ...search, columns: 'name.state', widths: 'name-300' });
});

it('leaves a link as it is that says which', () => {
  keep({ columns: 'name.state' }, preferences());
  expect(withKept({ columns: 'id' }, preferences())).toBeNull();
});

it('forgets them with the usual ones', () => {
  keep({ columns: 'name.state' }, preferences());
  keep({ columns: undefined }, preferences());
  expect(withKept({}, preferences())).toBeNull();
});

it('keeps nothing of what is no column', () => {
  keep({ search: 'pay' }, preferences());
  expect(withKept({}, preferences())).toBeNull();
});
