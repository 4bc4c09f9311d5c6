import { describe, expect, it } from 'vitest';
import type { Task } from '../api/types';
import { isAway } from '../components/table';
import { makeTask } from '../testing/make';
import { append, feedOf, fold, release, type TaskFeed } from './feed';
import { bringBack, letGo, wantedAgain } from './sight';

const PAGE = 100;

/** The tasks of a page, newest first: the first of all has the highest number. */
function page(number: number): Task[] {
  return Array.from({ length: PAGE }, (_, index) => {
    const place = number * PAGE + index;
    return makeTask({ uuid: `t${place}`, received: 1_000_000 - place });
  });
}

/** A list that was scrolled through so many pages. */
function scrolled(pages: number): TaskFeed {
  let feed = feedOf({ items: page(0), next_cursor: 'p1' });
  for (let number = 1; number < pages; number += 1)
    feed = append(feed, { items: page(number), next_cursor: `p${number + 1}` });
  return feed;
}

const loaded = (feed: TaskFeed) => feed.rows.filter((row) => !isAway(row)).length;
const uuids = (feed: TaskFeed) => feed.rows.map(({ uuid }) => uuid);

describe('a long list', () => {
  it('keeps all of what is not long', () => {
    const feed = scrolled(10);
    expect(letGo(feed, { first: 980, last: 1000 })).toBe(feed);
  });

  it('has in memory its first page and what is near the rows in sight, however long it is', () => {
    const seen = [30, 300].map((pages) => {
      const last = pages * PAGE - 1;
      return loaded(letGo(scrolled(pages), { first: last - 20, last }));
    });
    expect(seen).toEqual([PAGE + 521, PAGE + 521]);
  });

  it('keeps the place and the id of each row', () => {
    const feed = scrolled(30);
    expect(uuids(letGo(feed, { first: 2980, last: 3000 }))).toEqual(uuids(feed));
  });

  it('wants the page again whose rows come in sight, and no other', () => {
    const feed = letGo(scrolled(30), { first: 2980, last: 3000 });
    expect(wantedAgain(feed, { first: 1210, last: 1230 })).toBe('p11');
    expect(wantedAgain(feed, { first: 2980, last: 3000 })).toBeUndefined();
  });

  it('is as it was when all that was let go is back', () => {
    const feed = scrolled(30);
    let back = letGo(feed, { first: 2980, last: 3000 });
    for (let number = 1; number < 30; number += 1)
      back = bringBack(back, `p${number}`, { items: page(number), next_cursor: `p${number + 1}` });
    expect(back.rows).toEqual(feed.rows);
  });

  it('leaves out what the server has no longer, and knows the page by the next one of it', () => {
    const feed = letGo(scrolled(30), { first: 2980, last: 3000 });
    const back = bringBack(feed, 'p5', { items: page(5).slice(2), next_cursor: 'p6' });
    expect(uuids(back)).toEqual(uuids(feed).filter((uuid) => uuid !== 't500' && uuid !== 't501'));
    expect(back.starts).toContainEqual({ cursor: 'p5', uuid: 't502' });
  });

  it('asks on where a search had to stop within the page', () => {
    const feed = letGo(scrolled(30), { first: 2980, last: 3000 });
    const back = bringBack(feed, 'p5', { items: page(5).slice(0, 40), next_cursor: 'within' });
    expect(uuids(back)).toEqual(uuids(feed));
    expect(wantedAgain(back, { first: 545, last: 546 })).toBe('within');
  });

  it('is at its end where the server has nothing more', () => {
    const feed = letGo(scrolled(30), { first: 2980, last: 3000 });
    const back = bringBack(feed, 'p5', { items: [], next_cursor: null });
    expect(back.rows.length).toBe(feed.rows.length - PAGE);
  });

  it('takes a change of a row that was let go, and new rows above it', () => {
    const feed = letGo(scrolled(30), { first: 2980, last: 3000 });
    const changed = makeTask({ uuid: 't700', received: 999_300, state: 'FAILURE' });
    const fresh = makeTask({ uuid: 'new', received: 1_000_001 });
    const live = release(fold(feed, { items: [changed, fresh], truncated: false }, {}, 2_000_000));
    expect(uuids(live)).toEqual(['new', ...uuids(feed)]);
    expect(live.rows[701]?.state).toBe('FAILURE');
  });
});
