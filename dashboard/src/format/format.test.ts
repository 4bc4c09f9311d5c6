import { describe, expect, it } from 'vitest';
import { bytes, compact, count, exact } from './number';
import { cutMiddle } from './text';
import { clock, duration, moment, relative } from './time';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [7.128, '7.13'],
    [999, '999'],
    [1234, '1.23k'],
    [12_400, '12.4k'],
    [999_499, '999k'],
    [999_500, '1M'],
    [1_500_000, '1.5M'],
    [-1234, '-1.23k'],
  ])('%d is shown with three digits as %s', (value, text) => expect(compact(value)).toBe(text));

  it.each([null, undefined, NaN, Infinity])('%s is unknown, never 0', (value) => {
    expect(compact(value)).toBe('–');
    expect(exact(value)).toBe('–');
    expect(bytes(value)).toBe('–');
  });

  it('shows bytes with their unit', () =>
    expect([bytes(340), bytes(12_400_000)]).toEqual(['340 B', '12.4 MB']));

  it('says one and many', () =>
    expect([count(1, 'worker'), count(0, 'worker'), count(2, 'reply', 'replies')]).toEqual([
      '1 worker',
      '0 workers',
      '2 replies',
    ]));
});

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [0.000_001, '< 0.01 ms'],
    [0.00034, '0.34 ms'],
    [0.34, '340 ms'],
    [0.9996, '1 s'],
    [1.2, '1.2 s'],
    [59.9, '59.9 s'],
    [59.96, '1 min'],
    [125, '2 min 5 s'],
    [3600, '1 h'],
    [11_045, '3 h 4 min'],
    [183_600, '2 d 3 h'],
  ])('%d seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

  it('of unknown length are unknown', () => expect(duration(null)).toBe('–'));
});

describe('times', () => {
  it.each([
    [1000, 'now'],
    [995, '5 s ago'],
    [1000 - 59.9, '59 s ago'],
    [820, '3 min ago'],
    [1000 - 7200, '2 h ago'],
    [1000 - 4 * 86_400, '4 d ago'],
    [1180, 'in 3 min'],
  ])('%d is said at 1000 as %s', (time, text) => expect(relative(time, 1000)).toBe(text));

  it('shows the exact moment in UTC', () =>
    expect(moment(1_795_269_897.1234, 'utc')).toBe('2026-11-21 14:04:57.123 UTC'));

  it('does not fail at a time that no calendar has', () => expect(moment(1e300, 'utc')).toBe('–'));

  it('shows hour and minute', () => expect(clock(1_795_269_897, 'utc')).toBe('14:04'));
});

describe('long texts', () => {
  it('are cut in their middle', () => expect(cutMiddle('0123456789abcdef', 7)).toBe('012…def'));
  it('stay whole when they fit', () => expect(cutMiddle('short', 7)).toBe('short'));
  it('are never cut within a character', () => expect(cutMiddle('😀😀😀😀😀', 3)).toBe('😀…😀'));
});
