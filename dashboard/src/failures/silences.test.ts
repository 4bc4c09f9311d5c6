import { describe, expect, it } from 'vitest';
import { makeFailure, makeSilence } from '../testing/history';
import { apart, untilOf } from './silences';

const NOW = Date.parse('2026-11-28T12:00:00Z') / 1000;

describe('a silence ends', () => {
  it.each([
    ['1h', 3600],
    ['8h', 28_800],
    ['1d', 86_400],
    ['7d', 604_800],
  ])('after %s', (end, seconds) => expect(untilOf(end, '', 'utc', NOW)).toBe(NOW + seconds));

  it('at a chosen instant', () => expect(untilOf('chosen', '2026-11-28T12:30', 'utc', NOW)).toBe(NOW + 1800));

  it.each(['', '2026-11-28T12:00', '2027-03-28T12:00', 'soon'])('not at "%s"', (instant) =>
    expect(untilOf('chosen', instant, 'utc', NOW)).toBeNull(),
  );
});

describe('what is silenced', () => {
  const loud = makeFailure({ id: 'a' });
  const quiet = makeFailure({ id: 'b', silence: makeSilence({ id: 'b', until: 5 }) });

  it('is apart from the rest', () =>
    expect(apart([quiet, loud], [makeSilence({ id: 'b', until: 5 })], 1)).toEqual({
      loud: [loud],
      quiet: [{ silence: quiet.silence, group: quiet }],
    }));

  it('comes back by itself at the end', () =>
    expect(apart([quiet, loud], [], 5)).toEqual({ loud: [quiet, loud], quiet: [] }));

  it('is told though it does not fail now, that which ends first first', () => {
    const calm = makeSilence({ id: 'c', until: 4 });
    expect(apart([quiet], [calm], 1).quiet.map(({ silence }) => silence.id)).toEqual(['c', 'b']);
  });
});
