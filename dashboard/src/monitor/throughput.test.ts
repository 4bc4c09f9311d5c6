import { describe, expect, it } from 'vitest';
import { lastHour, niceCeiling, stack } from './throughput';

const NOW = 36_000 + 30;
const minute = (at: number, succeeded: number) => ({
  minute: at,
  succeeded,
  failed: 0,
  retried: 0,
  revoked: 0,
});

describe('the last hour', () => {
  it('has sixty minutes without gaps, the newest last and unfinished', () => {
    const bars = lastHour([minute(36_000, 4), minute(35_880, 2)], NOW, 0);
    expect(bars).toHaveLength(60);
    expect(bars.slice(-3).map(({ total, unfinished }) => [total, unfinished])).toEqual([
      [2, false],
      [0, false],
      [4, true],
    ]);
  });

  it('tells not seen from nothing happened', () => {
    const bars = lastHour([], NOW, 35_950);
    expect(bars.slice(-3).map(({ unseen }) => unseen)).toEqual([true, false, false]);
  });

  it('counts minutes from before a restart, of which something is known, as seen', () => {
    expect(lastHour([minute(35_880, 2)], NOW, 36_000).at(-3)?.unseen).toBe(false);
  });
});

it.each([
  [0, 1],
  [1, 1],
  [105, 150],
  [150, 150],
  [160, 200],
  [9999, 10_000],
])('the scale for %d ends at %d', (value, top) => expect(niceCeiling(value)).toBe(top));

it('lays the series of a minute one upon the other', () => {
  const [bar] = lastHour([{ minute: 36_000, succeeded: 3, failed: 2, retried: 0, revoked: 1 }], NOW, 0).slice(
    -1,
  );
  expect(bar && stack(bar)).toEqual([
    { name: 'succeeded', from: 0, to: 3 },
    { name: 'failed', from: 3, to: 5 },
    { name: 'revoked', from: 5, to: 6 },
  ]);
});
