import { queryOptions } from '@tanstack/react-query';
import { getJson } from '../api/client';
import { part } from '../api/send';
import type { Task } from '../api/types';
import { isFailed, isUnfinished, toneOfTask } from '../workflow/states';
import type { Workflow, WorkflowTask } from '../workflow/types';
import { taskKeys } from './live';

/** Tasks of a workflow that are looked through for siblings: 100 kB of answer. */
export const LOOKED_THROUGH = 400;
/** Milliseconds after which a change of the workflow is asked for. */
const CHANGED = 5_000;

/** Of a workflow the tasks that were seen first. Its key is one of the workflow's: a change marks it as old, too. */
export const firstOfWorkflowQuery = (root: string) =>
  queryOptions({
    queryKey: [...taskKeys.workflow(root), LOOKED_THROUGH] as const,
    queryFn: ({ signal }) =>
      getJson<Workflow>(`api/v1/workflows/${part(root)}`, { limit: LOOKED_THROUGH }, signal),
    refetchInterval: ({ state }) => (state.isInvalidated ? CHANGED : false),
  });

/** What makes two tasks siblings: Celery's events tell parent and root, and of groups and chords nothing. */
export type Tie = 'parent' | 'root';

/** By what a task is known to have siblings; null: it may have none, or none can be known. */
export function tieOf({
  uuid,
  parent_id,
  root_id,
}: Pick<Task, 'uuid' | 'parent_id' | 'root_id'>): Tie | null {
  if (root_id === null || root_id === uuid) return null;
  return parent_id === null ? 'root' : 'parent';
}

/**
 * The others that came from the same task, those first that a person looks for: what went wrong, then what is not
 * done. Where the parent is not known, the others of the root of which it is not known either.
 */
export function siblingsOf(
  { uuid, parent_id, root_id }: Pick<Task, 'uuid' | 'parent_id' | 'root_id'>,
  items: readonly WorkflowTask[],
): readonly WorkflowTask[] {
  const others = items.filter(
    (other) => other.parent_id === parent_id && other.uuid !== uuid && other.uuid !== root_id,
  );
  return others.toSorted((one, other) => rank(one) - rank(other));
}

function rank(task: WorkflowTask): number {
  if (isFailed(toneOfTask(task))) return 0;
  return isUnfinished(task) ? 1 : 2;
}
