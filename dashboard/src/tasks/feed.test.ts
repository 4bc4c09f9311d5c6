import { describe, expect, it } from 'vitest';
import type { Task } from '../api/types';
import { makeTask } from '../testing/make';
import { append, feedOf, fold, mergeHead, nextStep, release, type TaskFeed } from './feed';
import type { TaskFilter } from './filter';
import { keptOf } from './pages';

const ALL: TaskFilter = {};
const NOW = 2000;

function task(uuid: string, received: number, known: Partial<Task> = {}): Task {
  return makeTask({ uuid, received, ...known });
}

/** c (1030), b (1020), a (1010), and more behind. */
function feed(): TaskFeed {
  return feedOf({ items: [task('c', 1030), task('b', 1020), task('a', 1010)], next_cursor: 'more' });
}

function delta(...items: Task[]) {
  return { items, truncated: false };
}

const listed = (list: TaskFeed) => keptOf(list.pages);
const ids = (tasks: readonly { readonly uuid: string }[]) => tasks.map(({ uuid }) => uuid).join('');

describe('fold', () => {
  it('replaces a listed task where it stands', () => {
    const folded = fold(feed(), delta(task('b', 1020, { state: 'FAILURE' })), ALL, NOW);
    expect(ids(listed(folded))).toBe('cba');
    expect(listed(folded)[1]?.state).toBe('FAILURE');
  });

  it('keeps every other row as the same object, so that it is not drawn again', () => {
    const before = feed();
    const folded = fold(before, delta(task('b', 1020, { state: 'FAILURE' })), ALL, NOW);
    expect(listed(folded)[0]).toBe(listed(before)[0]);
    expect(listed(folded)[2]).toBe(listed(before)[2]);
  });

  it('returns the same feed when nothing of it changed', () => {
    const before = feed();
    expect(fold(before, delta(), ALL, NOW)).toBe(before);
    expect(fold(before, delta(task('x', 1040)), { name: 'other' }, NOW)).toBe(before);
  });

  it('lets new tasks wait, newest first', () => {
    const folded = fold(feed(), delta(task('d', 1040), task('e', 1050)), ALL, NOW);
    expect(ids(listed(folded))).toBe('cba');
    expect(ids(folded.waiting)).toBe('ed');
  });

  it('replaces a waiting task rather than letting it wait twice', () => {
    const once = fold(feed(), delta(task('d', 1040, { state: 'STARTED' })), ALL, NOW);
    const twice = fold(once, delta(task('d', 1040)), ALL, NOW);
    expect(twice.waiting.map(({ uuid, state }) => uuid + state)).toEqual(['dSUCCESS']);
  });

  it('keeps a listed task that the filter no longer matches: nothing vanishes under a reader', () => {
    const folded = fold(feed(), delta(task('b', 1020, { state: 'FAILURE' })), { state: ['SUCCESS'] }, NOW);
    expect(ids(listed(folded))).toBe('cba');
  });

  it('does not take in a task of another state, name or worker', () => {
    const stranger = task('d', 1040, { state: 'FAILURE', name: 'n', worker: 'w' });
    for (const filter of [{ state: ['SUCCESS'] }, { name: 'other' }, { worker: 'other' }])
      expect(fold(feed(), delta(stranger), filter, NOW).waiting).toEqual([]);
  });

  it('does not take in a task from before the time range', () => {
    const filter = { range: '5m' };
    expect(fold(feed(), delta(task('d', 1040)), filter, 1041).waiting).toHaveLength(1);
    expect(fold(feed(), delta(task('d', 1040)), filter, 1341).waiting).toHaveLength(0);
  });

  it('leaves out a task that is older than the rows that are loaded: it comes with its page', () => {
    expect(fold(feed(), delta(task('0', 1000)), ALL, NOW).waiting).toEqual([]);
    const complete = { ...feed(), next: null };
    expect(ids(fold(complete, delta(task('0', 1000)), ALL, NOW).waiting)).toBe('0');
  });

  it('asks the server where it cannot tell itself whether a search matches', () => {
    const folded = fold(feed(), delta(task('d', 1040)), { search: 'x' }, NOW);
    expect(folded).toMatchObject({ headWanted: true, waiting: [] });
  });

  it('asks the server when the delta does not hold everything', () => {
    expect(fold(feed(), { items: [], truncated: true }, ALL, NOW).headWanted).toBe(true);
  });

  it('does not put new tasks into an order that is not by time, but says that there are some', () => {
    const folded = fold(feed(), delta(task('d', 1040)), { sort: '-runtime' }, NOW);
    expect(folded).toMatchObject({ outdated: true, waiting: [] });
  });

  it('keeps a bounded number waiting', () => {
    const many = Array.from({ length: 500 }, (_, index) => task(`n${index}`, 1100 + index));
    const folded = fold(feed(), delta(...many), ALL, NOW);
    expect(folded.waiting).toHaveLength(200);
    expect(folded.outdated).toBe(true);
  });
});

describe('release', () => {
  it('puts the waiting tasks into their places', () => {
    const late = task('l', 1015, { state: 'FAILURE' });
    const folded = fold(feed(), delta(task('d', 1040), late), ALL, NOW);
    expect(ids(listed(release(folded)))).toBe('dcbla');
  });

  it('places a task that was only sent by when it was sent', () => {
    const folded = fold(feed(), delta(makeTask({ uuid: 's', received: null, sent: 1025 })), ALL, NOW);
    expect(ids(listed(release(folded)))).toBe('csba');
  });
});

describe('append', () => {
  it('adds the next page', () => {
    const longer = append(feed(), { items: [task('0', 1000)], next_cursor: null });
    expect([ids(listed(longer)), longer.next]).toEqual(['cba0', null]);
  });

  it('does not list a task twice that was listed meanwhile', () => {
    const longer = append(feed(), { items: [task('a', 1010), task('0', 1000)], next_cursor: null });
    expect(ids(listed(longer))).toBe('cba0');
  });
});

describe('mergeHead', () => {
  it('replaces what is known and lets the rest wait', () => {
    const items = [task('d', 1040), task('c', 1030, { state: 'FAILURE' })];
    const merged = mergeHead({ ...feed(), headWanted: true }, { items, next_cursor: 'x' }, ALL);
    expect(ids(merged.waiting)).toBe('d');
    expect(listed(merged)[0]?.state).toBe('FAILURE');
    expect(merged).toMatchObject({ headWanted: false, outdated: false });
  });

  it('finds that the list has fallen behind when none of the first rows is known', () => {
    const items = [task('z', 1090), task('y', 1080)];
    expect(mergeHead(feed(), { items, next_cursor: 'x' }, ALL).outdated).toBe(true);
    expect(
      mergeHead(feedOf({ items: [], next_cursor: null }), { items, next_cursor: null }, ALL).outdated,
    ).toBe(false);
  });
});

describe('nextStep', () => {
  const waiting = fold(feed(), delta(task('d', 1040)), ALL, NOW);

  it('releases what waits', () => expect(nextStep(waiting, ALL)).toBe('release'));
  it('does nothing where nothing waits', () => expect(nextStep(feed(), ALL)).toBe('nothing'));
  it('asks for an outdated list anew', () =>
    expect(nextStep({ ...waiting, outdated: true }, ALL)).toBe('reload'));
  it('leaves any other order to the reader', () =>
    expect(nextStep({ ...waiting, outdated: true }, { sort: 'name' })).toBe('nothing'));
  it('starts anew rather than growing without end', () => {
    const rows = Array.from({ length: 1001 }, (_, index) => task(`r${index}`, 900 - index));
    expect(nextStep({ ...waiting, pages: [{ cursor: null, tasks: rows }] }, ALL)).toBe('reload');
  });
});
