import { expect, it } from 'vitest';
import { ownOf } from './own';

it('leaves what attempts tell to them', () =>
  expect(ownOf([{ type: 'task-started', timestamp: 1, worker: 'w', fields: null }])).toEqual([]));

it('names an event by its own word', () =>
  expect(ownOf([{ type: 'task-half-done', timestamp: 1, worker: null, fields: null }])).toEqual([
    { word: 'Half done', timestamp: 1, told: '' },
  ]));

it('says what an event told', () => {
  const fields = { current: 3, total: 10, note: 'so far', done: [1] };
  const [own] = ownOf([{ type: 'task-progress', timestamp: 1, worker: 'w', fields }]);
  expect(own?.told).toBe('current: 3, total: 10, note: so far, done: [1]');
});

it('has the newest first', () => {
  const at = (timestamp: number) => ({ type: 'task-progress', timestamp, worker: 'w', fields: null });
  expect(ownOf([at(1), at(2)]).map(({ timestamp }) => timestamp)).toEqual([2, 1]);
});
