import { describe, expect, it } from 'vitest';
import { columnsText, movedId, shownIds, toggledId, USUAL } from './columnIds';

const KNOWN = [...USUAL, 'retries'];

describe('columns in the URL', () => {
  it('are the usual ones where nothing is said', () => expect(shownIds(undefined, KNOWN)).toBe(USUAL));
  it('are those that are named, in that order', () =>
    expect(shownIds('retries.name', KNOWN)).toEqual(['retries', 'name']));
  it('leave out what there is not, and what comes twice', () =>
    expect(shownIds('name.colour.name', KNOWN)).toEqual(['name']));
  it('are the usual ones where none is known', () => expect(shownIds('colour', KNOWN)).toBe(USUAL));
  it('are not said where they are the usual ones', () => expect(columnsText(USUAL)).toBeUndefined());
});

describe('choosing columns', () => {
  it('puts a new one last', () => expect(toggledId(['a', 'b'], 'c')).toEqual(['a', 'b', 'c']));
  it('takes one away', () => expect(toggledId(['a', 'b'], 'a')).toEqual(['b']));
  it('keeps the last one', () => expect(toggledId(['a'], 'a')).toEqual(['a']));
  it('moves one', () => expect(movedId(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b']));
  it('moves none past an end', () => expect(movedId(['a', 'b'], 'a', -1)).toEqual(['a', 'b']));
});
