import { expect, it } from 'vitest';
import { backoff } from './backoff';

it('doubles from half a second', () =>
  expect([1, 2, 3, 4].map((failures) => backoff(failures, () => 1))).toEqual([500, 1000, 2000, 4000]));

it('never waits longer than 15 seconds', () => expect(backoff(1000, () => 1)).toBe(15_000));

it('spreads over the upper half', () => expect(backoff(3, () => 0)).toBe(1000));
