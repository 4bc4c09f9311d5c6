import { describe, expect, it } from 'vitest';
import { difference } from './difference';

describe('how the second is against the first', () => {
  it.each([
    [100, 112, true, '12 % more'],
    [100, 60, true, '40 % less'],
    [10, 31, true, '3.1 times'],
    [1000, 0.1, true, 'over 99 % less'],
    [0, 5, true, 'none at the first'],
    [5, 0, true, 'none at the second'],
    [0, 0, false, 'same'],
    [1000, 1004, false, 'same'],
    ['1.0', '1.0', false, 'same'],
    ['1.0', '1.1', true, 'differs'],
    [null, 3, false, 'not known of the first'],
    [3, null, false, 'not known of the second'],
    [null, null, false, ''],
  ])('%s and %s', (first, second, differs, text) =>
    expect(difference(first, second)).toEqual({ differs, text }),
  );
});
