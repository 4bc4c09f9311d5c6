import { act, renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import { useHeld } from './acting';

it('a value stands still while it is held, and is the latest afterwards', () => {
  const { result, rerender } = renderHook(({ value, held }) => useHeld(value, held), {
    initialProps: { value: 1, held: false },
  });
  const seen: number[] = [];
  for (const props of [
    { value: 2, held: false },
    { value: 3, held: true },
    { value: 4, held: true },
    { value: 4, held: false },
  ]) {
    act(() => rerender(props));
    seen.push(result.current);
  }
  expect(seen).toEqual([2, 2, 2, 4]);
});
