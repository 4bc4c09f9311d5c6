import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAsked } from '../app/useAsked';
import { ApiError } from '../api/client';
import type { Task, TaskDetail } from '../api/types';
import { Empty, Failure, Skeleton } from '../components/States';
import { taskQuery } from '../monitor/queries';

interface KnownTaskProps {
  readonly uuid: string;
  /** What is known of it already: shown until the rest has come. */
  readonly row?: Task | undefined;
  /** Not asked for yet where false. */
  readonly wanted?: boolean;
  readonly children: (task: TaskDetail) => ReactNode;
}

/** A task, live; or why it can't be shown. */
export function KnownTask({ uuid, row, wanted = true, children }: KnownTaskProps) {
  const { data, error, refetch } = useAsked({
    ...taskQuery(uuid),
    enabled: wanted,
    ...(row && { placeholderData: detailOf(row) }),
  });
  if (data !== undefined) return children(data);
  if (error instanceof ApiError && error.status === 404)
    return (
      <Empty
        title="This task is not known"
        why="The monitor keeps no task with this id: none of its events was seen, or it was removed by the retention."
        action={
          <Link to="/tasks" className="button">
            All tasks
          </Link>
        }
      />
    );
  if (error) return <Failure what="The task" error={error} retry={() => void refetch()} />;
  return <Skeleton rows={8} label="the task" />;
}

/** What a row of the list tells of a task. */
function detailOf(row: Task): TaskDetail {
  return { ...row, traceback: null, history: [], children: [], progress: null };
}
