import { describe, expect, it } from 'vitest';
import type { WorkflowTask } from '../workflow/types';
import { siblingsOf, tieOf } from './siblings';

function member(uuid: string, known: Partial<WorkflowTask> = {}): WorkflowTask {
  return {
    uuid,
    name: 'shop.pack',
    state: 'SUCCESS',
    parent_id: 'root',
    worker: null,
    sent: null,
    received: null,
    started: null,
    ended: null,
    runtime: null,
    retries: null,
    verdict: null,
    ...known,
  };
}

const ROOT = member('root', { parent_id: null });
const ids = (tasks: readonly WorkflowTask[]) => tasks.map(({ uuid }) => uuid);

describe('siblings', () => {
  it('have the same parent', () =>
    expect(
      ids(
        siblingsOf({ uuid: 'a', parent_id: 'root', root_id: 'root' }, [
          ROOT,
          member('a'),
          member('b'),
          member('c', { parent_id: 'b' }),
        ]),
      ),
    ).toEqual(['b']));

  it('come with what went wrong first, then what is not done', () =>
    expect(
      ids(
        siblingsOf({ uuid: 'a', parent_id: 'root', root_id: 'root' }, [
          member('done'),
          member('runs', { state: 'STARTED' }),
          member('lost', { state: 'STARTED', verdict: 'lost' }),
          member('failed', { state: 'FAILURE' }),
        ]),
      ),
    ).toEqual(['lost', 'failed', 'runs', 'done']));

  it('without a known parent are those of the root without one, but not the root', () =>
    expect(
      ids(
        siblingsOf({ uuid: 'a', parent_id: null, root_id: 'root' }, [
          ROOT,
          member('b', { parent_id: null }),
          member('c'),
        ]),
      ),
    ).toEqual(['b']));

  it.each([
    [{ uuid: 'a', parent_id: 'p', root_id: 'r' }, 'parent'],
    [{ uuid: 'a', parent_id: null, root_id: 'r' }, 'root'],
    [{ uuid: 'r', parent_id: null, root_id: 'r' }, null],
    [{ uuid: 'a', parent_id: null, root_id: null }, null],
  ])('of %o are known by its %s', (task, tie) => expect(tieOf(task)).toBe(tie));
});
