import { useMutation } from '@tanstack/react-query';
import { address, getJson } from '../api/client';
import { useMe } from '../api/me';
import type { TaskDetail } from '../api/types';
import { CodeBlock } from '../components/Copy';
import { Refused } from '../components/Form';
import { exact } from '../format/number';
import type { TaskResult } from './api';

/** Characters that are shown: a browser stands still while it lays out millions. */
const SHOWN = 100_000;

/** The result as the backend has it, whole; asked for when somebody wants it: it may be large, and it is not stored. */
export function WholeResult({ task }: { readonly task: TaskDetail }) {
  const me = useMe();
  const path = `api/v1/tasks/${encodeURIComponent(task.uuid)}/result`;
  const read = useMutation({ mutationFn: () => getJson<TaskResult>(path) });
  if (me?.results !== true || (task.state !== 'SUCCESS' && task.state !== 'FAILURE')) return null;
  if (read.data === undefined)
    return (
      <section>
        <button type="button" className="button" disabled={read.isPending} onClick={() => read.mutate()}>
          {read.isPending ? 'Reading …' : 'Read the whole result'}
        </button>
        <Refused error={read.error} />
      </section>
    );
  const { state, result } = read.data;
  const text = typeof result === 'string' ? result : JSON.stringify(result, null, 2);
  return (
    <section>
      {state === 'PENDING' ? (
        <p className="usual" role="status">
          The result backend has nothing of this task: results are not kept (ignore_result), or have expired.
        </p>
      ) : (
        <>
          <CodeBlock label="The whole result, from the result backend" text={text.slice(0, SHOWN)} />
          {text.length > SHOWN && (
            <p className="usual">
              The first {exact(SHOWN)} of {exact(text.length)} characters are shown.{' '}
              <a href={address(path)} download={`${task.uuid}.json`}>
                Download all of it
              </a>
            </p>
          )}
        </>
      )}
    </section>
  );
}
