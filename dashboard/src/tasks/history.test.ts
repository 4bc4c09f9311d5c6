import { expect, it } from 'vitest';
import { stepsOf } from './history';

it('puts the events of a task in order and says how long each took', () => {
  const steps = stepsOf([
    { type: 'task-failed', timestamp: 12.5, worker: 'w', fields: null },
    { type: 'task-received', timestamp: 10, worker: 'w', fields: null },
    { type: 'task-started', timestamp: 11, worker: 'w', fields: null },
  ]);
  expect(steps.map(({ word, state, after }) => [word, state, after])).toEqual([
    ['Received', 'RECEIVED', null],
    ['Started', 'STARTED', 1],
    ['Failed', 'FAILURE', 1.5],
  ]);
});

it('shows an event that it does not know by its own word', () => {
  const [step] = stepsOf([{ type: 'task-half-done', timestamp: 1, worker: null, fields: null }]);
  expect(step).toMatchObject({ word: 'Half done', state: 'HALF-DONE' });
});

it('says what a custom event told', () => {
  const [step] = stepsOf([
    {
      type: 'task-progress',
      timestamp: 1,
      worker: 'w',
      fields: { current: 3, total: 10, note: 'so far', done: [1] },
    },
  ]);
  expect(step?.told).toBe('current: 3, total: 10, note: so far, done: [1]');
});
