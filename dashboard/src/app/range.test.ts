import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { fixed, moved, rangeSearch, spanOf, spanText, wider, zoomed } from './range';

const NOW = 1_800_000_000;

describe('the range in the URL', () => {
  it('ends now where it is a word', () => {
    expect(spanOf({ range: '6h' }, '1h', NOW)).toEqual({ start: NOW - 21_600, end: NOW, word: '6h' });
  });

  it('stays where it is two times', () => {
    expect(spanOf({ start: '1000', end: '2000' }, '1h', NOW)).toEqual({ start: 1000, end: 2000, word: null });
  });

  it.each([{}, { start: '5' }, { start: '9', end: '5' }])('is the usual one for %o', (search) => {
    expect(spanOf(search, '1h', NOW).word).toBe('1h');
  });

  it('drops what it does not understand', () => {
    expect(v.parse(rangeSearch, { range: 'forever', start: 'soon', end: '-4' })).toEqual({});
  });
});

describe('moving', () => {
  const hour = spanOf(fixed(NOW - 7200, NOW - 3600), '1h', NOW);

  it('goes back by its length', () => {
    expect(moved(hour, -1, NOW)).toMatchObject({ start: String(NOW - 10_800), end: String(NOW - 7200) });
  });

  it('never goes past now', () => {
    expect(moved({ ...hour, start: NOW - 5000, end: NOW - 1400 }, 1, NOW)).toMatchObject({
      end: String(NOW),
    });
  });

  it('goes out to twice the length around the same middle', () => {
    expect(wider(hour, NOW)).toMatchObject({ start: String(NOW - 9000), end: String(NOW - 1800) });
  });

  it('goes out to 90 days at most', () => {
    const { start, end } = wider({ start: NOW - 7_000_000, end: NOW, word: null }, NOW);
    expect(Number(end) - Number(start)).toBe(7_776_000);
  });

  it('takes what was dragged over, five minutes at least', () => {
    expect(zoomed(1000, 4000, 60)).toMatchObject({ start: '1000', end: '4000' });
    expect(zoomed(1000, 1100, 60)).toMatchObject({ start: '900', end: '1200' });
  });

  it('takes a press for no drag', () => {
    expect(zoomed(1000, 1010, 60)).toBeNull();
  });
});

it('is told in words', () => {
  expect(spanText(spanOf({}, '24h', NOW), 'utc')).toBe('Last 24 hours');
  expect(spanText({ start: 0, end: 3600, word: null }, 'utc')).toBe('1970-01-01 00:00 to 01:00');
  expect(spanText({ start: 0, end: 90_000, word: null }, 'utc')).toBe('1970-01-01 00:00 to 1970-01-02 01:00');
});
