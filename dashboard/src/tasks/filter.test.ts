import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parseSearch, stringifySearch } from '../app/search';
import { makeTask } from '../testing/make';
import { conditions, matches, runningLast, type TaskFilter, taskSearch, toQuery } from './filter';

const read = (text: string) => v.parse(taskSearch, parseSearch(text));

describe('the URL of the task list', () => {
  it('says the filter as the API does', () => {
    expect(read('?state=FAILURE&state=RETRY&name=a.b&range=1h&sort=-runtime')).toEqual({
      state: ['FAILURE', 'RETRY'],
      name: 'a.b',
      range: '1h',
      sort: '-runtime',
    });
  });

  it('is the same after it was read and written', () => {
    const text = '?state=FAILURE&state=RETRY&worker=celery%40a%2Fb&search=%22x+y%22';
    expect(stringifySearch(read(text))).toBe(text);
  });

  it('reads a single state as a list', () => expect(read('?state=FAILURE').state).toEqual(['FAILURE']));

  it.each([
    '?sort=nonsense',
    '?range=12y',
    '?name=',
    '?unknown=1',
    '?name=a&name=b',
    '?from=yesterday',
    '?columns=',
  ])('drops what it does not understand: %s', (text) => expect(conditions(read(text))).toBe(0));

  it('keeps numbers and booleans as the texts they were', () =>
    expect(read('?search=12345&name=true')).toEqual({ search: '12345', name: 'true' }));
});

describe('the request', () => {
  it('has a time for a relative range', () =>
    expect(toQuery({ range: '1h' }, 10_000.7)).toMatchObject({ received_start: 6400 }));
  it("has the two moments of a range of one's own", () =>
    expect(
      toQuery(read('?range=between&from=2026-11-21T14:00:00Z&to=2026-11-21T15:00:00Z'), 0),
    ).toMatchObject({ received_start: 1_795_269_600, received_end: 1_795_273_200 }));
  it("asks the search box in the server's language", () =>
    expect(toQuery({ search: 'state:RETRY' }, 0)).toMatchObject({ query: 'state:RETRY' }));
  it.each([
    ['-runtime', 'started'],
    ['runtime', '-started'],
    ['name', 'name'],
  ] as const)('for running tasks by %s is for %s: they have no run time yet', (sort, asked) =>
    expect(toQuery({ state: ['STARTED'], sort }, 0)).toMatchObject({ sort: asked }),
  );
  it('for tasks that ended too is by the run time itself', () =>
    expect(toQuery({ state: ['STARTED', 'SUCCESS'], sort: '-runtime' }, 0)).toMatchObject({
      sort: '-runtime',
    }));
  it.each<[TaskFilter, boolean]>([
    [{ sort: '-runtime' }, true],
    [{ sort: '-runtime', state: ['STARTED', 'SUCCESS'] }, true],
    [{ sort: '-runtime', state: ['STARTED'] }, false],
    [{ sort: '-runtime', state: ['SUCCESS'] }, false],
    [{ sort: '-received' }, false],
  ])('of %o has running tasks last: %s', (filter, last) => expect(runningLast(filter)).toBe(last));
  it('is sorted newest first unless said otherwise', () =>
    expect(toQuery({}, 0)).toMatchObject({ sort: '-received' }));
});

describe('a task that comes while a range is listed', () => {
  const waiting = (sent: number) => makeTask({ uuid: 'a', state: 'PENDING', received: null, sent });
  it('belongs to it by when it was sent, before a worker has it', () =>
    expect(matches({ range: '1h' }, waiting(9_000), 10_000)).toBe(true));
  it('does not where it was sent before', () =>
    expect(matches({ range: '1h' }, waiting(5_000), 10_000)).toBe(false));
});
