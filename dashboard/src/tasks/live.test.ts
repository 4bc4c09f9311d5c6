import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it, vi } from 'vitest';
import { feedOf } from './feed';
import { changeFeed, taskKeys } from './live';

const KEY = taskKeys.feed({});

describe('changeFeed', () => {
  /** A cache with one list, and who is told of what happens in it. */
  function cached() {
    const queries = new QueryClient();
    queries.setQueryData(KEY, feedOf({ items: [], next_cursor: 'more' }));
    const told = vi.fn();
    queries.getQueryCache().subscribe(told);
    return { queries, told };
  }

  it('changes the list of a filter', () => {
    const { queries, told } = cached();
    changeFeed(queries, KEY, (feed) => ({ ...feed, next: null }));
    expect(queries.getQueryData(KEY)).toMatchObject({ next: null });
    expect(told).toHaveBeenCalled();
  });

  it('tells nobody where the list stays the same', () => {
    const { queries, told } = cached();
    changeFeed(queries, KEY, (feed) => feed);
    expect(told).not.toHaveBeenCalled();
  });

  it('makes no list that is not there', () => {
    const { queries } = cached();
    const other = taskKeys.feed({ name: 'other' });
    changeFeed(queries, other, (feed) => feed);
    expect(queries.getQueryData(other)).toBeUndefined();
  });
});
