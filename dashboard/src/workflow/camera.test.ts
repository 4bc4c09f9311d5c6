import { describe, expect, it } from 'vitest';
import { partFrom, partOf, partText, viewOf } from './camera';

const SIZE = { width: 800, height: 400 };
const VIEW = { k: 0.5, left: -100, top: 20 };

describe('the part of a graph that is in view', () => {
  it('is a rectangle of the graph', () =>
    expect(partOf(VIEW, SIZE)).toEqual({ x: 200, y: -40, width: 1600, height: 800 }));

  it('is the same view again where the page is as large', () =>
    expect(viewOf(partOf(VIEW, SIZE), SIZE)).toEqual(VIEW));

  it('is all in view on a smaller page, in its middle', () =>
    expect(viewOf(partOf(VIEW, SIZE), { width: 400, height: 400 })).toEqual({
      k: 0.25,
      left: -50,
      top: 110,
    }));

  it('is magnified no more than a reader can', () =>
    expect(viewOf({ x: 0, y: 0, width: 4, height: 4 }, SIZE).k).toBe(2.5));
});

describe('a part in the URL', () => {
  it('is what it was, in whole units', () => {
    const text = partText({ x: 200.4, y: -40.2, width: 1600, height: 799.6 });
    expect(text).toBe('200.-40.1600.800');
    expect(partFrom(text)).toEqual({ x: 200, y: -40, width: 1600, height: 800 });
  });

  it.each([
    undefined,
    '',
    '1.2.3',
    '1.2.0.4',
    '1.2.-3.4',
    '1.2.3.4.5',
    'a.b.c.d',
    '1e9.0.1.1',
    '1.2.3.9999999999',
  ])('%s is none', (text) => expect(partFrom(text)).toBeNull());
});
