import { act, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { followed, usePreview } from './usePreview';

afterEach(() => vi.useRealTimers());

describe('the task that is looked at', () => {
  it('is the one in the address after a step back', () =>
    expect(followed({ id: 'b', known: 'b', sent: 'b' }, 'a').id).toBe('a'));

  it('stays where the reader is when the address follows late', () =>
    expect(followed({ id: 'c', known: 'a', sent: 'b' }, 'b').id).toBe('c'));

  it('is gone with the address', () =>
    expect(followed({ id: 'a', known: 'a', sent: 'a' }, undefined).id).toBeUndefined());

  it('is written into the address once for many that were passed', () => {
    vi.useFakeTimers();
    const write = vi.fn();
    const { result } = renderHook(() => usePreview('a', write));
    for (const id of ['b', 'c', 'd']) act(() => result.current.set(id));
    expect(result.current).toMatchObject({ id: 'd', settled: false });
    act(() => void vi.runAllTimers());
    expect(write).toHaveBeenCalledExactlyOnceWith('d', true);
    expect(result.current.settled).toBe(true);
  });

  it('is written at once where it is the first, and where it is left', () => {
    const write = vi.fn();
    const { result } = renderHook(() => usePreview(undefined, write));
    act(() => result.current.set('a'));
    act(() => result.current.set(undefined));
    expect(write.mock.calls).toEqual([
      ['a', false],
      [undefined, false],
    ]);
  });
});
