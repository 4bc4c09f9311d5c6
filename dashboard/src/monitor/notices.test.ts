import { describe, expect, it } from 'vitest';
import type { Notice } from '../api/types';
import { begin, bringIn, close, follow } from './notices';

const make = (code: string, message = code): Notice => ({
  code,
  severity: 'warning',
  message,
  fix: 'Mend it.',
});
const [one, two] = [make('one'), make('two')];

describe('the notices of a page', () => {
  it('are all in place at first', () => {
    expect(begin([one, two]).placed.map(({ notice }) => notice.code)).toEqual(['one', 'two']);
  });

  it('lets a later one wait', () => {
    const notices = follow(begin([one]), [one, two]);
    expect(notices.placed).toHaveLength(1);
    expect(notices.waiting).toEqual([two]);
  });

  it('brings in what waits when asked', () => {
    const notices = bringIn(follow(begin([one]), [one, two]));
    expect(notices.placed.map(({ notice }) => notice.code)).toEqual(['one', 'two']);
    expect(notices.waiting).toEqual([]);
  });

  it('changes the words of one in its place', () => {
    const notices = follow(begin([one]), [make('one', 'two workers now')]);
    expect(notices.placed[0]?.notice.message).toBe('two workers now');
    expect(notices.waiting).toEqual([]);
  });

  it('keeps one that ended, and says so', () => {
    expect(follow(begin([one]), []).placed).toEqual([{ notice: one, over: true }]);
  });

  it('does not bring back what was closed while the monitor still gives it', () => {
    const notices = follow(close(begin([one]), 'one'), [one]);
    expect([notices.placed, notices.waiting]).toEqual([[], []]);
  });

  it('lets one that was closed and ended come back', () => {
    const ended = follow(close(begin([one]), 'one'), []);
    expect(follow(ended, [one]).waiting).toEqual([one]);
  });
});
