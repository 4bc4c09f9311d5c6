import { expect, it } from 'vitest';
import { stepsOf } from './history';

it('puts the events of a task in order and says how long each took', () => {
  const steps = stepsOf([
    { type: 'task-failed', timestamp: 12.5, worker: 'w' },
    { type: 'task-received', timestamp: 10, worker: 'w' },
    { type: 'task-started', timestamp: 11, worker: 'w' },
  ]);
  expect(steps.map(({ word, state, after }) => [word, state, after])).toEqual([
    ['Received', 'RECEIVED', null],
    ['Started', 'STARTED', 1],
    ['Failed', 'FAILURE', 1.5],
  ]);
});

it('shows an event that it does not know by its own word', () => {
  const [step] = stepsOf([{ type: 'task-half-done', timestamp: 1, worker: null }]);
  expect(step).toMatchObject({ word: 'Half done', state: 'HALF-DONE' });
});
