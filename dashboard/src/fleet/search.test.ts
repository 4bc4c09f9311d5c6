import { describe, expect, it } from 'vitest';
import { marked, pairOf } from './search';

describe('what is marked', () => {
  it('is at most two, the last ones', () => {
    expect(marked(['t/one', 't/two', 't/three'])).toEqual({ a: 't/two', b: 't/three' });
    expect(marked(['t/one'])).toEqual({ a: 't/one', b: undefined });
    expect(marked([])).toEqual({ a: undefined, b: undefined });
  });

  it('is one where an address names it twice', () =>
    expect(pairOf({ a: 't/one', b: 't/one' })).toEqual(['t/one']));

  it('is read from an address that has the second only', () =>
    expect(pairOf({ a: undefined, b: 't/two' })).toEqual(['t/two']));
});
