import { describe, expect, it } from 'vitest';
import { frozen, LEAST, MOST, sizeByKey, sizesOf, sizesText, without } from './columnSizes';

const KNOWN = ['name', 'args', 'id'];

describe('widths in the URL', () => {
  it('are pixels by column', () =>
    expect(sizesOf('name-300.args-220', KNOWN)).toEqual({ name: 300, args: 220 }));
  it.each([undefined, '', 'name', 'name-wide', 'name--5', 'colour-300', '-300', 'name-1e3'])(
    'are none of %s',
    (text) => expect(sizesOf(text, KNOWN)).toEqual({}),
  );
  it('leave every column to be grasped', () =>
    expect(sizesOf('name-0.args-99999', KNOWN)).toEqual({ name: LEAST, args: MOST }));
  it('are read as they were written', () =>
    expect(sizesOf(sizesText({ name: 300.4, id: 60 }), KNOWN)).toEqual({ name: 300, id: 60 }));
  it('are not said where there are none', () => expect(sizesText({})).toBeUndefined());
});

describe('an edge that is moved', () => {
  const columns = [
    { id: 'name', grow: true },
    { id: 'state' },
    { id: 'args', grow: true },
    { id: 'outcome', grow: true },
  ];
  it('fixes the columns before it that would grow, and leaves those after it', () =>
    expect(frozen(columns, {}, 'args', () => 200.4)).toEqual({ name: 200, args: 200 }));
  it('leaves alone what has its size', () =>
    expect(frozen(columns, { name: 90 }, 'state', () => 116)).toEqual({ name: 90, state: 116 }));
});

describe('the keys of an edge', () => {
  it.each([
    ['ArrowRight', false, 108],
    ['ArrowLeft', false, 92],
    ['ArrowRight', true, 140],
    ['Home', false, null],
    ['Enter', false, undefined],
  ])('%s (shift: %s)', (key, shift, width) => expect(sizeByKey(key, shift, 100)).toBe(width));
  it('stop where a column could not be grasped any more', () =>
    expect(sizeByKey('ArrowLeft', false, LEAST)).toBe(LEAST));
});

it('takes one width back', () => expect(without({ name: 90, id: 60 }, 'id')).toEqual({ name: 90 }));
