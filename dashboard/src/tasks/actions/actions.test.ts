import { describe, expect, it } from 'vitest';
import { ApiError, isLoggedOut } from '../../api/client';
import { bodyOf, type TaskCall } from '../api';
import { draftOf, hindrances, secondRun, wrongOf } from './calls';
import { pointless } from './ending';
import { inTurns, unlessLoggedOut } from './inTurns';

const CALL: TaskCall = {
  uuid: 'u',
  name: 'shop.pay',
  queue: null,
  args: '[1]',
  kwargs: null,
  doubts: [
    { field: 'queue', why: 'not told' },
    { field: 'kwargs', why: 'cut' },
  ],
};

describe('a task to be sent again', () => {
  it('keeps every digit of its numbers', () =>
    expect(bodyOf({ name: 'a', queue: 'q', args: '[12345678901234567890]', kwargs: '{}' })).toBe(
      '{"name": "a", "args": [12345678901234567890], "kwargs": {}, "queue": "q"}',
    ));
  it('must have what is not known filled in', () =>
    expect(Object.keys(wrongOf(draftOf({ ...CALL, name: null })))).toEqual(['name', 'kwargs']));
  it.each([
    ['{"a": 1}', '{}', ['args']],
    ['[1,]', '{}', ['args']],
    ['[]', '[]', ['kwargs']],
    ['[]', 'null', ['kwargs']],
    ['[]', '{}', []],
  ])('takes %s and %s', (args, kwargs, wrong) =>
    expect(Object.keys(wrongOf({ name: 'a', queue: '', args, kwargs }))).toEqual(wrong),
  );
  it('is kept back by what is in doubt', () =>
    expect(hindrances(CALL, '').map(({ field }) => field)).toEqual(['queue', 'kwargs']));
  it('needs no known queue where somebody gives one', () =>
    expect(hindrances(CALL, 'mail').map(({ field }) => field)).toEqual(['kwargs']));
  it.each(['SUCCESS', 'FAILURE', 'STARTED', 'REVOKED'])('says what that means after %s', (state) =>
    expect(secondRun(state)).toMatch(/^This task/),
  );
});

describe('ways to end a task', () => {
  it.each([
    ['revoke', 'RECEIVED', true],
    ['revoke', 'STARTED', true],
    ['revoke', 'SUCCESS', false],
    ['revoke', 'REVOKED', false],
    ['terminate', 'RECEIVED', false],
    ['terminate', 'STARTED', true],
    ['terminate', 'PROGRESS', true],
    ['abort', 'STARTED', true],
    ['abort', 'FAILURE', false],
  ] as const)('%s of a task that is %s: %s', (kind, state, possible) =>
    expect(pointless(kind, state, true) === null).toBe(possible),
  );
  it('need a result backend to abort', () =>
    expect(pointless('abort', 'STARTED', false)).toMatch(/result-backend/));
});

describe('things done in turns', () => {
  it('come in their order, whichever is done first', async () => {
    const done = await inTurns(
      [30, 1, 10],
      2,
      (wait) => new Promise((end) => setTimeout(() => end(wait), wait)),
    );
    expect(done.map(({ value }) => value)).toEqual([30, 1, 10]);
  });
  it('go on where one fails', async () => {
    const done = await inTurns(['a', 'b'], 1, (item) =>
      item === 'a' ? Promise.reject(new Error('no')) : Promise.resolve(item),
    );
    expect(done).toEqual([
      { item: 'a', error: new Error('no') },
      { item: 'b', value: 'b' },
    ]);
  });
  it('are never more at a time than said', async () => {
    let now = 0;
    let most = 0;
    await inTurns([1, 2, 3, 4, 5], 2, async () => {
      most = Math.max(most, ++now);
      await Promise.resolve();
      now -= 1;
    });
    expect(most).toBe(2);
  });
});

it('begins nothing more once the login has ended, and stops for nothing else', async () => {
  const begun: number[] = [];
  const work = unlessLoggedOut((item: number) => {
    begun.push(item);
    const status = item === 3 ? 401 : 409;
    return item === 1
      ? Promise.resolve('sent')
      : Promise.reject(new ApiError({ title: '', detail: 'no', status }));
  });
  const done = await inTurns([1, 2, 3, 4, 5], 1, work);
  expect(begun).toEqual([1, 2, 3]);
  expect(done.filter(({ error }) => isLoggedOut(error)).map(({ item }) => item)).toEqual([3, 4, 5]);
});
