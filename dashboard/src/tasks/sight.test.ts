import { describe, expect, it } from 'vitest';
import type { Task } from '../api/types';
import { makeTask } from '../testing/make';
import { append, feedOf, fold, lengthOf, release, type TaskFeed } from './feed';
import { isAway, keptOf } from './pages';
import { BEGINNING, bringBack, keptFromTop, letGo, wantedAgain } from './sight';

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

/** The same, as it is when its reader is at its end: pages 5 to 23 of 30 were let go. */
function deep(): TaskFeed {
  return letGo(scrolled(30), { first: 2980, last: 3000 });
}

const uuids = (feed: TaskFeed) => keptOf(feed.pages).map(({ uuid }) => uuid);

describe('a long list', () => {
  it('keeps all of what is not long', () => {
    const feed = scrolled(10);
    expect(letGo(feed, { first: 980, last: 1000 })).toBe(feed);
  });

  it('has in memory its beginning and the pages near the rows in sight, however long it is', () => {
    const kept = [30, 300].map((pages) => {
      const last = pages * PAGE;
      return uuids(letGo(scrolled(pages), { first: last - 20, last })).length;
    });
    expect(kept).toEqual([BEGINNING + 600, BEGINNING + 600]);
  });

  it('is as long as before', () => expect(lengthOf(deep())).toBe(3000));

  it('knows how many rows from its top on have no gap', () => {
    expect(keptFromTop(deep().pages)).toBe(BEGINNING);
    expect(keptFromTop(scrolled(10).pages)).toBe(1000);
  });

  it('is the same where nothing more is to be let go', () => {
    const feed = deep();
    expect(letGo(feed, { first: 2960, last: 3000 })).toBe(feed);
  });

  it('wants the page again whose rows come in sight, and no other', () => {
    expect(wantedAgain(deep(), { first: 1210, last: 1230 })).toMatchObject({ cursor: 'p12', count: PAGE });
    expect(wantedAgain(deep(), { first: 2980, last: 3000 })).toBeUndefined();
  });

  it('wants what is in sight before what is near', () =>
    expect(wantedAgain(deep(), { first: 1205, last: 1225 })?.cursor).toBe('p12'));

  it('is as it was when all that was let go is back', () => {
    let back = deep();
    for (let number = 5; number < 24; number += 1)
      back = bringBack(back, `p${number}`, {
        items: [...page(number), ...page(number + 1).slice(0, 20)],
        next_cursor: 'within the next',
      });
    expect(back).toEqual(scrolled(30));
  });

  it('leaves out what the server has no longer', () => {
    const answer = { items: [...page(5).slice(2), ...page(6).slice(0, 20)], next_cursor: 'within p6' };
    expect(lengthOf(bringBack(deep(), 'p5', answer))).toBe(2998);
  });

  it('takes in what came to the page meanwhile', () => {
    const late = makeTask({ uuid: 'late', received: 999_450 });
    const answer = { items: [late, ...page(5), ...page(6).slice(0, 19)], next_cursor: 'within p6' };
    const back = bringBack(deep(), 'p5', answer);
    expect(uuids(back)).toContain('late');
    expect(lengthOf(back)).toBe(3001);
  });

  it('ends a page after as many tasks as it had where the first of the next one is gone', () => {
    const answer = { items: [...page(5), ...page(6).slice(1, 21)], next_cursor: 'within p6' };
    expect(lengthOf(bringBack(deep(), 'p5', answer))).toBe(3000);
  });

  it('lists no task twice', () => {
    const moved = page(0).slice(0, 1);
    const answer = { items: [...moved, ...page(5).slice(1)], next_cursor: 'p6' };
    expect(lengthOf(bringBack(deep(), 'p5', answer))).toBe(2999);
  });

  it('asks on where a search had to stop within the page', () => {
    const back = bringBack(deep(), 'p5', { items: page(5).slice(0, 40), next_cursor: 'within' });
    expect(lengthOf(back)).toBe(3000);
    expect(wantedAgain(back, { first: 545, last: 546 })).toMatchObject({ cursor: 'within', count: 60 });
  });

  it('has no more of a page than the server has', () =>
    expect(lengthOf(bringBack(deep(), 'p5', { items: [], next_cursor: null }))).toBe(2900));

  it('takes new rows above, and leaves changes of what was let go to the page that comes back', () => {
    const feed = deep();
    const changed = makeTask({ uuid: 't700', received: 999_300, state: 'FAILURE' });
    const fresh = makeTask({ uuid: 'new', received: 1_000_001 });
    const live = release(fold(feed, { items: [changed, fresh], truncated: false }, {}, 2_000_000));
    expect(uuids(live)).toEqual(['new', ...uuids(feed)]);
  });

  it('takes changes of what is in memory', () => {
    const changed = makeTask({ uuid: 't2900', received: 997_100, state: 'FAILURE' });
    const live = fold(deep(), { items: [changed], truncated: false }, {}, 2_000_000);
    expect(keptOf(live.pages)).toContain(changed);
    expect(live.pages.filter(isAway)).toHaveLength(19);
  });
});
