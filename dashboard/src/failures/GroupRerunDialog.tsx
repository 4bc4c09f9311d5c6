import { getJson } from '../api/client';
import { part } from '../api/send';
import type { Span } from '../app/range';
import { useAsked } from '../app/useAsked';
import { WaitingDialog } from '../components/WaitingDialog';
import { compact, count } from '../format/number';
import { BulkRerunDialog, MOST_AGAIN } from '../tasks/actions/BulkRerunDialog';
import type { FailureGroup, GroupTasks } from './types';

interface RerunProps {
  readonly group: FailureGroup;
  /** In which they were received. */
  readonly span: Span;
  readonly onClose: () => void;
}

/** Run the tasks of a group again: first they are looked up, then it is the same as for tasks that are marked. */
export function GroupRerunDialog({ group, span, onClose }: RerunProps) {
  const { data, error } = useAsked({
    queryKey: ['group', group.id, span.start, span.end],
    queryFn: ({ signal }) =>
      getJson<GroupTasks>(
        `api/v1/failures/${part(group.id)}/tasks`,
        { start: span.start, end: span.end, most: MOST_AGAIN },
        signal,
      ),
    staleTime: Infinity,
    gcTime: 0,
  });
  if (data !== undefined && data.items.length > 0)
    return <BulkRerunDialog uuids={data.items} note={<p>{noteOf(data)}</p>} onClose={onClose} />;
  return (
    <WaitingDialog title="Run them again?" onClose={onClose} error={error}>
      {data === undefined ? 'Looking for its tasks …' : 'None of its tasks is kept any more.'}
    </WaitingDialog>
  );
}

/** What is to be known of a group's tasks before they are sent again. */
export function noteOf({ n, items, more }: GroupTasks): string {
  const newest = items.length < n ? `The newest ${compact(items.length)} of them are sent at a time. ` : '';
  const older = more ? 'Older ones were not looked at: choose a shorter time to reach them. ' : '';
  return `${count(n, 'task')} failed like this in the chosen time. ${newest}${older}Those that somebody has sent again already are among them.`;
}
