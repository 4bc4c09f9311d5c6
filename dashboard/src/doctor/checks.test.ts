import { describe, expect, it } from 'vitest';
import { inPlace, verdict } from './checks';
import type { Check, Status } from './types';

const make = (id: string, status: Status = 'ok'): Check => ({
  id,
  name: id,
  status,
  finding: 'It is so.',
  fix: null,
  since: null,
});

describe('what the doctor found', () => {
  it('is that all is well', () =>
    expect(verdict([make('a'), make('b', 'skipped')])).toEqual([{ tone: 'success', text: '1 check well' }]));

  it('begins with what failed', () =>
    expect(verdict([make('a', 'warning'), make('b', 'failed'), make('c')]).map(({ text }) => text)).toEqual([
      '1 check failed',
      '1 warning',
      '1 check well',
    ]));

  it('stays where it is when it changes', () =>
    expect(inPlace(['a', 'b'], [make('b', 'failed'), make('a')]).map(({ id }) => id)).toEqual(['a', 'b']));

  it('has new checks at its end', () =>
    expect(inPlace(['a'], [make('new', 'failed'), make('a')]).map(({ id }) => id)).toEqual(['a', 'new']));
});
