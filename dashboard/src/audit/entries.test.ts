import { describe, expect, it } from 'vitest';
import { actionText, type AuditEntry, chosen } from './entries';

const entry = (known: Partial<AuditEntry>): AuditEntry => ({
  id: 1,
  at: 1,
  user: 'ann',
  role: 'admin',
  address: '10.0.0.7',
  method: 'POST',
  path: '/api/worker/shutdown/w1@host',
  detail: '',
  status: 200,
  outcome: '',
  ...known,
});

describe('the audit', () => {
  const entries = [entry({}), entry({ id: 2, user: 'bob', status: 403 })];
  const ids = (search: Parameters<typeof chosen>[1]) => chosen(entries, search).map(({ id }) => id);

  it('shows all without a filter', () => expect(ids({})).toEqual([1, 2]));

  it('tells what was done from what was refused', () => {
    expect(ids({ done: 'done' })).toEqual([1]);
    expect(ids({ done: 'refused' })).toEqual([2]);
  });

  it('finds entries that have each word somewhere', () => {
    expect(ids({ search: 'BOB w1@' })).toEqual([2]);
    expect(ids({ search: 'bob w2' })).toEqual([]);
  });
});

it.each([
  ['POST', '/api/worker/shutdown/w1@host', 'Shut down w1@host'],
  ['PUT', '/api/v1/workers/w1@host/pool', 'Set the pool size of w1@host'],
  ['POST', '/api/v1/tasks/abc/revoke', 'Revoke abc'],
  ['POST', '/api/task/revoke/abc', 'Revoke abc'],
  ['POST', '/api/v1/queues/a/b/purge', 'Purge a/b'],
  ['DELETE', '/api/v1/something', 'DELETE /api/v1/something'],
])('says %s %s in words', (method, path, words) => expect(actionText({ method, path })).toBe(words));
