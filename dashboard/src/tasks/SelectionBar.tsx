import { refusal, useMe } from '../api/me';
import { CopyButton } from '../components/Copy';
import { count } from '../format/number';

interface SelectionProps {
  readonly ids: readonly string[];
  readonly onClear: () => void;
  readonly onRevoke: () => void;
  readonly onRerun: () => void;
}

/** How many tasks are marked, and what can be done with them. */
export function SelectionBar({ ids, onClear, onRevoke, onRerun }: SelectionProps) {
  const me = useMe();
  if (ids.length === 0) return null;
  const control = refusal(me, 'control');
  const publish = refusal(me, 'publish');
  const tasks = count(ids.length, 'task');
  return (
    <div className="selection-bar">
      <b role="status">{tasks} selected</b>
      <CopyButton text={ids.join('\n')} label="Copy their ids" />
      <button
        type="button"
        className="button"
        disabled={control !== null}
        title={control ?? undefined}
        onClick={onRevoke}
      >
        Revoke {tasks} …
      </button>
      <button
        type="button"
        className="button"
        disabled={publish !== null}
        title={publish ?? undefined}
        onClick={onRerun}
      >
        Run {tasks} again …
      </button>
      <button type="button" className="button" onClick={onClear}>
        Clear the selection
      </button>
      {(control ?? publish) !== null && <span className="selection-why soft">{control ?? publish}</span>}
    </div>
  );
}
