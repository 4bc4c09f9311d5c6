import { expect, it } from 'vitest';
import { compared } from './compared';

const RUNS = { n: 100, p50: 1, p95: 5, p99: 9 };

it.each([
  [0.5, ''],
  [6, 'This one is longer than 95 % of them.'],
  [10, 'This one is longer than 99 % of them.'],
  [null, ''],
])('a run of %s s', (seconds, words) => expect(compared(seconds, RUNS)).toBe(words));

it('says nothing of a few runs', () => expect(compared(10, { ...RUNS, n: 5 })).toBe(''));
