import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { applyTaskDelta, missedTaskDeltas, taskKeys } from '../tasks/live';
import { makeTask } from '../testing/make';
import { inOrder } from './columns';
import { cutName } from './paint';
import { isUnfinished, toneOfTask, wordOfTask } from './states';
import type { WorkflowTask } from './types';
import { fitted } from './zooming';

function task(uuid: string, state: string, verdict: string | null = null): WorkflowTask {
  const times = { sent: null, received: null, started: null, ended: null, runtime: null };
  return { uuid, name: 'shop.pack', state, parent_id: null, worker: null, retries: null, verdict, ...times };
}

describe('the table of a workflow', () => {
  it('has what went wrong first, then what is unfinished, each in the order of the workflow', () => {
    const states = ['SUCCESS', 'STARTED', 'FAILURE', 'REVOKED', 'PENDING', 'FAILURE'];
    const items = [...states.map((state, n) => task(String(n), state)), task('lost', 'STARTED', 'lost')];
    expect(inOrder(items).map(({ uuid }) => uuid)).toEqual(['2', '5', 'lost', '1', '4', '0', '3']);
  });
});

describe('the state of a task', () => {
  it.each([
    ['FAILURE', null, 'failure', 'Failure', false],
    ['REJECTED', null, 'revoked', 'Rejected', false],
    ['STARTED', 'running', 'started', 'Started', true],
    ['STARTED', 'lost', 'lost', 'Started, lost', false],
    ['PROGRESS', null, 'pending', 'Progress', true],
  ])('%s, found to be %s, is drawn as %s', (state, verdict, tone, word, unfinished) => {
    const one = task('t', state, verdict);
    expect([toneOfTask(one), wordOfTask(one), isUnfinished(one)]).toEqual([tone, word, unfinished]);
  });
});

describe('a name in the graph', () => {
  it.each([
    ['shop.pack', 20, 'shop.pack'],
    ['shop.orders.pack_parcel', 18, 'orders.pack_parcel'],
    ['shop.orders.pack_parcel', 12, 'pack_parcel'],
    ['shop.orders.pack_parcel', 6, '…arcel'],
    ['no_modules_at_all', 8, '…_at_all'],
  ])('%s in %d characters is %s', (name, characters, text) => expect(cutName(name, characters)).toBe(text));
});

describe('a view', () => {
  const size = { width: 832, height: 432 };

  it('shows all of a large graph', () =>
    expect(fitted({ x: 0, y: 0, width: 8000, height: 1000 }, size)).toEqual({ k: 0.1, left: 16, top: 166 }));

  it('shows a small one in the middle, no larger than it is', () =>
    expect(fitted({ x: 100, y: 0, width: 32, height: 32 }, size)).toEqual({ k: 1, left: 300, top: 200 }));
});

describe('a workflow that is looked at', () => {
  const old = (change: (queries: QueryClient) => void) => {
    const queries = new QueryClient();
    queries.setQueryData(taskKeys.workflow('root'), {});
    change(queries);
    return queries.getQueryState(taskKeys.workflow('root'))?.isInvalidated;
  };
  const delta =
    (root_id: string, truncated = false) =>
    (queries: QueryClient) =>
      applyTaskDelta(queries, { items: [makeTask({ uuid: 'a', root_id })], truncated }, 0);

  it('is old once one of its tasks changes', () => expect(old(delta('root'))).toBe(true));
  it('is not old when others change', () => expect(old(delta('other'))).toBe(false));
  it('is old when more changed than was told', () => expect(old(delta('other', true))).toBe(true));
  it('is old when changes may have been missed', () => expect(old(missedTaskDeltas)).toBe(true));
});
