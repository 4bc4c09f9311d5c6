import { expect, it } from 'vitest';
import { ApiError } from '../api/client';
import { answerOf, refusalOf, type Told } from './answer';

const TOLD: Told = { message: 'Sent', acknowledged: true, replies: {}, silent: [] };

it('says what the worker answered', () => {
  expect(answerOf({ ...TOLD, replies: { 'w1@host': { ok: 'add consumer mail' } } })).toEqual({
    done: true,
    text: 'w1@host answered: add consumer mail',
  });
});

it('says who refused and who was silent', () => {
  const told = { ...TOLD, acknowledged: false, replies: { a: { error: 'no' } }, silent: ['b'] };
  expect(answerOf(told)).toMatchObject({ done: false });
  expect(answerOf(told).text).toMatch(/^a refused: no\. b did not answer/);
});

it('shows answers that are no text as they are', () => {
  expect(answerOf({ ...TOLD, replies: { a: { ok: { n: 1 } } } }).text).toBe('a answered: {"n":1}');
});

it('shows a refusal in the words of the server', () => {
  const problem = { title: 'Forbidden', status: 403, detail: 'it takes the role admin' };
  expect(refusalOf(new ApiError(problem))).toEqual({ done: false, text: 'it takes the role admin' });
});
