import { fireEvent, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { Me } from '../api/me';
import type { TaskDetail } from '../api/types';
import { Person } from '../monitor/Person';
import { makeMe, makeTask } from '../testing/make';
import { renderPart } from '../testing/page';
import { resultQuery } from './api';
import { Outcome } from './actions/Outcome';
import { ConditionMenu } from './ConditionMenu';
import { Finding } from './Finding';
import { warning } from './actions/ending';
import { AttemptList } from './AttemptList';
import { Progress } from './Progress';
import { Reason } from './Reason';
import { TaskActions } from './TaskActions';
import { Texts } from './Texts';

function detail(known: Partial<TaskDetail> = {}): TaskDetail {
  return {
    ...makeTask({ uuid: 'one' }),
    traceback: null,
    history: [],
    children: [],
    progress: null,
    ...known,
  };
}

const as = (me: Partial<Me>) => [[['me'], makeMe(me)]] as const;
const off = () => screen.getAllByRole<HTMLButtonElement>('button').map((button) => button.disabled);

describe('the actions of a task', () => {
  it('are all there for a viewer, off, with who may', () => {
    renderPart(
      <TaskActions task={detail({ state: 'STARTED' })} />,
      as({ role: 'viewer', permissions: ['view'] }),
    );
    expect(off()).toEqual([true, true, true, true]);
    expect(screen.getByText(/It takes the role operator; your role is viewer/)).toBeVisible();
  });

  it('of one that runs can all be done by who may', () => {
    renderPart(<TaskActions task={detail({ state: 'STARTED' })} />, as({}));
    expect(off()).toEqual([false, false, false, false]);
  });

  it('of one that ended is to run it again', () => {
    renderPart(<TaskActions task={detail({ state: 'FAILURE' })} />, as({}));
    expect(off()).toEqual([true, true, true, false]);
    expect(screen.getByText(/revoke, terminate, abort.*The task has ended/)).toBeVisible();
  });

  it('do not begin where the monitor is read only', () => {
    renderPart(<TaskActions task={detail({ state: 'STARTED' })} />, as({ read_only: true }));
    expect(off()).toEqual([true, true, true, true]);
  });
});

describe('what there is to know before a task is ended', () => {
  const running = { state: 'STARTED', worker: 'w1@h' };
  it('is that revoking does not end one that runs', () =>
    expect(warning('revoke', running)).toMatch(/^w1@h runs it now.*terminate it\.$/));
  it('is that a pool of threads can’t', () =>
    expect(warning('terminate', running, 'thread')).toMatch(/can’t end/));
  it.each(['prefork', 'gevent', 'eventlet', undefined])('is nothing more with the pool %s', (pool) =>
    expect(warning('terminate', running, pool)).toBeNull(),
  );
});

describe('why a task failed', () => {
  it.each([
    ['FAILURE', /^It failed: KeyError/],
    ['RETRY', /^It is retried: KeyError/],
  ])('is said before all else in %s', (state, words) => {
    renderPart(<Reason task={detail({ state, exception: "KeyError('a')" })} />);
    expect(document.querySelector('.reason')).toHaveTextContent(words);
  });

  it('is said of one that expired', () => {
    const history = [{ type: 'task-revoked', timestamp: 1, worker: null, fields: { expired: true } }];
    renderPart(<Reason task={detail({ state: 'REVOKED', history })} />);
    expect(document.querySelector('.reason')).toHaveTextContent('It had expired');
  });

  it('is not said of one that succeeded after a retry', () => {
    renderPart(<Reason task={detail({ state: 'SUCCESS', exception: "KeyError('a')" })} />);
    expect(document.querySelector('.reason')).toBeNull();
  });
});

describe('a task that runs', () => {
  const started = { type: 'task-started', timestamp: 1, worker: null, fields: null };
  const running = { state: 'STARTED', started: 1, history: [started] };
  const verdict = (word: string) => ({ verdict: word, at: 2, why: 'w', evidence: [] }) as never;

  it('has not ended yet', () => {
    renderPart(<AttemptList task={detail(running)} />);
    expect(screen.getByText('not yet')).toBeVisible();
  });

  it('ended unseen where its worker was lost', () => {
    renderPart(<AttemptList task={detail({ ...running, verdict: verdict('lost') })} />);
    expect(screen.getByText('not seen')).toBeVisible();
  });

  it('has a process, which is no progress', () => {
    const told = { state: 'STARTED', result: null, meta: { pid: 42, hostname: 'w1@h' }, progress: null };
    renderPart(<Progress task={detail(running)} />, [
      [['me'], makeMe({ results: true })],
      [resultQuery('one').queryKey, told],
    ]);
    expect(screen.queryByRole('heading', { name: 'Progress' })).toBeNull();
    expect(screen.getByText(/^Process 42 of its worker/)).toBeVisible();
  });
});

describe('the answers of workers', () => {
  it('say who did it, who could not and who was silent', () => {
    const replies = { 'a@h': { ok: 'tasks revoked' }, 'b@h': { error: 'no such pool' } };
    renderPart(<Outcome answers={{ acknowledged: false, replies, silent: ['c@h'] }} />);
    for (const text of ['tasks revoked', 'no such pool', /did not answer in time/])
      expect(screen.getByText(text)).toBeVisible();
    expect(screen.getByText(/not all have done it: 2 workers answered, 1 did not/)).toBeVisible();
  });

  it('say that nobody heard it', () => {
    renderPart(<Outcome answers={{ acknowledged: false, replies: {}, silent: [] }} />);
    expect(screen.getByText('It was sent, and no worker answered.')).toBeVisible();
  });
});

describe('the texts of a task', () => {
  it('fold a long traceback until all of it is wanted', () => {
    const traceback = Array.from({ length: 10_000 }, (_, line) => `line ${line}`).join('\n');
    renderPart(<Texts task={detail({ traceback })} />);
    const code = screen.getByLabelText('Traceback');
    expect(code.textContent).not.toContain('line 5000');
    expect(code.textContent).toContain('line 9999');
    fireEvent.click(screen.getByText(/^Show all/));
    expect(code.textContent).toContain('line 5000');
  });

  it('say what the monitor cut, and what Celery did', () => {
    renderPart(<Texts task={detail({ args: "('aaa…", cut: { args: 12 }, kwargs: "{'a': 'bbb...'}" })} />);
    expect(screen.getByText(/12 characters were cut off/)).toBeVisible();
    expect(screen.getByText(/Celery shortens what it tells/)).toBeVisible();
  });
});

describe('the builder of conditions', () => {
  it('adds one to those that there are', async () => {
    const told = vi.fn<(query: string) => void>();
    const known = { names: [], workers: [], states: [] };
    renderPart(<ConditionMenu query="one OR two" known={known} onChange={told} />);
    await userEvent.click(screen.getByRole('button', { name: 'Add a condition' }));
    fireEvent.change(await screen.findByLabelText('Where'), { target: { value: 'args' } });
    fireEvent.change(screen.getByLabelText('contains'), { target: { value: '(1, 2)' } });
    fireEvent.click(screen.getByText('Add it'));
    expect(told).toHaveBeenCalledExactlyOnceWith('(one OR two) args:"(1, 2)"');
  });
});

describe('who reads the page', () => {
  it('is named with the role', () => {
    renderPart(<Person />, as({ name: 'vic', role: 'viewer' }));
    expect(screen.getByRole('button', { name: 'Logged in as vic viewer' })).toBeVisible();
  });

  it('sees that nothing can be changed', () => {
    renderPart(<Person />, as({ read_only: true }));
    expect(screen.getByText('Read only')).toBeVisible();
  });

  it.each([
    [true, 'menuitem', 'Log out'],
    [false, 'menuitem', /close the browser/],
  ] as const)('has the way out (session: %s)', async (session, role, name) => {
    renderPart(<Person />, as({ session }));
    await userEvent.click(screen.getByRole('button', { name: /Logged in/ }));
    expect(await screen.findByRole(role, { name })).toBeVisible();
  });
});

describe('what was found out of an unfinished task', () => {
  it.each([
    ['running', true],
    ['finished', true],
    ['lost', false],
    ['unknown', false],
  ])('is calm of one that is %s: %s', (verdict, calm) => {
    renderPart(<Finding verdict={{ verdict, why: 'as it is', evidence: [], at: 1 }} />);
    expect(
      screen
        .getByText(/as it is/)
        .closest('.caution')
        ?.hasAttribute('data-calm'),
    ).toBe(calm);
  });
});
